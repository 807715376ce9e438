// SPDX-License-Identifier: GPL-3.0-or-later
// One workspace: its session's life, what stands in for the IDE while it can't be shown, and the keys of the whole page.
import { useEffect, useState } from 'react';
import '../../styles/ide.css';
import { WorkspaceSession } from '../../model/workspace_session';
import { useApplication, useChanges } from '../application';
import { LoadingPage, MessagePage } from '../pages/plain_pages';
import { navigate } from '../router';
import { IdeBar } from './ide_bar';
import { SessionContext } from './ide_context';
import { IdeLayout } from './ide_layout';
import { ConnectionBars } from './connection_bars';
import { StatusBar } from './status_bar';
import { StoppedCover } from './stopped_cover';
import { UploadProgress } from './upload_progress';
import { useIdeKeys } from './ide_keys';

export default function WorkspacePage({ id }: { id: string }) {
  const { rest, notices, preferences } = useApplication();
  const [session] = useState(
    () => new WorkspaceSession(id, rest, notices, () => preferences.set_panel('preview', true)),
  );

  useEffect(() => {
    void session.open();
    const warn = (event: BeforeUnloadEvent) => {
      if (session.documents.any_at_risk()) event.preventDefault();
    };
    // A file dropped beside the tree must not replace the page.
    const keep_page = (event: DragEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    addEventListener('dragover', keep_page);
    addEventListener('drop', keep_page);
    return () => {
      removeEventListener('beforeunload', warn);
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
  useEffect(() => {
    document.title = workspace ? `${workspace.name} · Berth` : 'Berth';
  }, [workspace]);

  if (session.problem) {
    return (
      <MessagePage title="This workspace can’t be opened" text={session.problem}>
        <div className="row">
          <button type="button" className="button primary" onClick={() => void session.open()}>
            Try again
          </button>
          <button type="button" className="button" onClick={() => navigate('/')}>
            To your workspaces
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
          To your workspaces
        </button>
      </MessagePage>
    );
  }
  return (
    <div className="ide">
      <IdeBar />
      <ConnectionBars />
      <div className="ide-body">
        {connection.was_connected && <IdeLayout />}
        <StoppedCover />
      </div>
      <StatusBar />
      <UploadProgress />
    </div>
  );
}
