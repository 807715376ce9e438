// SPDX-License-Identifier: GPL-3.0-or-later
// Inviting people by e-mail into a workspace or a team, and invitations that nobody has followed yet.
import { useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import { useApplication } from '../application';
import type { Invitation, Role } from '../../protocol/messages';
import { Problem, useForm } from '../controls/form';
import { RoleChoice, type RoleSet } from './role_choice';
import { rich } from '../controls/rich';
import { current_locale, t } from '../../model/translation';

export function InviteForm<Given extends Role>({
  of,
  first,
  yes,
  meanwhile,
  add,
}: {
  of: RoleSet<Given>;
  /** The role that is chosen at first. */
  first: Given;
  yes: string;
  meanwhile: string;
  add: (email: string, role: Given) => Promise<'member' | 'invitation'>;
}) {
  const { account } = useApplication();
  const [role, set_role] = useState<Given>(first);
  const [typed, set_typed] = useState('');
  const [done, set_done] = useState('');
  const { busy, problem, on_submit } = useForm(async () => {
    const email = typed.trim();
    set_done('');
    const made = await add(email, role);
    const mails = account.server?.sign_in.mail !== false;
    const invited = mails
      ? t`${email} is invited, and told by mail.`
      : t`${email} is invited: they are in as soon as they sign in here. This server sends no mail, so tell them.`;
    set_done(made === 'member' ? t`${email} is in it now.` : invited);
    set_typed('');
  });
  return (
    <form className="invite" onSubmit={on_submit}>
      <div className="invite-row">
        <input
          className="input"
          name="email"
          type="email"
          aria-label={t('E-mail address of the person')}
          placeholder={t('E-mail address')}
          autoComplete="off"
          value={typed}
          onChange={(event) => set_typed(event.target.value)}
          required
          data-autofocus
        />
        <RoleChoice label={t('What the person may do')} of={of} role={role} on_choose={set_role} />
        <button className="button primary" disabled={busy}>
          {busy ? meanwhile : yes}
        </button>
      </div>
      <p className="muted">{t(of.words[role]?.about)}</p>
      <Problem text={problem} />
      <p className="told" role="status">
        {!problem && done}
      </p>
    </form>
  );
}

export function InvitationRow({
  invitation: { email, role, expires },
  words,
  withdraw,
}: {
  invitation: Invitation;
  words: RoleSet<Role>['words'];
  withdraw: () => Promise<void>;
}) {
  const { notices } = useApplication();
  const [busy, set_busy] = useState(false);
  const click = () => {
    set_busy(true);
    withdraw().catch((error: unknown) => {
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
        <p className="muted">{rich('Invited, until {0}', new Date(expires).toLocaleDateString(current_locale()))}</p>
      </div>
      <span className="muted">{t(words[role]?.may)}</span>
      <button
        type="button"
        className="button small"
        aria-label={t`Withdraw the invitation of ${email}`}
        disabled={busy}
        onClick={click}
      >
        {t('Withdraw')}
      </button>
    </li>
  );
}
