// SPDX-License-Identifier: GPL-3.0-or-later
// Where the account is signed in: each can be ended, or all of them.
import { useEffect } from 'react';
import { sentence_of } from '../../connection/berth_error';
import { client_name } from '../../model/sign_ins';
import type { SignInItem } from '../../protocol/messages';
import { useApplication, useChanges } from '../application';
import { AskTwice } from '../controls/ask_twice';
import { Problem, useForm } from '../controls/form';
import { Icon } from '../controls/icon';
import { ago } from '../pages/workspace_words';
import { current_locale, t } from '../../model/translation';

export function SignInsCard() {
  const { sign_ins } = useApplication();
  useChanges(sign_ins);
  useEffect(() => void sign_ins.load(), [sign_ins]);
  return (
    <section className="card panel-card" id="devices">
      <h2>{t('Signed-in devices')}</h2>
      <p>{t('Ending one closes its open workspaces at once. Workspaces go on running.')}</p>
      <Problem text={sign_ins.problem} />
      {sign_ins.problem && (
        <button type="button" className="button small" onClick={() => void sign_ins.load()}>
          {t('Try again')}
        </button>
      )}
      {sign_ins.items && (
        <ul className="things" aria-label={t('Signed-in devices')}>
          {sign_ins.items.map((one) => (
            <Device key={one.id} sign_in={one} />
          ))}
        </ul>
      )}
      <SignOutEverywhere />
    </section>
  );
}

function Device({ sign_in }: { sign_in: SignInItem }) {
  const { sign_ins, notices } = useApplication();
  const { id, client, address, created, last_used, current, by_administrator } = sign_in;
  const name = client_name(client);
  const end = () =>
    void sign_ins.end(sign_in).then(
      () => notices.show(t`${name} was signed out.`),
      (error: unknown) => notices.problem(sentence_of(error)),
    );
  return (
    <li>
      <Icon name="system" size={20} />
      <div className="thing-text">
        <strong title={client}>{name}</strong> {current && <span className="pill running">{t('this one')}</span>}
        {by_administrator && <span className="pill">{t('an administrator')}</span>}
        <p className="muted">
          {[
            by_administrator && t('acts as you, to help'),
            address,
            t`used ${ago(last_used)}`,
            t`since ${new Date(created).toLocaleDateString(current_locale())}`,
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      {!current && (
        <AskTwice
          label={t('Sign out')}
          about={t`${name}, used ${ago(last_used)}`}
          question={t('Sign it out?')}
          yes={t('Sign out')}
          disabled={sign_ins.ending.has(id)}
          run={end}
        />
      )}
    </li>
  );
}

function SignOutEverywhere() {
  const { account } = useApplication();
  const { busy, problem, on_submit } = useForm(() => account.sign_out(true));
  return (
    <form className="form below-things" onSubmit={on_submit}>
      <Problem text={problem} />
      <div className="row">
        <button className="button" disabled={busy}>
          <Icon name="sign_out" /> {t('Sign out everywhere')}
        </button>
        <span className="muted">{t('Ends this one, too.')}</span>
      </div>
    </form>
  );
}
