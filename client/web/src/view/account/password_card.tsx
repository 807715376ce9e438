// SPDX-License-Identifier: GPL-3.0-or-later
// Changing the password.
import { useState } from 'react';
import { useApplication, useChanges } from '../application';
import { Field, Problem, text_field, useForm } from '../controls/form';

export function PasswordCard() {
  const { identities } = useApplication();
  useChanges(identities);
  return identities.password ? <ChangePassword /> : <FirstPassword />;
}

/** Of somebody who signs in by a provider only: a mail proves that it is them. */
function FirstPassword() {
  const { account } = useApplication();
  const [sent, set_sent] = useState(false);
  const { email = '' } = account.account ?? {};
  const { busy, problem, on_submit } = useForm(async () => {
    await account.forgot_password(email);
    set_sent(true);
  });
  return (
    <section className="card panel-card">
      <h2>Password</h2>
      <p>You have none: you sign in by a provider. With one you can sign in also where that is not reachable.</p>
      <form className="form" onSubmit={on_submit}>
        <Problem text={problem} />
        {sent && <p className="form-success">A link to set a password is on its way to {email}.</p>}
        <div className="row">
          <button className="button" disabled={busy}>
            {sent ? 'Send it again' : 'Send me a link to set one'}
          </button>
        </div>
      </form>
    </section>
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
      <h2>Password</h2>
      <p>Changing it signs you out everywhere else.</p>
      {/* A new key empties the fields after each change. */}
      <form key={saved} className="form" onSubmit={on_submit}>
        <Problem text={problem} />
        {saved > 0 && !problem && <p className="form-success">Your password was changed.</p>}
        <Field label="Current password" name="current" type="password" autoComplete="current-password" required />
        <Field
          label="New password"
          name="new"
          type="password"
          autoComplete="new-password"
          minLength={10}
          hint="At least 10 characters."
          required
        />
        <div className="row">
          <button className="button primary" disabled={busy}>
            Change password
          </button>
        </div>
      </form>
    </section>
  );
}
