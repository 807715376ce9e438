// SPDX-License-Identifier: GPL-3.0-or-later
// The account's workspaces as cards.
import { useEffect, useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import type { Workspace } from '../../protocol/messages';
import { useApplication, useChanges } from '../application';
import { Icon } from '../controls/icon';
import { MenuButton, type MenuEntry } from '../controls/menu';
import { Link, navigate } from '../router';
import { CreateDialog, DeleteDialog, RenameDialog } from './workspace_dialogs';
import { ago, TemplateMark } from './workspace_words';
import { TopBar } from './top_bar';

type Open = { kind: 'create' } | { kind: 'rename' | 'delete'; workspace: Workspace } | undefined;

export function Dashboard() {
  const { workspaces } = useApplication();
  useChanges(workspaces);
  const [open, set_open] = useState<Open>();
  const close = () => set_open(undefined);
  useEffect(() => {
    document.title = 'Workspaces · Berth';
    return workspaces.watch();
  }, [workspaces]);

  return (
    <div className="page">
      <TopBar />
      <main className="content">
        <div className="content-heading">
          <h1>Workspaces</h1>
          {workspaces.list.length > 0 && (
            <button type="button" className="button primary" onClick={() => set_open({ kind: 'create' })}>
              <Icon name="add" /> New workspace
            </button>
          )}
        </div>
        {workspaces.problem && workspaces.state === 'ready' && (
          <p className="form-problem" role="alert" style={{ marginBottom: 16 }}>
            {workspaces.problem}
          </p>
        )}
        <Cards on_open={set_open} />
      </main>
      {open?.kind === 'create' && <CreateDialog on_close={close} />}
      {open?.kind === 'rename' && <RenameDialog workspace={open.workspace} on_close={close} />}
      {open?.kind === 'delete' && <DeleteDialog workspace={open.workspace} on_close={close} />}
    </div>
  );
}

function Cards({ on_open }: { on_open: (open: Open) => void }) {
  const { workspaces } = useApplication();
  if (workspaces.state === 'failed') {
    return (
      <div className="empty-state card">
        <Icon name="warning" size={32} />
        <h2>Your workspaces can’t be shown</h2>
        <p>{workspaces.problem}</p>
        <button type="button" className="button" onClick={() => void workspaces.refresh()}>
          Try again
        </button>
      </div>
    );
  }
  if (workspaces.state === 'loading') {
    return (
      <div className="workspace-grid" aria-busy="true">
        <div className="skeleton" />
        <div className="skeleton" />
      </div>
    );
  }
  if (workspaces.list.length === 0) {
    return (
      <div className="empty-state card">
        <img src="/berth.svg" width={64} height={64} alt="" />
        <h2>Nothing moored here yet</h2>
        <p>A workspace is a Linux machine of your own with editor, terminals and previews. It starts in a moment.</p>
        <button type="button" className="button primary" onClick={() => on_open({ kind: 'create' })}>
          <Icon name="add" /> New workspace
        </button>
      </div>
    );
  }
  return (
    <ul className="workspace-grid">
      {workspaces.list.map((workspace) => (
        <li key={workspace.id}>
          <WorkspaceCard workspace={workspace} on_open={on_open} />
        </li>
      ))}
    </ul>
  );
}

function WorkspaceCard({ workspace, on_open }: { workspace: Workspace; on_open: (open: Open) => void }) {
  const { workspaces, notices } = useApplication();
  const template = workspaces.template(workspace.template_id);
  const { state } = workspace;
  const deleting = state === 'deleting';
  const can_start = state === 'stopped' || state === 'failed';
  const report = (error: unknown) => notices.problem(sentence_of(error));
  const download = () => {
    const link = document.createElement('a');
    link.href = workspaces.archive_address(workspace.id);
    link.download = '';
    link.click();
  };
  const menu = (): MenuEntry[] => [
    { kind: 'item', label: 'Open', icon: 'folder_open', run: () => navigate(`/w/${workspace.id}`) },
    { kind: 'item', label: 'Rename…', icon: 'pencil', run: () => on_open({ kind: 'rename', workspace }) },
    { kind: 'item', label: 'Download all', icon: 'download', run: download },
    { kind: 'separator' },
    { kind: 'item', label: 'Delete…', icon: 'trash', danger: true, run: () => on_open({ kind: 'delete', workspace }) },
  ];
  return (
    <article className="card workspace-card" aria-label={workspace.name}>
      <div className="head">
        <TemplateMark id={workspace.template_id} />
        <div className="names">
          <h2 title={workspace.name}>
            {deleting ? workspace.name : <Link href={`/w/${workspace.id}`}>{workspace.name}</Link>}
          </h2>
          <p className="muted">{template?.name ?? workspace.template_id}</p>
        </div>
        <span className={`pill ${state}`}>{state}</span>
      </div>
      {workspace.reason && <p className={`reason ${state}`}>{workspace.reason}</p>}
      <div className="foot">
        <span className="muted">Used {ago(workspace.last_used)}</span>
        <span className="spread" />
        {can_start && (
          <button
            type="button"
            className="button small"
            onClick={() => void workspaces.start(workspace.id).catch(report)}
          >
            <Icon name="play" size={12} /> Start
          </button>
        )}
        {state === 'running' && (
          <button
            type="button"
            className="button small"
            onClick={() => void workspaces.stop(workspace.id).catch(report)}
          >
            <Icon name="stop" size={12} /> Stop
          </button>
        )}
        {!deleting && (
          <MenuButton label={`More for ${workspace.name}`} entries={menu}>
            <Icon name="more" />
          </MenuButton>
        )}
      </div>
    </article>
  );
}
