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
import { rich } from '../controls/rich';
import { t } from '../../model/translation';

/** One sentence for the person about a restore that has ended. */
export function restore_words(what: string, problems: PathProblem[]): string {
  const [first] = problems;
  if (!first) return t`${what} was brought back. What was there before is a version of its own.`;
  const more = problems.length > 1 ? t` and ${problems.length - 1} more` : '';
  return t`${what} was brought back, but not ${first.path}${more}: ${first.reason}`;
}

/** `path` '' is everything. */
export function RestoreDialog({ version, path, on_close }: { version: Version; path: string; on_close: () => void }) {
  const { history } = useHistory();
  const { notices } = useApplication();
  const what = path ? base_name(path) : t('Everything');
  const send = async () => {
    const problems = await history.restore(version, path || undefined);
    notices.show(restore_words(what, problems), { kind: problems.length > 0 ? 'problem' : 'success' });
  };
  return (
    <FormDialog
      title={t`Bring ${path ? what : 'everything'} back?`}
      yes={t('Restore')}
      meanwhile={t('Restoring…')}
      sure
      send={send}
      on_close={on_close}
    >
      <p>
        {rich(
          '{0} becomes what it was at {1}. What is there now stays in the history; files that the version does not have go to the trash.',
          path ? what : t('The whole workspace'),
          time_of(version),
        )}
      </p>
    </FormDialog>
  );
}

export function NameDialog({ version, on_close }: { version: Version; on_close: () => void }) {
  const { history } = useHistory();
  const send = (fields: FormData) => history.rename(version, text_field(fields, 'name').trim());
  return (
    <FormDialog title={t('Name this version')} yes={t('Save')} send={send} on_close={on_close}>
      <p>{t('A version with a name is kept for ever. Without one it thins out with time.')}</p>
      <Field label={t('Name')} name="name" defaultValue={version.name} maxLength={80} autoComplete="off" />
    </FormDialog>
  );
}

export function ForkDialog({ version, on_close }: { version: Version; on_close: () => void }) {
  const { history, workspace } = useHistory();
  const { workspaces } = useApplication();
  const is_gone = useIsGone();
  const name_of_copy = t`${workspace?.name ?? t('Workspace')} copy`.slice(0, 80);
  const send = async (fields: FormData) => {
    const name = text_field(fields, 'name').trim() || name_of_copy;
    const made = await history.fork(version, name, workspace?.template_id ?? 'empty');
    if (is_gone()) return await workspaces.remove(made.id);
    navigate(`/w/${made.id}`);
  };
  return (
    <FormDialog
      title={t('New workspace from this version')}
      yes={t('Create and open')}
      meanwhile={t('Creating…')}
      send={send}
      on_close={on_close}
    >
      <Field label={t('Name')} name="name" defaultValue={name_of_copy} maxLength={80} autoComplete="off" />
    </FormDialog>
  );
}

export function KeepNowDialog({ on_close }: { on_close: () => void }) {
  const { history } = useHistory();
  const send = (fields: FormData) => history.keep_now(text_field(fields, 'name').trim());
  return (
    <FormDialog
      title={t('Keep what is there now')}
      yes={t('Keep')}
      meanwhile={t('Storing…')}
      send={send}
      on_close={on_close}
    >
      <Field
        label={t('Name')}
        name="name"
        maxLength={80}
        required
        placeholder={t('Before the rewrite')}
        autoComplete="off"
      />
    </FormDialog>
  );
}
