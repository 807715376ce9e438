// SPDX-License-Identifier: GPL-3.0-or-later
// The share dialog's owner: a workspace is handed over to a person in it, to a team, or out of a team to one of its members.
import { useEffect, useState } from 'react';
import type { Sharing } from '../../model/sharing';
import { TeamDetails } from '../../model/team_details';
import type { Member } from '../../protocol/messages';
import { useApplication, useChanges } from '../application';
import { Problem, SelectField, useForm } from '../controls/form';
import { rich } from '../controls/rich';
import { t } from '../../model/translation';

/** Who can have it. */
export interface Heir {
  id: string;
  name: string;
  team: boolean;
}

/** Everybody who comes to it, and the teams in which the person works. */
function useHeirs(sharing: Sharing): Heir[] {
  const { teams, rest } = useApplication();
  useChanges(teams);
  const { owner } = sharing.workspace;
  const [team] = useState(() => (owner.team ? new TeamDetails(owner.id, rest) : undefined));
  const [people, set_people] = useState<Member[]>([]);
  useEffect(() => {
    void teams.load();
    void team?.load().then(() => set_people(team.members));
  }, [team, teams]);
  const persons = new Map([...people, ...sharing.members].map((one) => [one.account, heir_of(one.account, one.name)]));
  const others = teams.to_work_in().map(({ id, name }) => ({ id, name, team: true }));
  return [...persons.values(), ...others].filter(({ id }) => id !== owner.id);
}

function heir_of(id: string, name: string): Heir {
  return { id, name, team: false };
}

export function ShareOwner({
  sharing,
  heir,
  choose,
  on_done,
}: {
  sharing: Sharing;
  /** To whom it may go, once the person has said so. */
  heir: Heir | undefined;
  choose: (heir: Heir | undefined) => void;
  on_done: () => void;
}) {
  const heirs = useHeirs(sharing);
  const { owner } = sharing.workspace;
  const { account } = useApplication();
  return (
    <section aria-label={t('Owner')}>
      <h3>{t('Owner')}</h3>
      {heir ? (
        <HandOver key={heir.id} sharing={sharing} heir={heir} on_cancel={() => choose(undefined)} on_done={on_done} />
      ) : (
        <>
          <p className="muted">
            {rich(
              '{0} Its stored versions count for its owner.',
              owner.team ? t`It belongs to ${owner.name}.` : t('It belongs to you.'),
            )}
          </p>
          {heirs.length === 0 ? (
            <p className="muted">
              {owner.team
                ? t('It can be handed over to somebody in the team.')
                : t('It can be handed over to somebody who is in it, or to a team of yours.')}
            </p>
          ) : (
            <SelectField
              label={t('Hand it over to')}
              value=""
              onChange={(event) => choose(heirs.find(({ id }) => id === event.target.value))}
              options={[
                { value: '', label: t('Choose…') },
                ...heirs.map(({ id, name, team }) => ({
                  value: id,
                  label: team ? t`${name} (team)` : id === account.account?.id ? t`${name} (you)` : name,
                })),
              ]}
            />
          )}
        </>
      )}
    </section>
  );
}

/** What becomes of whom. */
function consequence({ workspace: { owner } }: Sharing, heir: Heir): string {
  if (heir.team) return t('Everybody in the team may do with it what they may in the team.');
  if (owner.team) return t`Who is only in ${owner.name} does not come to it any more.`;
  return t('You become an editor, and only they can share or delete it.');
}

function HandOver({
  sharing,
  heir,
  on_cancel,
  on_done,
}: {
  sharing: Sharing;
  heir: Heir;
  on_cancel: () => void;
  on_done: () => void;
}) {
  const { notices, account } = useApplication();
  const self = heir.id === account.account?.id;
  const { busy, problem, on_submit } = useForm(async () => {
    const workspace = await sharing.transfer(heir.id);
    const stays = sharing.workspace.owner.team || heir.team ? '' : t('; you may go on editing it');
    notices.show(
      self
        ? t`“${workspace.name}” belongs to you now${stays}.`
        : t`“${workspace.name}” belongs to ${heir.name} now${stays}.`,
    );
    on_done();
  });
  return (
    <form className="hand-over form" onSubmit={on_submit}>
      <p>
        {rich(
          '{0} {1} Its stored versions count for {2} from then on. The workspace has to be stopped for this.',
          <strong>{self ? t('Make it your own?') : t`Make ${heir.name} the owner?`}</strong>,
          consequence(sharing, heir),
          self ? t('you') : heir.team ? t('the team') : t('them'),
        )}
      </p>
      <Problem text={problem} />
      <div className="row">
        <button className="button danger" disabled={busy}>
          {busy ? t('Handing over…') : t('Hand it over')}
        </button>
        <button type="button" className="button plain" onClick={on_cancel} autoFocus>
          {t('Cancel')}
        </button>
      </div>
    </form>
  );
}
