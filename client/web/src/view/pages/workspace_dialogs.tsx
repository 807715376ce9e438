// SPDX-License-Identifier: GPL-3.0-or-later
// Rename, delete, leave.
import { useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import type { Workspaces } from '../../model/workspaces';
import type { Workspace } from '../../protocol/messages';
import { useApplication } from '../application';
import { Field, text_field } from '../controls/form';
import { FormDialog } from '../controls/form_dialog';
import { rich } from '../controls/rich';
import { t } from '../../model/translation';

interface Props {
  workspace: Workspace;
  /** The list that it stands in. */
  workspaces: Workspaces;
  on_close: () => void;
}

export function RenameDialog({ workspace, workspaces, on_close }: Props) {
  const send = (fields: FormData) => workspaces.rename(workspace.id, text_field(fields, 'name').trim());
  return (
    <FormDialog title={t('Rename workspace')} yes={t('Rename')} send={send} on_close={on_close}>
      <Field label={t('Name')} name="name" defaultValue={workspace.name} maxLength={80} required autoComplete="off" />
    </FormDialog>
  );
}

/** Deleting can't be undone, so it asks for the name: a slip of the hand is not enough. */
export function DeleteDialog({ workspace, workspaces, on_close }: Props) {
  const { notices } = useApplication();
  const [typed, set_typed] = useState('');
  const same = typed.trim() === workspace.name.trim();
  const send = () => {
    if (!same) return Promise.resolve('stay' as const);
    workspaces.remove(workspace.id).then(
      () => notices.show(t`“${workspace.name}” was deleted.`),
      (error: unknown) => notices.problem(sentence_of(error)),
    );
    return Promise.resolve(); // it goes on without the dialog
  };
  return (
    <FormDialog
      title={t`Delete “${workspace.name}”?`}
      yes={t('Delete for good')}
      look="danger"
      ready={same}
      send={send}
      on_close={on_close}
    >
      <p>{t('Its files, terminals and installed packages are deleted for good. This can’t be undone.')}</p>
      {workspace.team_template && (
        <p>{t('It is a template of its team: nobody can make workspaces from it any more.')}</p>
      )}
      <Field
        label={t('Type its name to confirm')}
        value={typed}
        onChange={(event) => set_typed(event.target.value)}
        placeholder={workspace.name}
        autoComplete="off"
      />
    </FormDialog>
  );
}

/** Somebody else's workspace: its owner can share it again. */
export function LeaveDialog({ workspace, workspaces, on_close }: Props) {
  const { account, notices } = useApplication();
  const send = async () => {
    await workspaces.leave(workspace.id, account.account?.id ?? '');
    notices.show(t`You have left “${workspace.name}”.`);
  };
  return (
    <FormDialog title={t`Leave “${workspace.name}”?`} yes={t('Leave')} look="danger" send={send} on_close={on_close}>
      <p>
        {rich(
          'It goes from your list, and its open windows close. {0} can share it with you again.',
          workspace.owner.name,
        )}
      </p>
    </FormDialog>
  );
}
