// SPDX-License-Identifier: GPL-3.0-or-later
// Name and e-mail address, and whether the address is proven to be the person's.
import { useState } from 'react';
import { useApplication, useChanges } from '../application';
import { sentence_of } from '../../connection/berth_error';
import { Field, Problem, text_field, useForm } from '../controls/form';
import { Icon } from '../controls/icon';

export function ProfileCard() {
  const { account } = useApplication();
  useChanges(account);
  const [saved, set_saved] = useState(false);
  const { busy, problem, on_submit } = useForm(async (fields) => {
    set_saved(false);
    await account.update({ name: text_field(fields, 'name'), email: text_field(fields, 'email') });
    set_saved(true);
  });
  return (
    <section className="card panel-card">
      <h2>Profile</h2>
      <p>Your name and address are shown to people you share with.</p>
      <form className="form" onSubmit={on_submit}>
        <Problem text={problem} />
        {saved && <p className="form-success">Saved.</p>}
        <Field
          label="Name"
          name="name"
          defaultValue={account.account?.name}
          required
          maxLength={80}
          autoComplete="name"
        />
        <Field
          label="E-mail"
          name="email"
          type="email"
          defaultValue={account.account?.email}
          required
          autoComplete="email"
        />
        <EmailState />
        <div className="row">
          <button className="button primary" disabled={busy}>
            Save
          </button>
        </div>
      </form>
    </section>
  );
}

function EmailState() {
  const { account, notices } = useApplication();
  useChanges(account);
  const [sent_to, set_sent_to] = useState('');
  const [busy, set_busy] = useState(false);
  const { email = '', email_verified } = account.account ?? {};
  if (email_verified) {
    return (
      <p className="email-state">
        <Icon name="check" size={14} /> {email} is confirmed.
      </p>
    );
  }
  if (account.server?.sign_in.mail === false) return null; // then addresses count as they are
  const send = () => {
    set_busy(true);
    account
      .send_verification()
      .then(
        () => set_sent_to(email),
        (error: unknown) => notices.problem(sentence_of(error)),
      )
      .finally(() => set_busy(false));
  };
  return (
    <div className="email-state unproven">
      <p role="status">
        <Icon name="warning" size={14} />{' '}
        {sent_to === email
          ? `A mail is on its way to ${email}. Open the link in it.`
          : `${email} is not confirmed. Invitations to it reach you once it is.`}
      </p>
      <button type="button" className="button small" disabled={busy} onClick={send}>
        {sent_to === email ? 'Send it again' : 'Send a confirmation mail'}
      </button>
    </div>
  );
}
