// SPDX-License-Identifier: GPL-3.0-or-later
// What covers the IDE while the workspace is not running: why, and how it starts again.
import { editors_start, may_start } from '../../model/roles';
import { useChanges } from '../application';
import { Icon } from '../controls/icon';
import { navigate } from '../router';
import { useSession } from './ide_context';

export function StoppedCover() {
  const session = useSession();
  const { connection } = session;
  useChanges(session);
  useChanges(connection);
  const workspace = connection.phase === 'stopped' ? (connection.workspace ?? session.workspace) : session.workspace;
  const first = !connection.was_connected;
  const state = workspace?.state ?? 'starting';
  // Idle and not starting: it failed, or starting it was refused (a quota, say).
  const stands_still = connection.phase === 'stopped' || (connection.phase === 'idle' && !session.starting);
  if (!first && !stands_still) return null;

  if (session.starting || !stands_still || state === 'starting') {
    return (
      <div className="cover" aria-busy="true">
        <span className="spinner large" />
        <p role="status">
          {session.starting || state === 'starting'
            ? 'Starting the workspace…'
            : first && connection.phase === 'waiting'
              ? 'The workspace does not answer yet. Trying again…'
              : 'Connecting…'}
        </p>
      </div>
    );
  }
  const startable = may_start(workspace?.role ?? 'viewer');
  const busy = state === 'stopping' || state === 'deleting';
  return (
    <div className="cover">
      <span className={`pill ${state}`}>{state}</span>
      <h2>
        {state === 'failed'
          ? 'The workspace could not be started'
          : busy
            ? 'The workspace is stopping'
            : 'The workspace is stopped'}
      </h2>
      {workspace?.reason && <p className="muted">{workspace.reason}</p>}
      {session.documents.unsent_places() > 0 && (
        <p>
          What you typed last is kept in this {session.documents.keeps_nothing() ? 'page' : 'browser'} and saved when
          the workspace runs again.
        </p>
      )}
      {!busy && !startable && <p className="muted">{editors_start} It opens here once somebody has.</p>}
      {!busy && (
        <div className="row">
          {startable && (
            <button type="button" className="button primary" onClick={() => void session.start()}>
              <Icon name="play" size={12} /> {state === 'failed' ? 'Try again' : 'Start'}
            </button>
          )}
          <button type="button" className="button" onClick={() => navigate(`/w/${session.id}/history`)}>
            <Icon name="history" size={14} /> History
          </button>
        </div>
      )}
    </div>
  );
}
