// SPDX-License-Identifier: GPL-3.0-or-later
// The one-time link that berthd prints on its first run: makes the administrator.
import { useApplication } from '../application';
import { Field, Problem, text_field, useForm } from '../controls/form';
import { navigate } from '../router';
import { SignInFrame } from './sign_in_frame';
import { t } from '../../model/translation';

export function SetupPage({ token }: { token: string }) {
  const { account } = useApplication();
  const { busy, problem, on_submit } = useForm(async (fields) => {
    await account.set_up({
      token,
      email: text_field(fields, 'email'),
      name: text_field(fields, 'name'),
      password: text_field(fields, 'password'),
    });
    navigate('/', true);
  });
  return (
    <SignInFrame title={t('Welcome to Berth')} lead={t('Make the administrator’s account. This link works once.')}>
      {token ? (
        <form className="card form" onSubmit={on_submit}>
          <Problem text={problem} />
          <Field label={t('Name')} name="name" autoComplete="name" required maxLength={80} autoFocus />
          <Field label={t('E-mail')} name="email" type="email" autoComplete="username" required />
          <Field
            label={t('Password')}
            name="password"
            type="password"
            autoComplete="new-password"
            hint={t('At least 10 characters.')}
            minLength={10}
            required
          />
          <button className="button primary wide" disabled={busy}>
            {busy ? t('Setting up…') : t('Set up Berth')}
          </button>
        </form>
      ) : (
        <p className="form-problem">{t('This link has no token. Copy the whole set-up link that berthd printed.')}</p>
      )}
    </SignInFrame>
  );
}
