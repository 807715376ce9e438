// SPDX-License-Identifier: GPL-3.0-or-later
// One workspace: its session's life, what stands in for the IDE while it can't be shown, and the keys of the whole page.
import { lazy, Suspense, useEffect, useState } from 'react';
import '../../styles/bars.css';
import '../../styles/overlays.css';
import '../../styles/panes.css';
import '../../styles/ide.css';
import '../../styles/workbench.css';
import { base_name } from '../../model/paths';
import { looks_only } from '../../model/roles';
import { WorkspaceSession } from '../../model/workspace_session';
import { useApplication, useChanges } from '../application';
import { HistoryContext } from '../history/history_context';
import { LoadingPage, MessagePage } from '../pages/plain_pages';
import { navigate } from '../router';
import { IdeBar } from './ide_bar';
import { SessionContext, useMayChange, useSession } from './ide_context';
import { IdeLayout } from './ide_layout';
import { ConnectionBars } from './connection_bars';
import { FollowBar, FollowFrame } from './presence/people';
import { QuickOpen } from './quick_open';
import { StatusBar } from './status_bar';
import { StoppedCover } from './stopped_cover';
import { UploadProgress } from './upload_progress';
import { useIdeKeys } from './ide_keys';
import { useWorkbenchCommands } from './workbench_commands';
import { t } from '../../model/translation';

const SettingsView = lazy(() => import('./settings/settings_view'));
const HistoryView = lazy(() => import('../history/history_view'));

/** Brought in when it is first wanted: it needs the editor's code. */
function HistoryPlace() {
  const session = useSession();
  const { history, workspace } = session;
  const refused = useMayChange() ? undefined : t(looks_only);
  useChanges(history);
  return history.shown ? (
    <Suspense fallback={null}>
      <HistoryContext value={{ history, workspace, on_close: () => history.hide(), refused }}>
        <HistoryView />
      </HistoryContext>
    </Suspense>
  ) : null;
}

function SettingsPlace() {
  const { layout } = useSession();
  useChanges(layout);
  return layout.settings === undefined ? null : (
    <Suspense fallback={null}>
      <SettingsView part={layout.settings} />
    </Suspense>
  );
}

/** The browser tab's title: the file that shows, marked while its text is in this page alone. */
function PageTitle() {
  const { tabs, connection, workspace } = useSession();
  useChanges(tabs);
  useChanges(connection);
  const { active } = tabs;
  const name = workspace?.name ?? '';
  const unsafe = tabs.tabs.some(({ document: text }) => {
    const state = text?.save_state();
    return state === 'conflict' || state === 'unsaved' || (state === 'typing' && connection.phase !== 'connected');
  });
  const title = `${unsafe ? '● ' : ''}${active ? `${base_name(active.path)} · ` : ''}${name} · Berth`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return null;
}

export default function WorkspacePage({ id }: { id: string }) {
  const { rest, notices, account, preferences } = useApplication();
  const [session] = useState(() => {
    const made: WorkspaceSession = new WorkspaceSession(
      id,
      rest,
      notices,
      () => made.layout.show('preview', true),
      { account: account.account?.id ?? '' },
      () => preferences.settings['preview.new_ports'],
    );
    return made;
  });

  useEffect(() => {
    void session.open();
    const warn = (event: BeforeUnloadEvent) => {
      session.documents.keep_unsent();
      if (session.documents.any_at_risk()) event.preventDefault();
    };
    // A file dropped beside the tree must not replace the page.
    const keep_page = (event: DragEvent) => event.preventDefault();
    const keep = () => session.documents.keep_unsent();
    const on_visibility = () => {
      if (document.visibilityState === 'hidden') keep();
      else session.documents.look_again();
    };
    addEventListener('beforeunload', warn);
    addEventListener('pagehide', keep);
    document.addEventListener('visibilitychange', on_visibility);
    addEventListener('dragover', keep_page);
    addEventListener('drop', keep_page);
    return () => {
      removeEventListener('beforeunload', warn);
      removeEventListener('pagehide', keep);
      document.removeEventListener('visibilitychange', on_visibility);
      removeEventListener('dragover', keep_page);
      removeEventListener('drop', keep_page);
      session.close();
    };
  }, [session]);

  return (
    <SessionContext value={session}>
      <WorkspaceView session={session} />
    </SessionContext>
  );
}

function WorkspaceView({ session }: { session: WorkspaceSession }) {
  useChanges(session);
  const { connection, workspace } = session;
  useChanges(connection);
  useIdeKeys(session);
  useWorkbenchCommands(session);
  if (session.problem) {
    return (
      <MessagePage title={t('This workspace can’t be opened')} text={session.problem}>
        <div className="row">
          <button type="button" className="button primary" onClick={() => void session.open()}>
            {t('Try again')}
          </button>
          <button type="button" className="button" onClick={() => navigate('/')}>
            {t('To your workspaces')}
          </button>
        </div>
      </MessagePage>
    );
  }
  if (!workspace) return <LoadingPage />;
  if (connection.phase === 'ended' && connection.reason) {
    return (
      <MessagePage title={workspace.name} text={connection.reason}>
        <button type="button" className="button primary" onClick={() => navigate('/')}>
          {t('To your workspaces')}
        </button>
      </MessagePage>
    );
  }
  return (
    <div className="ide">
      <IdeBar />
      <ConnectionBars />
      <FollowBar />
      <div className="ide-body">
        <FollowFrame />
        {connection.was_connected && <IdeLayout />}
        <StoppedCover />
        <HistoryPlace />
        <SettingsPlace />
      </div>
      <StatusBar />
      <UploadProgress />
      <QuickOpen />
      <PageTitle />
    </div>
  );
}
