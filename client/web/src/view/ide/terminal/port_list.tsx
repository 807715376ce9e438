// SPDX-License-Identifier: GPL-3.0-or-later
// What the workspace's programs listen on, each a click away from its preview; and who else may look at it.
import { useEffect, useState } from 'react';
import { sentence_of } from '../../../connection/berth_error';
import { port_words, type Access } from '../../../model/port_access';
import { is_owner, may_start, owners_only } from '../../../model/roles';
import type { Port } from '../../../protocol/messages';
import { useApplication, useChanges } from '../../application';
import { CopyField } from '../../controls/copy_field';
import { Dialog } from '../../controls/dialog';
import { Problem, SelectField, text_field, useForm } from '../../controls/form';
import { Icon } from '../../controls/icon';
import { useRole, useSession } from '../ide_context';
import { message, t } from '../../../model/translation';
import { rich } from '../../controls/rich';

const accesses: Access[] = ['private', 'people', 'public'];
const not_for_viewers = message('Only people who may edit see this port. Its owner can show it to everyone here.');

export function PortList() {
  const { ports, port_access } = useSession();
  useChanges(ports);
  useChanges(port_access);
  const numbers = ports.all.map(({ port }) => port).join(' ');
  useEffect(() => void port_access.load(), [port_access, numbers]);
  const [linking, set_linking] = useState<number>();
  if (ports.all.length === 0) {
    return (
      <div className="empty-state grow">
        <Icon name="port" size={28} />
        <p>{t('No program listens on a port. Start a server and it shows up here within a second.')}</p>
      </div>
    );
  }
  return (
    <div className="port-list">
      {port_access.problem && (
        <p className="form-problem" role="alert">
          {rich('Who may see the ports is not known: {0}', port_access.problem)}{' '}
          <button type="button" className="link-button" onClick={() => void port_access.load()}>
            {t('Try again')}
          </button>
        </p>
      )}
      <table>
        <thead>
          <tr>
            <th>{t('Port')}</th>
            <th>{t('Program')}</th>
            <th className="wide-only">{t('Listens on')}</th>
            <th>{t('Who sees it')}</th>
            <th>
              <span className="visually-hidden">{t('Actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {ports.all.map((port) => (
            <PortRow key={port.port} port={port} on_link={() => set_linking(port.port)} />
          ))}
        </tbody>
      </table>
      {linking !== undefined && <PortLinkDialog port={linking} on_close={() => set_linking(undefined)} />}
    </div>
  );
}

function PortRow({ port: { port, process, address }, on_link }: { port: Port; on_link: () => void }) {
  const session = useSession();
  const { preview, port_access } = session;
  const role = useRole();
  const access = port_access.of(port);
  const refused = !may_start(role) && access === 'private' ? t(not_for_viewers) : undefined;
  return (
    <tr>
      <td className="number">{port}</td>
      <td>{process || <span className="muted">{t('unknown')}</span>}</td>
      <td className="muted wide-only">{address}</td>
      <td>
        <AccessChoice port={port} access={access} />
      </td>
      <td>
        <div className="row end">
          <button
            type="button"
            className="button small"
            disabled={refused !== undefined}
            title={refused}
            onClick={() => session.show_preview(port)}
          >
            <Icon name="preview" size={14} /> {t('Preview')}
          </button>
          {is_owner(role) && (
            <button
              type="button"
              className="icon-button"
              aria-label={t`Link to port ${port} for a while`}
              title={t('Link for a while…')}
              onClick={on_link}
            >
              <Icon name="share" size={14} />
            </button>
          )}
          <a
            className="icon-button"
            href={refused === undefined ? preview.outside_address(port, '/') : undefined}
            aria-disabled={refused !== undefined}
            target="_blank"
            rel="noopener noreferrer"
            aria-label={t`Open port ${port} in a new tab`}
            title={refused ?? t('Open in a new tab')}
          >
            <Icon name="external" size={14} />
          </a>
        </div>
      </td>
    </tr>
  );
}

function AccessChoice({ port, access }: { port: number; access: Access }) {
  const { port_access } = useSession();
  const { notices } = useApplication();
  const owns = is_owner(useRole());
  const [busy, set_busy] = useState(false);
  if (!port_access.known) return <span className="muted">…</span>;
  const choose = (wanted: Access) => {
    set_busy(true);
    port_access
      .set(port, wanted)
      .catch((error: unknown) => notices.problem(sentence_of(error)))
      .finally(() => set_busy(false));
  };
  return (
    <span className={`port-access ${access}`}>
      {access === 'public' && <Icon name="globe" size={13} />}
      <select
        className="input"
        aria-label={t`Who sees port ${port}`}
        title={owns ? t(port_words[access].about) : `${t(port_words[access].about)}. ${t(owners_only)}`}
        value={access}
        disabled={!owns || busy}
        onChange={(event) => choose(event.target.value as Access)}
      >
        {accesses.map((one) => (
          <option key={one} value={one} title={t(port_words[one].about)}>
            {t(port_words[one].name)}
          </option>
        ))}
      </select>
    </span>
  );
}

const lives = [
  { value: '1', label: message('an hour') },
  { value: '8', label: message('8 hours') },
  { value: '24', label: message('24 hours') },
];

function PortLinkDialog({ port, on_close }: { port: number; on_close: () => void }) {
  const { port_access } = useSession();
  const [url, set_url] = useState('');
  const { busy, problem, on_submit } = useForm(async (fields) => {
    set_url(await port_access.make_link(port, Number(text_field(fields, 'hours'))));
  });
  return (
    <Dialog title={t`Link to port ${port}`} on_close={on_close}>
      <form className="form" onSubmit={on_submit}>
        <p>{t('Shows what this port serves to anybody who has the link, without an account. It ends by itself.')}</p>
        <Problem text={problem} />
        {url ? (
          <CopyField label={t('Link')} text={url} chosen />
        ) : (
          <SelectField
            label={t('It works for')}
            name="hours"
            options={lives.map(({ value, label }) => ({ value, label: t(label) }))}
            defaultValue="1"
          />
        )}
        <div className="row end">
          <button type="button" className="button plain" onClick={on_close}>
            {url ? t('Done') : t('Cancel')}
          </button>
          {!url && (
            <button className="button primary" disabled={busy}>
              {t('Make the link')}
            </button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
