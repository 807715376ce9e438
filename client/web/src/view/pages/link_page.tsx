// SPDX-License-Identifier: GPL-3.0-or-later
// A provider knows an e-mail address that an account here has: whoever has its password too may connect the two.
import { useState } from 'react';
import { has_code } from '../../connection/berth_error';
import { SignInSteps } from '../../model/sign_in_steps';
import { useApplication, useChanges } from '../application';
import { Field, Problem, text_field, useForm } from '../controls/form';
import { Link, navigate } from '../router';
import { CodeStep } from './code_step';
import { SignInFrame } from './sign_in_frame';
import { rich } from '../controls/rich';
import { t } from '../../model/translation';

export function LinkPage({ query, next }: { query: URLSearchParams; next: string }) {
  const pending = query.get('pending') ?? '';
  const told = (name: string) => (query.get(name) ?? '').slice(0, 100);
  const [provider, email] = [told('provider') || t('the provider'), told('email')];
  const { account, notices } = useApplication();
  const [steps] = useState(() => new SignInSteps(account.finish));
  useChanges(steps);
  const [over, set_over] = useState(pending ? '' : t('A part of the address is missing.'));
  const { busy, problem, on_submit } = useForm(async (fields) => {
    const body = { pending, password: text_field(fields, 'password') };
    try {
      await steps.begin(async (code) => {
        await account.link(code === undefined ? body : { ...body, code });
        notices.show(t('From now on you can sign in either way.'), { kind: 'success' });
        navigate(next, true);
      });
    } catch (error) {
      if (!has_code(error, 'not_found')) throw error;
      set_over(error.message);
    }
  });
  if (steps.step === 'code') return <CodeStep steps={steps} />;
  if (over) {
    return (
      <SignInFrame title={t('This took too long')} lead={over}>
        <Link href="/sign-in" className="button primary wide">
          {t('Back to sign-in')}
        </Link>
      </SignInFrame>
    );
  }
  return (
    <SignInFrame
      title={t('You have an account already')}
      lead={
        <>
          {rich(
            'The account here with {0} is not connected with {1} yet. Give its password once, and you can sign in either way.',
            email ? <strong>{email}</strong> : t('this e-mail address'),
            provider,
          )}
        </>
      }
    >
      <form className="card form" onSubmit={on_submit}>
        <Problem text={problem || steps.expired} />
        <Field
          label={t('Password of your Berth account')}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          autoFocus
        />
        <button className="button primary wide" disabled={busy}>
          {busy ? t('Connecting…') : t('Connect and sign in')}
        </button>
      </form>
      <p className="below muted">
        {rich('No password? Sign in the way you did before, then connect {0} in your account.', provider)}
        <br />
        <Link href="/forgot-password">{t('Forgot your password?')}</Link> ·{' '}
        <Link href="/sign-in">{t('Sign in another way')}</Link>
      </p>
    </SignInFrame>
  );
}
