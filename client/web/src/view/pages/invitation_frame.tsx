// SPDX-License-Identifier: GPL-3.0-or-later
// An invitation, to a workspace or a team: the person sees as whom they come in, and comes in by one click.
import { useState } from 'react';
import { has_code } from '../../connection/berth_error';
import type { ErrorCode } from '../../protocol/messages';
import { useApplication, useChanges } from '../application';
import { Problem, useForm } from '../controls/form';
import { Link } from '../router';
import { SignInFrame } from './sign_in_frame';
import { rich } from '../controls/rich';
import { t } from '../../model/translation';

export interface Invitation {
  title: string;
  lead: string;
  /** What the button says, before and while it is done. */
  join: string;
  joining: string;
  /** What the page is called where it does not work any more. */
  over_title: string;
  /** Where the person goes without it. */
  back: { href: string; label: string };
  /** By these codes the server says that it does not work any more. */
  over: readonly ErrorCode[];
}

export function InvitationFrame({
  token,
  invitation,
  on_join,
}: {
  token: string;
  invitation: Invitation;
  on_join: () => Promise<void>;
}) {
  const { account } = useApplication();
  useChanges(account);
  const { title, lead, back } = invitation;
  const [over, set_over] = useState(token ? '' : t('A part of the address is missing. Copy the whole link.'));
  const join = useForm(async () => {
    try {
      await on_join();
    } catch (error) {
      if (!has_code(error, ...invitation.over)) throw error;
      set_over(error.message);
    }
  });
  const leave = useForm(() => account.sign_out());
  if (over) {
    return (
      <SignInFrame title={invitation.over_title} lead={over}>
        <p className="below muted">{t('Ask whoever sent it for a new one.')}</p>
        <Link href={back.href} className="button primary wide">
          {back.label}
        </Link>
      </SignInFrame>
    );
  }
  const { name, email } = account.account ?? { name: '', email: '' };
  return (
    <SignInFrame title={title} lead={lead}>
      <form className="card form" onSubmit={join.on_submit}>
        <Problem text={join.problem || leave.problem} />
        <p>
          {rich(
            'You come in as {0} ({1}); the others in it see your name and address.',
            <strong>{name}</strong>,
            email,
          )}
        </p>
        <button className="button primary wide" disabled={join.busy} autoFocus>
          {join.busy ? invitation.joining : invitation.join}
        </button>
      </form>
      <form className="below muted" onSubmit={leave.on_submit}>
        <button className="link-button" disabled={leave.busy}>
          {t('Use another account')}
        </button>{' '}
        · <Link href={back.href}>{t('Not now')}</Link>
      </form>
    </SignInFrame>
  );
}
