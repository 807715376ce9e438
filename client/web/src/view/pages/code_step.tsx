// SPDX-License-Identifier: GPL-3.0-or-later
// The second factor, after a password, a link from a mail or a provider.
import { useState } from 'react';
import type { SignInSteps } from '../../model/sign_in_steps';
import { Field, Problem, text_field, useForm } from '../controls/form';
import { SignInFrame } from './sign_in_frame';
import { t } from '../../model/translation';

/** A six-digit code as an authenticator app shows it, or a recovery code. */
export function CodeField({ recovery = false, autoFocus = false }: { recovery?: boolean; autoFocus?: boolean }) {
  return recovery ? (
    <Field
      key="recovery"
      label={t('Recovery code')}
      name="code"
      className="input code"
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      placeholder="xxxxx-xxxxx"
      hint={t('One of those you kept when you turned two-factor sign-in on. Each works once.')}
      required
      autoFocus={autoFocus}
    />
  ) : (
    <Field
      key="code"
      label={t('Code')}
      name="code"
      className="input code"
      autoComplete="one-time-code"
      inputMode="numeric"
      pattern="[0-9 ]{6,9}"
      title={t('Six digits')}
      placeholder="123456"
      hint={t('Six digits from your authenticator app.')}
      required
      autoFocus={autoFocus}
    />
  );
}

export function CodeStep({ steps }: { steps: SignInSteps }) {
  const [recovery, set_recovery] = useState(false);
  const { busy, problem, on_submit } = useForm((fields) => steps.code(text_field(fields, 'code')));
  return (
    <SignInFrame title={t('Two-factor sign-in')} lead={t('One more step: prove that it is you.')}>
      <form className="card form" onSubmit={on_submit}>
        <Problem text={problem} />
        <CodeField recovery={recovery} autoFocus />
        <button className="button primary wide" disabled={busy}>
          {busy ? t('Checking…') : t('Continue')}
        </button>
      </form>
      <p className="below">
        <button type="button" className="link-button" onClick={() => set_recovery(!recovery)}>
          {recovery ? t('Use a code from your app') : t('Use a recovery code')}
        </button>
        {' · '}
        <button type="button" className="link-button" onClick={() => steps.back()}>
          {t('Start again')}
        </button>
      </p>
    </SignInFrame>
  );
}
