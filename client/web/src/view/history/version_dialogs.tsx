// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked before something is done with a version: bring it back, name it, make a workspace of it, keep what is now.
import { base_name } from '../../model/paths';
import type { PathProblem, Version } from '../../protocol/messages';
import { useApplication } from '../application';
import { Field, text_field, useIsGone } from '../controls/form';
import { FormDialog } from '../controls/form_dialog';
import { navigate } from '../router';
import { useHistory } from './history_context';
import { time_of } from './timeline';

/** One sentence for the person about a restore that has ended. */
export function restore_words(what: string, problems: PathProblem[]): string {
  const [first] = problems;
  if (!first) return `${what} was brought back. What was there before is a version of its own.`;
  const more = problems.length > 1 ? ` and ${problems.length - 1} more` : '';
  return `${what} was brought back, but not ${first.path}${more}: ${first.reason}`;
}

/** `path` '' is everything. */
export function RestoreDialog({ version, path, on_close }: { version: Version; path: string; on_close: () => void }) {
  const { history } = useHistory();
  const { notices } = useApplication();
  const what = path ? base_name(path) : 'Everything';
  const send = async () => {
    const problems = await history.restore(version, path || undefined);
    notices.show(restore_words(what, problems), { kind: problems.length > 0 ? 'problem' : 'success' });
  };
  return (
    <FormDialog
      title={`Bring ${path ? what : 'everything'} back?`}
      yes="Restore"
      meanwhile="Restoring…"
      sure
      send={send}
      on_close={on_close}
    >
      <p>
        {path ? what : 'The whole workspace'} becomes what it was at {time_of(version)}. What is there now stays in the
        history; files that the version does not have go to the trash.
      </p>
    </FormDialog>
  );
}

export function NameDialog({ version, on_close }: { version: Version; on_close: () => void }) {
  const { history } = useHistory();
  const send = (fields: FormData) => history.rename(version, text_field(fields, 'name').trim());
  return (
    <FormDialog title="Name this version" yes="Save" send={send} on_close={on_close}>
      <p>A version with a name is kept for ever. Without one it thins out with time.</p>
      <Field label="Name" name="name" defaultValue={version.name} maxLength={80} autoComplete="off" />
    </FormDialog>
  );
}

export function ForkDialog({ version, on_close }: { version: Version; on_close: () => void }) {
  const { history, workspace } = useHistory();
  const { workspaces } = useApplication();
  const is_gone = useIsGone();
  const name_of_copy = `${workspace?.name ?? 'Workspace'} copy`.slice(0, 80);
  const send = async (fields: FormData) => {
    const name = text_field(fields, 'name').trim() || name_of_copy;
    const made = await history.fork(version, name, workspace?.template_id ?? 'empty');
    if (is_gone()) return await workspaces.remove(made.id);
    navigate(`/w/${made.id}`);
  };
  return (
    <FormDialog
      title="New workspace from this version"
      yes="Create and open"
      meanwhile="Creating…"
      send={send}
      on_close={on_close}
    >
      <Field label="Name" name="name" defaultValue={name_of_copy} maxLength={80} autoComplete="off" />
    </FormDialog>
  );
}

export function KeepNowDialog({ on_close }: { on_close: () => void }) {
  const { history } = useHistory();
  const send = (fields: FormData) => history.keep_now(text_field(fields, 'name').trim());
  return (
    <FormDialog title="Keep what is there now" yes="Keep" meanwhile="Storing…" send={send} on_close={on_close}>
      <Field label="Name" name="name" maxLength={80} required placeholder="Before the rewrite" autoComplete="off" />
    </FormDialog>
  );
}
