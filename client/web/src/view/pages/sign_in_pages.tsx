// SPDX-License-Identifier: GPL-3.0-or-later
// Sign in (by a provider, by a password) and sign up.
import { useState } from 'react';
import { SignInSteps } from '../../model/sign_in_steps';
import { useApplication, useChanges } from '../application';
import { Field, Problem, text_field, useForm } from '../controls/form';
import { Link } from '../router';
import { CodeStep } from './code_step';
import { provider_problem } from './provider_problem';
import { SignInFrame } from './sign_in_frame';
import { rich } from '../controls/rich';
import { message, t } from '../../model/translation';

const password_hint = message('At least 10 characters.');

function Providers({ next }: { next: string }) {
  const { account } = useApplication();
  const providers = account.server?.sign_in.providers ?? [];
  // A program that wants to be signed in may say by whom: that one comes first.
  const wanted = new URL(next, location.origin).searchParams.get('provider');
  const sorted = [...providers].sort((a, b) => Number(b.id === wanted) - Number(a.id === wanted));
  return sorted.map(({ id, name }) => (
    <a
      key={id}
      className="button wide"
      href={account.provider_address(id, next)}
      onClick={() => account.leaving_for_provider()}
    >
      {rich('Continue with {0}', name)}
    </a>
  ));
}

interface SignInProps {
  next: string;
  /** Why a provider's sign-in failed; a sign-in whose second factor is missing. */
  problem?: string | undefined;
  pending?: string | undefined;
}

export function SignInPage({ next, problem = '', pending = '' }: SignInProps) {
  const { account } = useApplication();
  const [steps] = useState(() => new SignInSteps(account.finish, pending));
  useChanges(steps);
  if (steps.step === 'code') return <CodeStep steps={steps} />;
  return <FirstStep next={next} steps={steps} told={provider_problem(problem)} />;
}

function FirstStep({ next, steps, told }: { next: string; steps: SignInSteps; told: string }) {
  const { account } = useApplication();
  const { busy, problem, on_submit } = useForm((fields) => {
    const body = { email: text_field(fields, 'email'), password: text_field(fields, 'password') };
    return steps.begin((code) => account.sign_in(code === undefined ? body : { ...body, code }));
  });
  const { server } = account;
  const query = next === '/' ? '' : `?next=${encodeURIComponent(next)}`;
  const [as_administrator, set_as_administrator] = useState(false);
  const for_all = server?.sign_in.password !== false;
  const by_password = for_all || as_administrator;
  const by_provider = (server?.sign_in.providers ?? []).length > 0;
  return (
    <SignInFrame title={t('Sign in to Berth')} lead={t('Your workspaces are where you left them.')}>
      <div className="card form">
        <Problem text={problem || steps.expired || told} />
        <Providers next={next} />
        {by_provider && by_password && (
          <div className="or" role="separator">
            {t('or')}
          </div>
        )}
        {!by_provider && !for_all && (
          <p className="muted">{t('Signing in by password is turned off, and there is no other way in yet.')}</p>
        )}
        {by_password && (
          <form className="form" onSubmit={on_submit}>
            {!for_all && <p className="muted">{t('Only administrators can sign in by password.')}</p>}
            <Field
              label={t('E-mail')}
              name="email"
              type="email"
              autoComplete="username"
              required
              autoFocus={!by_provider || !for_all}
            />
            <Field label={t('Password')} name="password" type="password" autoComplete="current-password" required />
            <button className="button primary wide" disabled={busy}>
              {busy ? t('Signing in…') : t('Sign in')}
            </button>
          </form>
        )}
      </div>
      {!by_password && !server?.setup_needed && (
        <p className="below muted">
          {t('Administrators:')}{' '}
          <button type="button" className="link-button" onClick={() => set_as_administrator(true)}>
            {t('sign in by password')}
          </button>
        </p>
      )}
      {by_password && !server?.setup_needed && (
        <p className="below muted">
          <Link href={`/forgot-password${query}`}>{t('Forgot your password?')}</Link>
        </p>
      )}
      {server?.setup_needed ? (
        <p className="below muted">
          {t('This server has no administrator yet: open the set-up link that berthd printed.')}
        </p>
      ) : server?.registration_open && for_all ? (
        <p className="below muted">
          {rich('New here? {0}', <Link href={`/sign-up${query}`}>{t('Create an account')}</Link>)}
        </p>
      ) : null}
    </SignInFrame>
  );
}

export function SignUpPage({ next }: { next: string }) {
  const { account } = useApplication();
  const { busy, problem, on_submit } = useForm((fields) =>
    account.register({
      email: text_field(fields, 'email'),
      name: text_field(fields, 'name'),
      password: text_field(fields, 'password'),
    }),
  );
  const query = next === '/' ? '' : `?next=${encodeURIComponent(next)}`;
  const closed = account.server?.registration_open === false;
  const by_password = account.server?.sign_in.password !== false;
  const by_provider = (account.server?.sign_in.providers ?? []).length > 0;
  return (
    <SignInFrame
      title={t('Create an account')}
      lead={
        closed
          ? t('Registration is closed. Ask the administrator for an account.')
          : t('A workspace of your own is a minute away.')
      }
    >
      {!closed && (
        <div className="card form">
          <Problem text={problem} />
          <Providers next={next} />
          {by_provider && by_password && (
            <div className="or" role="separator">
              {t('or')}
            </div>
          )}
          {!by_password && (
            <p className="muted">
              {by_provider
                ? t('Your account is made when you come in for the first time.')
                : t('Accounts with a password can’t be made here. Ask the administrator.')}
            </p>
          )}
          {by_password && (
            <form className="form" onSubmit={on_submit}>
              <Field label={t('Name')} name="name" autoComplete="name" required maxLength={80} autoFocus />
              <Field label={t('E-mail')} name="email" type="email" autoComplete="username" required />
              <Field
                label={t('Password')}
                name="password"
                type="password"
                autoComplete="new-password"
                hint={t(password_hint)}
                minLength={10}
                required
              />
              <button className="button primary wide" disabled={busy}>
                {busy ? t('Creating…') : t('Create account')}
              </button>
            </form>
          )}
        </div>
      )}
      <p className="below muted">
        {rich('Have an account? {0}', <Link href={`/sign-in${query}`}>{t('Sign in')}</Link>)}
      </p>
    </SignInFrame>
  );
}
