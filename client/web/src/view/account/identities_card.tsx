// SPDX-License-Identifier: GPL-3.0-or-later
// Accounts elsewhere that sign in to this one.
import { useEffect, useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import type { Identity } from '../../protocol/messages';
import { useApplication, useChanges } from '../application';
import { AskTwice } from '../controls/ask_twice';
import { Problem, useForm } from '../controls/form';
import { Icon } from '../controls/icon';
import { provider_problem } from '../pages/provider_problem';
import { OwnerProof, proof_in, useNeedsProof } from './owner_proof';
import { rich } from '../controls/rich';
import { current_locale, t } from '../../model/translation';

const own_page = '/account/security';

export function IdentitiesCard({ problem }: { problem: string }) {
  const { identities, account, notices } = useApplication();
  const [connecting, set_connecting] = useState('');
  const needs_proof = useNeedsProof();
  useChanges(identities);
  useEffect(() => void identities.load(), [identities]);
  const providers = account.server?.sign_in.providers ?? [];
  const items = identities.items ?? [];
  if (providers.length === 0 && items.length === 0 && !identities.problem) return null;
  const begin = (provider: string) =>
    needs_proof
      ? set_connecting(provider)
      : void identities.begin(provider, own_page).then(
          (url) => location.assign(url),
          (error: unknown) => notices.problem(sentence_of(error)),
        );
  const linkable = providers.filter(({ id }) => !items.some((one) => one.provider === id));
  return (
    <section className="card panel-card" id="identities">
      <h2>{t('Other ways to sign in')}</h2>
      <p>{t('Accounts elsewhere that may sign in to this one.')}</p>
      <Problem text={provider_problem(problem)} />
      <Problem text={identities.problem} />
      {identities.problem && (
        <button type="button" className="button small" onClick={() => void identities.load()}>
          {t('Try again')}
        </button>
      )}
      {items.length > 0 && (
        <ul className="things" aria-label={t('Linked accounts')}>
          {items.map((one) => (
            <Linked key={one.id} identity={one} />
          ))}
        </ul>
      )}
      {connecting && (
        <Connect
          provider={connecting}
          name={linkable.find(({ id }) => id === connecting)?.name ?? connecting}
          on_close={() => set_connecting('')}
        />
      )}
      {!connecting && linkable.length > 0 && (
        <div className="row wrap below-things">
          {linkable.map(({ id, name }) => (
            <button key={id} type="button" className="button" onClick={() => begin(id)}>
              <Icon name="add" size={14} /> {rich('Connect {0}', name)}
            </button>
          ))}
        </div>
      )}
    </section>
  );
}

/** It signs in from then on, so whoever only found this window open must not add theirs. */
function Connect({ provider, name, on_close }: { provider: string; name: string; on_close: () => void }) {
  const { identities } = useApplication();
  const { busy, problem, on_submit } = useForm(async (fields) => {
    location.assign(await identities.begin(provider, own_page, proof_in(fields)));
  });
  return (
    <form className="form below-things" onSubmit={on_submit}>
      <p>{rich('{0} will be able to sign in to this account. Prove once that it is yours.', name)}</p>
      <Problem text={problem} />
      <OwnerProof autoFocus />
      <div className="row">
        <button className="button primary" disabled={busy}>
          {rich('Continue to {0}', name)}
        </button>
        <button type="button" className="button plain" onClick={on_close}>
          {t('Cancel')}
        </button>
      </div>
    </form>
  );
}

function Linked({ identity }: { identity: Identity }) {
  const { identities, notices } = useApplication();
  const { id, provider_name, email, linked } = identity;
  const only = identities.is_only_way_in();
  const end = () =>
    void identities.end(identity).then(
      () => notices.show(t`${provider_name} is not connected any more.`),
      (error: unknown) => notices.problem(sentence_of(error)),
    );
  return (
    <li>
      <Icon name="person" size={20} />
      <div className="thing-text">
        <strong>{provider_name}</strong>
        <p className="muted">
          {[email, t`connected ${new Date(linked).toLocaleDateString(current_locale())}`].filter(Boolean).join(' · ')}
          {only && t('. Your only way in: set a password before you disconnect it.')}
        </p>
      </div>
      <AskTwice
        label={t('Disconnect')}
        about={provider_name}
        question={t('Disconnect it?')}
        yes={t('Disconnect')}
        disabled={only || identities.ending.has(id)}
        run={end}
      />
    </li>
  );
}
