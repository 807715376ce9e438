// SPDX-License-Identifier: GPL-3.0-or-later
// Changing the password.
import { useState } from 'react';
import { useApplication, useChanges } from '../application';
import { Field, Problem, text_field, useForm } from '../controls/form';
import { rich } from '../controls/rich';
import { t } from '../../model/translation';

export function PasswordCard() {
  const { identities } = useApplication();
  useChanges(identities);
  return identities.password ? <ChangePassword /> : <FirstPassword />;
}

/** Of somebody who signs in by a provider only: a fresh sign-in proves that it is them, or a mail. */
function FirstPassword() {
  const { account, identities, notices } = useApplication();
  const { busy, problem, on_submit } = useForm(async (fields) => {
    await account.change_password({ current_password: '', new_password: text_field(fields, 'new') });
    notices.show(t('You have a password now.'), { kind: 'success' });
    await identities.load();
  });
  return (
    <section className="card panel-card">
      <h2>{t('Password')}</h2>
      <p>
        {t(
          'You have none: you sign in by a provider. With one you can sign in also where that is not reachable. Setting one signs you out everywhere else.',
        )}
      </p>
      <form className="form" onSubmit={on_submit}>
        <Problem text={problem} />
        <Field
          label={t('New password')}
          name="new"
          type="password"
          autoComplete="new-password"
          minLength={10}
          hint={t('At least 10 characters. This works for ten minutes after you signed in.')}
          required
        />
        <div className="row">
          <button className="button primary" disabled={busy}>
            {t('Set password')}
          </button>
        </div>
      </form>
      {account.server?.sign_in.mail !== false && <PasswordByMail />}
    </section>
  );
}

function PasswordByMail() {
  const { account } = useApplication();
  const [sent, set_sent] = useState(false);
  const { email = '' } = account.account ?? {};
  const { busy, problem, on_submit } = useForm(async () => {
    await account.forgot_password(email);
    set_sent(true);
  });
  return (
    <form className="form below-things" onSubmit={on_submit}>
      <Problem text={problem} />
      {sent && (
        <p className="form-success">
          {rich(
            'A link to set a password is on its way to {0}. It signs you out everywhere, and ends your access tokens.',
            email,
          )}
        </p>
      )}
      <p>
        <button className="link-button" disabled={busy}>
          {sent ? t('Send it again') : t('Or get a link by mail')}
        </button>
      </p>
    </form>
  );
}

function ChangePassword() {
  const { account } = useApplication();
  const [saved, set_saved] = useState(0);
  const { busy, problem, on_submit } = useForm(async (fields) => {
    await account.change_password({
      current_password: text_field(fields, 'current'),
      new_password: text_field(fields, 'new'),
    });
    set_saved((count) => count + 1);
  });
  return (
    <section className="card panel-card">
      <h2>{t('Password')}</h2>
      <p>{t('Changing it signs you out everywhere else.')}</p>
      {/* A new key empties the fields after each change. */}
      <form key={saved} className="form" onSubmit={on_submit}>
        <Problem text={problem} />
        {saved > 0 && !problem && <p className="form-success">{t('Your password was changed.')}</p>}
        <Field label={t('Current password')} name="current" type="password" autoComplete="current-password" required />
        <Field
          label={t('New password')}
          name="new"
          type="password"
          autoComplete="new-password"
          minLength={10}
          hint={t('At least 10 characters.')}
          required
        />
        <div className="row">
          <button className="button primary" disabled={busy}>
            {t('Change password')}
          </button>
        </div>
      </form>
    </section>
  );
}
