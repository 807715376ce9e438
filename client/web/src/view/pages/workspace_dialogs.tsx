// SPDX-License-Identifier: GPL-3.0-or-later
// Rename, delete, leave.
import { useState } from 'react';
import type { Workspace } from '../../protocol/messages';
import { sentence_of } from '../../connection/berth_error';
import { useApplication } from '../application';
import { Dialog } from '../controls/dialog';
import { Field, Problem, text_field, useForm } from '../controls/form';

export function RenameDialog({ workspace, on_close }: { workspace: Workspace; on_close: () => void }) {
  const { workspaces } = useApplication();
  const { busy, problem, on_submit } = useForm(async (fields) => {
    await workspaces.rename(workspace.id, text_field(fields, 'name').trim());
    on_close();
  });
  return (
    <Dialog title="Rename workspace" on_close={on_close}>
      <form className="form" onSubmit={on_submit}>
        <Problem text={problem} />
        <Field label="Name" name="name" defaultValue={workspace.name} maxLength={80} required autoComplete="off" />
        <div className="row end">
          <button type="button" className="button plain" onClick={on_close}>
            Cancel
          </button>
          <button className="button primary" disabled={busy}>
            Rename
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Deleting can't be undone, so it asks for the name: a slip of the hand is not enough. */
export function DeleteDialog({ workspace, on_close }: { workspace: Workspace; on_close: () => void }) {
  const { workspaces, notices } = useApplication();
  const [typed, set_typed] = useState('');
  const remove = () => {
    on_close();
    workspaces.remove(workspace.id).then(
      () => notices.show(`“${workspace.name}” was deleted.`),
      (error: unknown) => notices.problem(sentence_of(error)),
    );
  };
  return (
    <Dialog title={`Delete “${workspace.name}”?`} on_close={on_close}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() === workspace.name.trim()) remove();
        }}
      >
        <p>Its files, terminals and installed packages are deleted for good. This can’t be undone.</p>
        <Field
          label="Type its name to confirm"
          value={typed}
          onChange={(event) => set_typed(event.target.value)}
          placeholder={workspace.name}
          autoComplete="off"
        />
        <div className="row end">
          <button type="button" className="button plain" onClick={on_close}>
            Cancel
          </button>
          <button className="button danger" disabled={typed.trim() !== workspace.name.trim()}>
            Delete for good
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Somebody else's workspace: its owner can share it again. */
export function LeaveDialog({ workspace, on_close }: { workspace: Workspace; on_close: () => void }) {
  const { workspaces, account, notices } = useApplication();
  const { busy, problem, on_submit } = useForm(async () => {
    await workspaces.leave(workspace.id, account.account?.id ?? '');
    notices.show(`You have left “${workspace.name}”.`);
    on_close();
  });
  return (
    <Dialog title={`Leave “${workspace.name}”?`} on_close={on_close}>
      <form className="form" onSubmit={on_submit}>
        <Problem text={problem} />
        <p>It goes from your list, and its open windows close. {workspace.owner.name} can share it with you again.</p>
        <div className="row end">
          <button type="button" className="button plain" onClick={on_close}>
            Cancel
          </button>
          <button className="button danger" disabled={busy}>
            Leave
          </button>
        </div>
      </form>
    </Dialog>
  );
}
