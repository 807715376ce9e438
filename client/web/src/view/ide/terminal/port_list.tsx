// SPDX-License-Identifier: GPL-3.0-or-later
// What the workspace's programs listen on, each a click away from its preview.
import { useChanges } from '../../application';
import { Icon } from '../../controls/icon';
import { useSession } from '../ide_context';

export function PortList() {
  const session = useSession();
  const { ports, preview } = session;
  useChanges(ports);
  if (ports.all.length === 0) {
    return (
      <div className="empty-state grow">
        <Icon name="port" size={28} />
        <p>No program listens on a port. Start a server and it shows up here within a second.</p>
      </div>
    );
  }
  return (
    <div className="port-list">
      <table>
        <thead>
          <tr>
            <th>Port</th>
            <th>Program</th>
            <th>Listens on</th>
            <th>
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {ports.all.map(({ port, process, address }) => (
            <tr key={port}>
              <td className="number">{port}</td>
              <td>{process || <span className="muted">unknown</span>}</td>
              <td className="muted">{address}</td>
              <td>
                <div className="row end">
                  <button type="button" className="button small" onClick={() => session.show_preview(port)}>
                    <Icon name="preview" size={14} /> Preview
                  </button>
                  <a
                    className="icon-button"
                    href={preview.outside_address(port, '/')}
                    target="_blank"
                    rel="noopener noreferrer"
                    aria-label={`Open port ${port} in a new tab`}
                    title="Open in a new tab"
                  >
                    <Icon name="external" size={14} />
                  </a>
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
