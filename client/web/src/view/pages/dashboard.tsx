// SPDX-License-Identifier: GPL-3.0-or-later
// The account's workspaces as cards, and how much of its storage they take.
import { useEffect, useState } from 'react';
import type { Workspace } from '../../protocol/messages';
import type { UploadItem } from '../../model/uploads';
import { useApplication, useChanges } from '../application';
import { Icon } from '../controls/icon';
import { ShareDialog } from '../sharing/share_dialog_chunk';
import { CreateDialog } from './create_dialog';
import { StorageLine } from './storage_meter';
import { TopBar } from './top_bar';
import { UploadCard } from './upload_card';
import { useDrop } from './upload_choice';
import { WorkspaceCard } from './workspace_card';
import { DeleteDialog, LeaveDialog, RenameDialog } from './workspace_dialogs';

export type OpenDialog =
  { kind: 'create'; dropped?: UploadItem[] } | { kind: 'rename' | 'delete' | 'share' | 'leave'; workspace: Workspace };

export function Dashboard() {
  const { workspaces, uploads, storage } = useApplication();
  useChanges(workspaces);
  useChanges(uploads);
  const [open, set_open] = useState<OpenDialog>();
  const close = () => set_open(undefined);
  const drop = useDrop((dropped) =>
    set_open((now) => (now === undefined || now.kind === 'create' ? { kind: 'create', dropped } : now)),
  );
  useEffect(() => {
    document.title = 'Workspaces · Berth';
    return workspaces.watch();
  }, [workspaces]);
  useEffect(() => storage.watch(), [storage]);

  return (
    <div className="page" {...drop.handlers}>
      <TopBar />
      <main className="content">
        {drop.over && !open && (
          <div className="drop-hint" role="status">
            <Icon name="upload" size={28} />
            <p>Drop it to make a workspace of it</p>
          </div>
        )}
        <div className="content-heading">
          <h1>Workspaces</h1>
          {workspaces.list.length + uploads.list.length > 0 && (
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
        <StorageLine />
        <Cards on_open={set_open} />
      </main>
      {open?.kind === 'create' && (
        <CreateDialog key={dropped_name(open.dropped)} dropped={open.dropped} on_close={close} />
      )}
      {open?.kind === 'rename' && <RenameDialog workspace={open.workspace} on_close={close} />}
      {open?.kind === 'delete' && <DeleteDialog workspace={open.workspace} on_close={close} />}
      {open?.kind === 'leave' && <LeaveDialog workspace={open.workspace} on_close={close} />}
      {open?.kind === 'share' && <ShareDialog workspace={open.workspace} on_close={close} on_left={close} />}
    </div>
  );
}

/** Tells one dropped thing from the next. */
function dropped_name(dropped: UploadItem[] | undefined): string {
  return dropped?.map(({ name }) => name).join('/') ?? '';
}

function Cards({ on_open }: { on_open: (open: OpenDialog) => void }) {
  const { workspaces, uploads } = useApplication();
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
  const shown = workspaces.list.filter((workspace) => !uploads.is_making(workspace));
  if (shown.length + uploads.list.length === 0) {
    return (
      <div className="empty-state card">
        <img src="/berth.svg" width={64} height={64} alt="" />
        <h2>Nothing moored here yet</h2>
        <p>A workspace is a Linux machine of your own with editor, terminals and previews. It starts in a moment.</p>
        <p>You can also drop a folder or an archive here.</p>
        <button type="button" className="button primary" onClick={() => on_open({ kind: 'create' })}>
          <Icon name="add" /> New workspace
        </button>
      </div>
    );
  }
  return (
    <ul className="workspace-grid">
      {uploads.list.map((upload) => (
        <li key={`upload ${upload.id}`}>
          <UploadCard upload={upload} />
        </li>
      ))}
      {shown.map((workspace) => (
        <li key={workspace.id}>
          <WorkspaceCard workspace={workspace} on_open={on_open} />
        </li>
      ))}
    </ul>
  );
}
