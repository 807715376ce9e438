// SPDX-License-Identifier: GPL-3.0-or-later
// A team itself: renamed, left, ended.
import { useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import type { TeamDetails } from '../../model/team_details';
import { useApplication } from '../application';
import { AskTwice } from '../controls/ask_twice';
import { Field, Problem, text_field, useForm } from '../controls/form';
import { FormDialog } from '../controls/form_dialog';
import { navigate } from '../router';
import { t } from '../../model/translation';

/** The person goes out of the team, and to the others. */
export function useLeave(details: TeamDetails): () => Promise<void> {
  const { account, teams, notices } = useApplication();
  return async () => {
    await details.remove(account.account?.id ?? '');
    teams.drop(details.id);
    notices.show(t`You have left “${details.team?.name ?? ''}”.`);
    navigate('/teams');
  };
}

export function TeamSettings({ details }: { details: TeamDetails }) {
  const { account, notices } = useApplication();
  const [ending, set_ending] = useState(false);
  const leave = useLeave(details);
  const { team } = details;
  if (!team) return null;
  const last = details.is_last_owner(account.account?.id ?? '');
  return (
    <>
      {details.owns() && <NameCard key={team.name} details={details} />}
      <section className="card panel-card" aria-label={t('Leaving')}>
        <h2>{t('Leave the team')}</h2>
        <p>
          {last
            ? t('You are its only owner: make somebody else an owner first, or end the team.')
            : t('Its workspaces go from your list, and their open windows close. An owner can invite you again.')}
        </p>
        <AskTwice
          label={t('Leave')}
          about={team.name}
          question={t('Leave it?')}
          yes={t('Leave the team')}
          disabled={last}
          run={() => void leave().catch((error: unknown) => notices.problem(sentence_of(error)))}
        />
      </section>
      {details.owns() && (
        <section className="card panel-card" aria-label={t('Ending')}>
          <h2>{t('End the team')}</h2>
          <p>
            {t(
              'Possible once it has no workspaces: delete them, or hand each over to somebody where you share it. Its members keep what is their own.',
            )}
          </p>
          <button type="button" className="button danger" onClick={() => set_ending(true)}>
            {t('End the team…')}
          </button>
        </section>
      )}
      {ending && <EndDialog details={details} on_close={() => set_ending(false)} />}
    </>
  );
}

function NameCard({ details }: { details: TeamDetails }) {
  const { teams, notices } = useApplication();
  const { busy, problem, on_submit } = useForm(async (fields) => {
    const team = await details.rename(text_field(fields, 'name').trim());
    teams.put(team);
    notices.show(t`The team is called “${team.name}” now.`, { kind: 'success' });
  });
  return (
    <section className="card panel-card" aria-label={t('Name')}>
      <h2>{t('Name')}</h2>
      <form className="form" onSubmit={on_submit}>
        <Problem text={problem} />
        <Field
          label={t('Name of the team')}
          name="name"
          defaultValue={details.team?.name}
          maxLength={80}
          required
          autoComplete="off"
        />
        <div className="row">
          <button className="button primary" disabled={busy}>
            {t('Rename')}
          </button>
        </div>
      </form>
    </section>
  );
}

function EndDialog({ details, on_close }: { details: TeamDetails; on_close: () => void }) {
  const { teams, notices } = useApplication();
  const name = details.team?.name ?? '';
  const [typed, set_typed] = useState('');
  const send = async () => {
    await details.end();
    teams.drop(details.id);
    notices.show(t`“${name}” has ended.`);
    navigate('/teams');
  };
  return (
    <FormDialog
      title={t`End “${name}”?`}
      yes={t('End the team')}
      look="danger"
      ready={typed.trim() === name.trim()}
      send={send}
      on_close={on_close}
    >
      <p>{t('Its members, invitations and templates are gone for good. This can’t be undone.')}</p>
      <Field
        label={t('Type its name to confirm')}
        value={typed}
        onChange={(event) => set_typed(event.target.value)}
        placeholder={name}
        autoComplete="off"
      />
    </FormDialog>
  );
}
