// SPDX-License-Identifier: GPL-3.0-or-later
// What covers the IDE while the workspace is not running: why, and how it starts again.
import { editors_start, may_start } from '../../model/roles';
import { useEffect, useState } from 'react';
import { state_word } from '../../model/state_words';
import { LookedAtWorkspace } from '../../model/workspaces';
import { useApplication, useChanges } from '../application';
import { StartProgress } from '../controls/start_progress';
import { Icon } from '../controls/icon';
import { navigate } from '../router';
import { useSession } from './ide_context';
import { rich } from '../controls/rich';
import { t } from '../../model/translation';

/** What the start does meanwhile; nothing where its server can't tell. */
function Starting({ id }: { id: string }) {
  const { rest } = useApplication();
  const [looked_at] = useState(() => new LookedAtWorkspace(id, rest));
  useChanges(looked_at);
  useEffect(() => looked_at.watch(), [looked_at]);
  const { workspace } = looked_at;
  if (workspace?.state !== 'starting') return null;
  return (
    <>
      {workspace.start_steps && <StartProgress steps={workspace.start_steps} label={t('What the start does')} />}
      {workspace.reason && <p className="muted">{workspace.reason}</p>}
    </>
  );
}

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
  if (!first && !stands_still && !session.starting) return null;

  if (session.starting || !stands_still || state === 'starting') {
    return (
      <div className="cover" aria-busy="true">
        <span className="spinner large" />
        <p role="status">
          {session.starting || state === 'starting'
            ? t('Starting the workspace…')
            : first && connection.phase === 'waiting'
              ? t('The workspace does not answer yet. Trying again…')
              : t('Connecting…')}
        </p>
        {(session.starting || state === 'starting') && <Starting id={session.id} />}
      </div>
    );
  }
  const startable = may_start(workspace?.role ?? 'viewer');
  const busy = state === 'stopping' || state === 'deleting';
  return (
    <div className="cover">
      <span className={`pill ${state}`}>{state_word(state)}</span>
      <h2>
        {state === 'failed'
          ? t('The workspace could not be started')
          : busy
            ? t('The workspace is stopping')
            : t('The workspace is stopped')}
      </h2>
      {workspace?.reason && <p className="muted">{workspace.reason}</p>}
      {session.documents.unsent_places() > 0 && (
        <p>
          {rich(
            'What you typed last is kept in this {0} and saved when the workspace runs again.',
            session.documents.keeps_nothing() ? t('page') : t('browser'),
          )}
        </p>
      )}
      {!busy && !startable && <p className="muted">{rich('{0} It opens here once somebody has.', t(editors_start))}</p>}
      {!busy && (
        <div className="row">
          {startable && (
            <button type="button" className="button primary" onClick={() => void session.start()}>
              <Icon name="play" size={12} /> {state === 'failed' ? t('Try again') : t('Start')}
            </button>
          )}
          <button type="button" className="button" onClick={() => navigate(`/w/${session.id}/history`)}>
            <Icon name="history" size={14} /> {t('History')}
          </button>
        </div>
      )}
    </div>
  );
}
