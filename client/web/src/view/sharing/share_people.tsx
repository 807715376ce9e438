// SPDX-License-Identifier: GPL-3.0-or-later
// The share dialog's people: inviting by e-mail, roles, taking out, handing over, leaving.
import { useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import { initials } from '../../model/presence';
import { role_words } from '../../model/roles';
import type { GivenRole, Sharing } from '../../model/sharing';
import type { Invitation, Member } from '../../protocol/messages';
import { useApplication } from '../application';
import { Problem, useForm } from '../controls/form';
import { Icon } from '../controls/icon';
import { MenuButton, type MenuEntry } from '../controls/menu';
import { RoleChoice } from './role_choice';

export function InviteForm({ sharing }: { sharing: Sharing }) {
  const { account } = useApplication();
  const [role, set_role] = useState<GivenRole>('editor');
  const [typed, set_typed] = useState('');
  const [done, set_done] = useState('');
  const { busy, problem, on_submit } = useForm(async () => {
    const email = typed.trim();
    set_done('');
    const made = await sharing.add(email, role);
    const mails = account.server?.sign_in.mail !== false;
    const invited = mails
      ? `${email} is invited, and told by mail.`
      : `${email} is invited: they are in as soon as they sign in here. This server sends no mail, so tell them.`;
    const text = made === 'member' ? `${email} is in it now.` : invited;
    set_done(text);
    set_typed('');
  });
  return (
    <form className="invite" onSubmit={on_submit}>
      <div className="invite-row">
        <input
          className="input"
          name="email"
          type="email"
          aria-label="E-mail address of the person"
          placeholder="E-mail address"
          autoComplete="off"
          value={typed}
          onChange={(event) => set_typed(event.target.value)}
          required
          data-autofocus
        />
        <RoleChoice label="What the person may do" role={role} on_choose={set_role} />
        <button className="button primary" disabled={busy}>
          {busy ? 'Sharing…' : 'Share'}
        </button>
      </div>
      <p className="muted">{role_words[role]?.about}</p>
      <Problem text={problem} />
      <p className="told" role="status">
        {!problem && done}
      </p>
    </form>
  );
}

interface Props {
  sharing: Sharing;
  owns: boolean;
  on_left: () => void;
  on_transferred: () => void;
}

export function SharePeople({ sharing, owns, on_left, on_transferred }: Props) {
  const [handing_to, set_handing_to] = useState<Member>();
  return (
    <section aria-label="People">
      <h3>People</h3>
      {handing_to && (
        <HandOver
          sharing={sharing}
          member={handing_to}
          on_cancel={() => set_handing_to(undefined)}
          on_done={on_transferred}
        />
      )}
      <ul className="things">
        {sharing.members.map((member) => (
          <MemberRow
            key={member.account}
            sharing={sharing}
            member={member}
            owns={owns}
            on_left={on_left}
            on_hand_over={() => set_handing_to(member)}
          />
        ))}
        {sharing.invitations.map((invitation) => (
          <InvitationRow key={invitation.id} sharing={sharing} invitation={invitation} />
        ))}
      </ul>
    </section>
  );
}

function MemberRow({
  sharing,
  member,
  owns,
  on_left,
  on_hand_over,
}: Omit<Props, 'on_transferred'> & { member: Member; on_hand_over: () => void }) {
  const { account, notices } = useApplication();
  const self = member.account === account.account?.id;
  const report = (error: unknown) => notices.problem(sentence_of(error));
  const remove = () => {
    sharing.remove(member.account).then(() => {
      if (self) on_left();
      else notices.show(`${member.name} is out. Their open windows close.`);
    }, report);
  };
  const entries = (): MenuEntry[] => [
    { kind: 'item', label: 'Make them the owner…', icon: 'key', run: on_hand_over },
    { kind: 'separator' },
    { kind: 'item', label: 'Take out', icon: 'trash', danger: true, run: remove },
  ];
  const manageable = owns && member.role !== 'owner';
  return (
    <li>
      <span className="letter-mark" aria-hidden="true">
        {initials(member.name)}
      </span>
      <div className="thing-text">
        <strong>{member.name}</strong> {self && <span className="muted">(you)</span>}
        <p className="muted">{member.email}</p>
      </div>
      {manageable ? (
        <>
          <RoleChoice
            label={`What ${member.name} may do`}
            role={member.role as GivenRole}
            on_choose={(role) => void sharing.set_role(member.account, role).catch(report)}
          />
          <MenuButton label={`More for ${member.name}`} entries={entries}>
            <Icon name="more" />
          </MenuButton>
        </>
      ) : (
        <span className="muted">{role_words[member.role]?.may}</span>
      )}
      {self && member.role !== 'owner' && (
        <button type="button" className="button small" onClick={remove}>
          Leave
        </button>
      )}
    </li>
  );
}

function InvitationRow({ sharing, invitation }: { sharing: Sharing; invitation: Invitation }) {
  const { notices } = useApplication();
  const [busy, set_busy] = useState(false);
  const { id, email, role, expires } = invitation;
  const withdraw = () => {
    set_busy(true);
    sharing.withdraw(id).catch((error: unknown) => {
      set_busy(false);
      notices.problem(sentence_of(error));
    });
  };
  return (
    <li>
      <span className="letter-mark faint" aria-hidden="true">
        @
      </span>
      <div className="thing-text">
        <strong>{email}</strong>
        <p className="muted">Invited, until {new Date(expires).toLocaleDateString()}</p>
      </div>
      <span className="muted">{role_words[role]?.may}</span>
      <button
        type="button"
        className="button small"
        aria-label={`Withdraw the invitation of ${email}`}
        disabled={busy}
        onClick={withdraw}
      >
        Withdraw
      </button>
    </li>
  );
}

function HandOver({
  sharing,
  member,
  on_cancel,
  on_done,
}: {
  sharing: Sharing;
  member: Member;
  on_cancel: () => void;
  on_done: () => void;
}) {
  const { notices } = useApplication();
  const { busy, problem, on_submit } = useForm(async () => {
    const workspace = await sharing.transfer(member.account);
    notices.show(`“${workspace.name}” belongs to ${member.name} now; you may go on editing it.`);
    on_done();
  });
  return (
    <form className="hand-over form" onSubmit={on_submit}>
      <p>
        <strong>Make {member.name} the owner?</strong> You become an editor. Its stored versions count for them from
        then on, and only they can share or delete it. The workspace has to be stopped for this.
      </p>
      <Problem text={problem} />
      <div className="row">
        <button className="button danger" disabled={busy}>
          {busy ? 'Handing over…' : 'Hand it over'}
        </button>
        <button type="button" className="button plain" onClick={on_cancel} autoFocus>
          Cancel
        </button>
      </div>
    </form>
  );
}
