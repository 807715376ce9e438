// SPDX-License-Identifier: GPL-3.0-or-later
// The link of the mail that proves an address. A click is asked for: programs that look at mails open their links.
import { useState } from 'react';
import { has_code } from '../../connection/berth_error';
import { useApplication } from '../application';
import { Problem, useForm } from '../controls/form';
import { Link, navigate } from '../router';
import { SignInFrame } from './sign_in_frame';
import { t } from '../../model/translation';

export function VerifyEmailPage({ token }: { token: string }) {
  const { account, notices } = useApplication();
  const [used_up, set_used_up] = useState(!token);
  const { busy, problem, on_submit } = useForm(async () => {
    try {
      await account.verify_email(token);
      notices.show(t('Your e-mail address is confirmed.'), { kind: 'success' });
      navigate('/', true);
    } catch (error) {
      if (!has_code(error, 'not_found')) throw error;
      set_used_up(true);
    }
  });
  if (used_up) {
    return (
      <SignInFrame
        title={t('This link does not work any more')}
        lead={t(
          'It was used already, or a newer one was sent. Where your address is not confirmed yet, your account page sends a new one.',
        )}
      >
        <Link href="/account" className="button primary wide">
          {t('To your account')}
        </Link>
      </SignInFrame>
    );
  }
  return (
    <SignInFrame
      title={t('Confirm your e-mail address')}
      lead={t('One click, and people can find you by it to share with you.')}
    >
      <form className="card form" onSubmit={on_submit}>
        <Problem text={problem} />
        <button className="button primary wide" disabled={busy} autoFocus>
          {busy ? t('Confirming…') : t('Confirm')}
        </button>
      </form>
    </SignInFrame>
  );
}
