// SPDX-License-Identifier: GPL-3.0-or-later
// Name and e-mail address, and whether the address is proven to be the person's.
import { useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import { useApplication, useChanges } from '../application';
import { Field, Problem, text_field, useForm } from '../controls/form';
import { Icon } from '../controls/icon';
import { OwnerProof, proof_in } from './owner_proof';
import { rich } from '../controls/rich';
import { t } from '../../model/translation';

export function ProfileCard() {
  const { account } = useApplication();
  useChanges(account);
  const [saved, set_saved] = useState(0);
  const { name = '', email = '' } = account.account ?? {};
  const [typed, set_typed] = useState(email);
  const moves = typed.trim().toLowerCase() !== email;
  const { busy, problem, on_submit } = useForm(async (fields) => {
    set_saved(0);
    const { password, code } = proof_in(fields);
    const changes = moves && { email: typed, current_password: password, ...(code && { code }) };
    await account.update({ name: text_field(fields, 'name'), ...changes });
    set_typed(account.account?.email ?? '');
    set_saved((count) => count + 1);
  });
  return (
    <section className="card panel-card">
      <h2>{t('Profile')}</h2>
      <p>{t('Your name and address are shown to people you share with.')}</p>
      <form className="form" onSubmit={on_submit}>
        <Problem text={problem} />
        {saved > 0 && <p className="form-success">{t('Saved.')}</p>}
        <Field label={t('Name')} name="name" defaultValue={name} required maxLength={80} autoComplete="name" />
        <Field
          label={t('E-mail')}
          name="email"
          type="email"
          value={typed}
          onChange={(event) => set_typed(event.target.value)}
          required
          autoComplete="email"
        />
        {moves ? <OwnerProof /> : <EmailState />}
        <div className="row">
          <button className="button primary" disabled={busy}>
            {t('Save')}
          </button>
          {moves && (
            <button type="button" className="button plain" onClick={() => set_typed(email)}>
              {rich('Keep {0}', email)}
            </button>
          )}
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
  const { email = '', email_verified, pending_email } = account.account ?? {};
  const mails = account.server?.sign_in.mail !== false; // without them addresses count as they are
  const to_prove = pending_email ?? (email_verified || !mails ? undefined : email);
  if (to_prove === undefined) {
    return email_verified ? (
      <p className="email-state">
        <Icon name="check" size={14} /> {rich('{0} is confirmed.', email)}
      </p>
    ) : null;
  }
  const run = (deed: Promise<void>, then: () => void) => {
    set_busy(true);
    deed.then(then, (error: unknown) => notices.problem(sentence_of(error))).finally(() => set_busy(false));
  };
  const sent = sent_to === to_prove;
  const words = pending_email
    ? t`A mail is on its way to ${pending_email}. Once you open the link in it, that is your address; until then it stays ${email}.`
    : sent
      ? t`A mail is on its way to ${email}. Open the link in it.`
      : t`${email} is not confirmed. Invitations to it reach you once it is.`;
  return (
    <div className="email-state unproven">
      <p role="status">
        <Icon name="warning" size={14} /> {words}
      </p>
      <div className="row wrap">
        <button
          type="button"
          className="button small"
          disabled={busy}
          onClick={() => run(account.send_verification(), () => set_sent_to(to_prove))}
        >
          {sent || pending_email ? t('Send it again') : t('Send a confirmation mail')}
        </button>
        {pending_email && (
          <button
            type="button"
            className="button small plain"
            disabled={busy}
            onClick={() => run(account.update({ email }), () => notices.show(t`Your address stays ${email}.`))}
          >
            {rich('Keep {0}', email)}
          </button>
        )}
      </div>
    </div>
  );
}
