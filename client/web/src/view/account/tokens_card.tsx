// SPDX-License-Identifier: GPL-3.0-or-later
// Personal access tokens: made with a name, scopes and an end; the secret is shown once.
import { useEffect, useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import type { AccessToken, Scope } from '../../protocol/messages';
import { useApplication, useChanges } from '../application';
import { AskTwice } from '../controls/ask_twice';
import { CopyField } from '../controls/copy_field';
import { Field, Problem, SelectField, text_field, useForm } from '../controls/form';
import { Icon } from '../controls/icon';
import { ago } from '../pages/workspace_words';
import { rich } from '../controls/rich';
import { current_locale, type Message, message, t } from '../../model/translation';

const scopes: { scope: Scope; name: Message; about: Message }[] = [
  { scope: 'workspaces_read', name: message('Read workspaces'), about: message('lists, files, versions, archives') },
  {
    scope: 'workspaces_write',
    name: message('Change workspaces'),
    about: message('make, start, stop, write files, share, delete'),
  },
  {
    scope: 'connect',
    name: message('Connect'),
    about: message('open a workspace’s terminals and documents, and its previews'),
  },
  { scope: 'account_read', name: message('Read the account'), about: message('name, e-mail address, storage') },
  { scope: 'account_write', name: message('Change the account'), about: message('name and e-mail address') },
];
const admin_scope = {
  scope: 'admin' as Scope,
  name: message('Administer'),
  about: message('the server’s settings and accounts'),
};

const lives = [
  { value: '7', label: message('7 days') },
  { value: '30', label: message('30 days') },
  { value: '90', label: message('90 days') },
  { value: '365', label: message('A year') },
  { value: '', label: message('Until I delete it') },
];

function scope_name(scope: Scope): string {
  return t([...scopes, admin_scope].find((one) => one.scope === scope)?.name) || scope;
}

export function TokensCard() {
  const { access_tokens } = useApplication();
  useChanges(access_tokens);
  const [making, set_making] = useState(false);
  useEffect(() => {
    void access_tokens.load();
    return () => access_tokens.dismiss_made();
  }, [access_tokens]);
  const { items, made, problem } = access_tokens;
  return (
    <section className="card panel-card">
      <h2>{t('Personal access tokens')}</h2>
      <p>
        {t('For scripts and programs that call Berth’s API as you. Each may do only what you choose, until it ends.')}
      </p>
      <Problem text={problem} />
      {problem && (
        <button type="button" className="button small" onClick={() => void access_tokens.load()}>
          {t('Try again')}
        </button>
      )}
      {made && (
        <div className="made" role="status">
          <p>
            {rich(
              '{0} Copy it now: it is not shown again.',
              <strong>{rich('“{0}” is made.', made.token.name)}</strong>,
            )}
          </p>
          <CopyField label={t('Token')} text={made.secret} chosen />
          <button type="button" className="button small" onClick={() => access_tokens.dismiss_made()}>
            {t('I have it')}
          </button>
        </div>
      )}
      {making ? (
        <TokenForm on_close={() => set_making(false)} />
      ) : (
        <button type="button" className="button primary" onClick={() => set_making(true)}>
          <Icon name="add" size={14} /> {t('New token')}
        </button>
      )}
      {items && items.length > 0 && (
        <ul className="things below-things" aria-label={t('Access tokens')}>
          {items.map((token) => (
            <TokenRow key={token.id} token={token} />
          ))}
        </ul>
      )}
    </section>
  );
}

function TokenForm({ on_close }: { on_close: () => void }) {
  const { access_tokens, account } = useApplication();
  const { busy, problem, on_submit } = useForm(async (fields) => {
    const days = text_field(fields, 'days');
    await access_tokens.create({
      name: text_field(fields, 'name').trim(),
      scopes: fields.getAll('scope') as Scope[],
      days: days === '' ? undefined : Number(days),
    });
    on_close();
  });
  const offered = account.account?.administrator ? [...scopes, admin_scope] : scopes;
  return (
    <form className="form token-form" onSubmit={on_submit}>
      <Problem text={problem} />
      <Field
        label={t('Name')}
        name="name"
        maxLength={80}
        placeholder={t('What it is for')}
        autoComplete="off"
        required
        autoFocus
      />
      <SelectField
        label={t('It ends after')}
        name="days"
        options={lives.map(({ value, label }) => ({ value, label: t(label) }))}
        defaultValue="30"
      />
      <fieldset className="scopes">
        <legend>{t('It may')}</legend>
        {offered.map(({ scope, name, about }) => (
          <label key={scope} className="switch">
            <input type="checkbox" name="scope" value={scope} />
            <span>
              <strong>{t(name)}</strong> <span className="muted">{t(about)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="row">
        <button className="button primary" disabled={busy}>
          {t('Make the token')}
        </button>
        <button type="button" className="button plain" onClick={on_close}>
          {t('Cancel')}
        </button>
      </div>
    </form>
  );
}

function TokenRow({ token }: { token: AccessToken }) {
  const { access_tokens, notices } = useApplication();
  const { id, name, scopes: granted, expires, last_used } = token;
  const [now] = useState(() => Date.now());
  const ended = expires !== undefined && expires < now;
  const end = () =>
    void access_tokens.end(token).then(
      () => notices.show(t`“${name}” works no longer.`),
      (error: unknown) => notices.problem(sentence_of(error)),
    );
  return (
    <li>
      <Icon name="key" size={20} />
      <div className="thing-text">
        <strong>{name}</strong> {ended && <span className="pill failed">{t('ended')}</span>}
        <p className="muted">{granted.map(scope_name).join(', ')}</p>
        <p className="muted">
          {expires === undefined
            ? t('Without an end')
            : `${ended ? t('Ended') : t('Ends')} ${new Date(expires).toLocaleDateString(current_locale())}`}
          {' · '}
          {last_used === undefined ? t('never used') : t`used ${ago(last_used)}`}
        </p>
      </div>
      <AskTwice
        label={t('Delete')}
        about={name}
        question={t('What uses it stops working.')}
        yes={t('Delete')}
        disabled={access_tokens.ending.has(id)}
        run={end}
      />
    </li>
  );
}
