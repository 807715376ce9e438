// SPDX-License-Identifier: GPL-3.0-or-later
// A forgotten password: asking for the mail, and setting a new one with the mail's link.
import { useState } from 'react';
import { has_code } from '../../connection/berth_error';
import { SignInSteps } from '../../model/sign_in_steps';
import { useApplication, useChanges } from '../application';
import { Field, Problem, text_field, useForm } from '../controls/form';
import { Link, navigate } from '../router';
import { CodeStep } from './code_step';
import { SignInFrame } from './sign_in_frame';
import { t } from '../../model/translation';

export function ForgotPasswordPage({ next }: { next: string }) {
  const { account } = useApplication();
  const [asked, set_asked] = useState('');
  const { busy, problem, on_submit } = useForm(async (fields) => {
    const email = text_field(fields, 'email').trim();
    await account.forgot_password(email);
    set_asked(email);
  });
  const query = next === '/' ? '' : `?next=${encodeURIComponent(next)}`;
  const mails = account.server?.sign_in.mail !== false;
  return (
    <SignInFrame
      title={asked ? t('Look into your mail') : t('Forgot your password?')}
      lead={
        asked
          ? t`If there is an account for ${asked}, a link to set a new password is on its way. It works for half an hour, once.`
          : t('You get a link by which you set a new one.')
      }
    >
      {!mails && (
        <p className="form-note" role="note">
          {t('This server sends no mail. The administrator finds the link in berthd’s log, and can hand it to you.')}
        </p>
      )}
      {!asked && (
        <form className="card form" onSubmit={on_submit}>
          <Problem text={problem} />
          <Field label={t('E-mail')} name="email" type="email" autoComplete="username" required autoFocus />
          <button className="button primary wide" disabled={busy}>
            {busy ? t('Sending…') : t('Send the link')}
          </button>
        </form>
      )}
      <p className="below muted">
        {asked && (
          <>
            {t('Nothing came? Look for it among the unwanted mail, or')}{' '}
            <button type="button" className="link-button" onClick={() => set_asked('')}>
              {t('try another address')}
            </button>
            .<br />
          </>
        )}
        <Link href={`/sign-in${query}`}>{t('Back to sign-in')}</Link>
      </p>
    </SignInFrame>
  );
}

export function ResetPasswordPage({ token }: { token: string }) {
  const { account, notices } = useApplication();
  const signed_in = async (entering: Promise<void>) => {
    await entering;
    notices.show(t('Your password was changed. You are signed out everywhere else.'), { kind: 'success' });
    navigate('/', true);
  };
  const [steps] = useState(() => new SignInSteps((pending, code) => signed_in(account.finish(pending, code))));
  useChanges(steps);
  const [used_up, set_used_up] = useState(!token);
  const { busy, problem, on_submit } = useForm(async (fields) => {
    try {
      await steps.begin(() => signed_in(account.reset_password({ token, password: text_field(fields, 'password') })));
    } catch (error) {
      if (has_code(error, 'not_found')) return set_used_up(true);
      throw error;
    }
  });
  if (steps.step === 'code') return <CodeStep steps={steps} />;
  if (steps.expired || used_up) {
    return (
      <SignInFrame
        title={steps.expired ? t('Sign in with the new password') : t('This link does not work any more')}
        lead={
          steps.expired
            ? t`Your password was changed, but signing in took too long. ${steps.expired}`
            : token
              ? t('Links to set a password work once, for half an hour.')
              : t('A part of the address is missing. Copy the whole link from the mail.')
        }
      >
        <Link href={steps.expired ? '/sign-in' : '/forgot-password'} className="button primary wide">
          {steps.expired ? t('Sign in') : t('Send me a new link')}
        </Link>
      </SignInFrame>
    );
  }
  return (
    <SignInFrame
      title={t('Set a new password')}
      lead={t('This signs you out everywhere else, and your access tokens end with the old password.')}
    >
      <form className="card form" onSubmit={on_submit}>
        <Problem text={problem} />
        <Field
          label={t('New password')}
          name="password"
          type="password"
          autoComplete="new-password"
          hint={t('At least 10 characters.')}
          minLength={10}
          required
          autoFocus
        />
        <button className="button primary wide" disabled={busy}>
          {busy ? t('Saving…') : t('Set password')}
        </button>
      </form>
    </SignInFrame>
  );
}
