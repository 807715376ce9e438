// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace's history without opening it: also of one that is stopped, which stays stopped.
import { useEffect, useState } from 'react';
import { History } from '../../model/history';
import { project_path } from '../../model/paths';
import { looks_only, may_start } from '../../model/roles';
import { state_word } from '../../model/state_words';
import { LookedAtWorkspace } from '../../model/workspaces';
import type { Workspace } from '../../protocol/messages';
import { useApplication, useChanges } from '../application';
import { LoadingPage, MessagePage } from '../pages/plain_pages';
import { TopBar } from '../pages/top_bar';
import { Link, navigate } from '../router';
import { HistoryContext } from './history_context';
import HistoryView from './history_view';
import { t } from '../../model/translation';

export default function HistoryPage({ id, path }: { id: string; path: string }) {
  const { rest } = useApplication();
  const [history] = useState(() => new History(id, rest, project_path));
  const [looked_at] = useState(() => new LookedAtWorkspace(id, rest));
  useChanges(looked_at);
  useEffect(() => looked_at.watch(), [looked_at]);
  const { workspace, problem } = looked_at;
  const there = workspace !== undefined;
  useEffect(() => {
    if (!there) return;
    history.show(path);
    return () => history.hide();
  }, [history, there, path]);
  const name = workspace?.name ?? '';
  useEffect(() => {
    document.title = t`History of ${name} · Berth`;
  }, [name]);

  if (problem) {
    return (
      <MessagePage title={t('This history can’t be shown')} text={problem}>
        <button type="button" className="button primary" onClick={() => navigate('/')}>
          {t('To your workspaces')}
        </button>
      </MessagePage>
    );
  }
  if (!workspace) return <LoadingPage />;
  const shown = {
    history,
    workspace,
    on_close: () => navigate('/'),
    refused: may_start(workspace.role) ? undefined : t(looks_only),
    lead: <WorkspaceLead workspace={workspace} />,
    actions: <OpenLink workspace={workspace} />,
  };
  return (
    <HistoryContext value={shown}>
      <div className="history-page">
        <TopBar />
        <main className="history-place">
          <HistoryView />
        </main>
      </div>
    </HistoryContext>
  );
}

function WorkspaceLead({ workspace: { name, state, reason } }: { workspace: Workspace }) {
  return (
    <div className="history-workspace">
      <h1 title={name}>{name}</h1>
      <span className={`pill ${state}`} title={reason}>
        {state_word(state)}
      </span>
    </div>
  );
}

function OpenLink({ workspace: { id, state, role } }: { workspace: Workspace }) {
  return (
    <Link href={`/w/${id}`} className="button small">
      {state === 'stopped' && may_start(role) ? t('Start and open') : t('Open')}
    </Link>
  );
}
