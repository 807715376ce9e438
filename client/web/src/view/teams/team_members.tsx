// SPDX-License-Identifier: GPL-3.0-or-later
// Who is in a team and what they may do in all of its workspaces; its owners invite, change roles and take people out.
import { useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import { initials } from '../../model/presence';
import { team_role_words } from '../../model/roles';
import type { TeamDetails, TeamRole } from '../../model/team_details';
import type { Member } from '../../protocol/messages';
import { useApplication } from '../application';
import { AskTwice } from '../controls/ask_twice';
import { InvitationRow, InviteForm } from '../sharing/invitations';
import { RoleChoice, type RoleSet } from '../sharing/role_choice';
import '../../styles/sharing.css';
import { useLeave } from './team_settings';
import { t } from '../../model/translation';

export const team_roles: RoleSet<TeamRole> = { roles: ['viewer', 'editor', 'owner'], words: team_role_words };

export function TeamMembers({ details }: { details: TeamDetails }) {
  const owns = details.owns() && !details.team?.disabled;
  return (
    <section className="card panel-card share team-people" aria-labelledby="members-heading">
      <h2 id="members-heading">{t('Members')}</h2>
      {owns && (
        <InviteForm
          of={team_roles}
          first="editor"
          yes={t('Invite')}
          meanwhile={t('Inviting…')}
          add={(email, role) => details.add(email, role)}
        />
      )}
      <ul className="things" aria-label={t('Members')}>
        {details.members.map((member) => (
          <MemberRow key={member.account} details={details} member={member} owns={owns} />
        ))}
        {details.invitations.map((invitation) => (
          <InvitationRow
            key={invitation.id}
            invitation={invitation}
            words={team_role_words}
            withdraw={() => details.withdraw(invitation.id)}
          />
        ))}
      </ul>
    </section>
  );
}

function MemberRow({ details, member, owns }: { details: TeamDetails; member: Member; owns: boolean }) {
  const { account, name, email, role } = member;
  const { account: own, notices } = useApplication();
  const [busy, set_busy] = useState(false);
  const leave = useLeave(details);
  const self = own.account?.id === account;
  const last = details.is_last_owner(account);
  const run = (deed: Promise<void>, done?: string) => {
    set_busy(true);
    deed
      .then(
        () => done && notices.show(done),
        (error: unknown) => notices.problem(sentence_of(error)),
      )
      .finally(() => set_busy(false));
  };
  return (
    <li>
      <span className="letter-mark" aria-hidden="true">
        {initials(name)}
      </span>
      <div className="thing-text">
        <strong>{name}</strong> {self && <span className="muted">{t('(you)')}</span>}
        <p className="muted">{email}</p>
      </div>
      {owns && !last ? (
        <RoleChoice
          label={t`What ${name} may do`}
          of={team_roles}
          role={role as TeamRole}
          disabled={busy}
          on_choose={(chosen) => run(details.set_role(account, chosen, self))}
        />
      ) : (
        <span className="muted" title={last ? t('A team keeps an owner.') : undefined}>
          {t(team_role_words[role]?.may)}
        </span>
      )}
      {owns && !self && (
        <AskTwice
          label={t('Take out')}
          about={name}
          question={t('Their open windows of its workspaces close.')}
          yes={t('Take them out')}
          disabled={busy}
          run={() => run(details.remove(account), t`${name} is out of the team.`)}
        />
      )}
      {self && !last && (
        <AskTwice
          label={t('Leave')}
          about={details.team?.name ?? ''}
          question={t('Its workspaces go from your list.')}
          yes={t('Leave the team')}
          disabled={busy}
          run={() => run(leave())}
        />
      )}
    </li>
  );
}
