// SPDX-License-Identifier: GPL-3.0-or-later
// The share dialog's people: roles, taking out, leaving; and whose team it is.
import { sentence_of } from '../../connection/berth_error';
import { initials } from '../../model/presence';
import { role_words } from '../../model/roles';
import type { GivenRole, Sharing } from '../../model/sharing';
import type { Member } from '../../protocol/messages';
import { useApplication } from '../application';
import { Icon } from '../controls/icon';
import { MenuButton, type MenuEntry } from '../controls/menu';
import { Link } from '../router';
import { InvitationRow } from './invitations';
import { RoleChoice, workspace_roles } from './role_choice';
import { t } from '../../model/translation';

interface Props {
  sharing: Sharing;
  owns: boolean;
  on_left: () => void;
  /** The person wants to make that member the owner. */
  on_hand_over: (member: Member) => void;
}

export function SharePeople({ sharing, owns, on_left, on_hand_over }: Props) {
  const { owner } = sharing.workspace;
  // A team's own line says more than its row among the people.
  const people = sharing.members.filter(({ account }) => !(owner.team && account === owner.id));
  return (
    <section aria-label={t('People')}>
      <h3>{t('People')}</h3>
      <ul className="things">
        {owner.team && <TeamRow sharing={sharing} />}
        {people.map((member) => (
          <MemberRow
            key={member.account}
            sharing={sharing}
            member={member}
            owns={owns}
            on_left={on_left}
            on_hand_over={on_hand_over}
          />
        ))}
        {sharing.invitations.map((invitation) => (
          <InvitationRow
            key={invitation.id}
            invitation={invitation}
            words={role_words}
            withdraw={() => sharing.withdraw(invitation.id)}
          />
        ))}
      </ul>
    </section>
  );
}

/** Whose it is, where that is a team: its members come in by it. */
function TeamRow({ sharing }: { sharing: Sharing }) {
  const { teams } = useApplication();
  const { id, name } = sharing.workspace.owner;
  return (
    <li>
      <span className="letter-mark" aria-hidden="true">
        <Icon name="people" size={16} />
      </span>
      <div className="thing-text">
        <strong>{teams.find(id) ? <Link href={`/teams/${id}/members`}>{name}</Link> : name}</strong>
        <p className="muted">{t('Its members may do here what they may in the team.')}</p>
      </div>
      <span className="muted">{t('Team')}</span>
    </li>
  );
}

function MemberRow({ sharing, member, owns, on_left, on_hand_over }: Props & { member: Member }) {
  const { account, notices } = useApplication();
  const self = member.account === account.account?.id;
  const report = (error: unknown) => notices.problem(sentence_of(error));
  // Whoever has a link that still works can use it again; only taking that back keeps them out.
  const by_link = () => (sharing.links.length > 0 ? t(' They can come back by a link that still works.') : '');
  const remove = () => {
    sharing.remove(member.account).then(() => {
      if (self) on_left();
      else notices.show(t`${member.name} is out. Their open windows close.${by_link()}`);
    }, report);
  };
  const entries = (): MenuEntry[] => [
    ...(sharing.workspace.owner.team
      ? []
      : [
          {
            kind: 'item' as const,
            label: t('Make them the owner…'),
            icon: 'key' as const,
            run: () => on_hand_over(member),
          },
          { kind: 'separator' as const },
        ]),
    { kind: 'item', label: t('Take out'), icon: 'trash', danger: true, run: remove },
  ];
  const manageable = owns && member.role !== 'owner';
  return (
    <li>
      <span className="letter-mark" aria-hidden="true">
        {initials(member.name)}
      </span>
      <div className="thing-text">
        <strong>{member.name}</strong> {self && <span className="muted">{t('(you)')}</span>}
        <p className="muted">{member.email}</p>
      </div>
      {manageable ? (
        <>
          <RoleChoice
            label={t`What ${member.name} may do`}
            of={workspace_roles}
            role={member.role as GivenRole}
            on_choose={(role) => void sharing.set_role(member.account, role).catch(report)}
          />
          <MenuButton label={t`More for ${member.name}`} entries={entries}>
            <Icon name="more" />
          </MenuButton>
        </>
      ) : (
        <span className="muted">{t(role_words[member.role]?.may)}</span>
      )}
      {self && member.role !== 'owner' && (
        <button type="button" className="button small" onClick={remove}>
          {t('Leave')}
        </button>
      )}
    </li>
  );
}
