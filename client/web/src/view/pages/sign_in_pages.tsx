// SPDX-License-Identifier: GPL-3.0-or-later
// Sign in and sign up.
import { useEffect, type ReactNode } from 'react';
import { useApplication } from '../application';
import { Field, Problem, text_field, useForm } from '../controls/form';
import { Link } from '../router';
import { Logo } from './logo';

export function SignInFrame({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Berth`;
  }, [title]);
  return (
    <main className="center-page">
      <div className="sign-in">
        <div className="brand">
          <Logo size={56} />
          <h1>{title}</h1>
          <p className="muted">{lead}</p>
        </div>
        {children}
      </div>
    </main>
  );
}

const password_hint = 'At least 10 characters.';

export function SignInPage({ next }: { next: string }) {
  const { account } = useApplication();
  const { busy, problem, on_submit } = useForm((fields) =>
    account.sign_in({ email: text_field(fields, 'email'), password: text_field(fields, 'password') }),
  );
  const query = next === '/' ? '' : `?next=${encodeURIComponent(next)}`;
  return (
    <SignInFrame title="Sign in to Berth" lead="Your workspaces are where you left them.">
      <form className="card form" onSubmit={on_submit}>
        <Problem text={problem} />
        <Field label="E-mail" name="email" type="email" autoComplete="username" required autoFocus />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        <button className="button primary wide" disabled={busy}>
          {busy ? 'Signing in…' : 'Sign in'}
        </button>
      </form>
      {account.server?.setup_needed ? (
        <p className="below muted">This server has no administrator yet: open the set-up link that berthd printed.</p>
      ) : account.server?.registration_open ? (
        <p className="below muted">
          New here? <Link href={`/sign-up${query}`}>Create an account</Link>
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
  return (
    <SignInFrame
      title="Create an account"
      lead={
        closed
          ? 'Registration is closed. Ask the administrator for an account.'
          : 'A workspace of your own is a minute away.'
      }
    >
      {!closed && (
        <form className="card form" onSubmit={on_submit}>
          <Problem text={problem} />
          <Field label="Name" name="name" autoComplete="name" required maxLength={80} autoFocus />
          <Field label="E-mail" name="email" type="email" autoComplete="username" required />
          <Field
            label="Password"
            name="password"
            type="password"
            autoComplete="new-password"
            hint={password_hint}
            minLength={10}
            required
          />
          <button className="button primary wide" disabled={busy}>
            {busy ? 'Creating…' : 'Create account'}
          </button>
        </form>
      )}
      <p className="below muted">
        Have an account? <Link href={`/sign-in${query}`}>Sign in</Link>
      </p>
    </SignInFrame>
  );
}
