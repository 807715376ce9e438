// SPDX-License-Identifier: GPL-3.0-or-later
// The identity providers by which people sign in: added, changed, taken away. Those of the installation's configuration are
// shown only.
import { useEffect, useState } from 'react';
import type { Administration } from '../../model/administration';
import type { AdminProvider, ProviderKind } from '../../protocol/messages';
import { CopyField } from '../controls/copy_field';
import { Field, SelectField, text_field } from '../controls/form';
import { FormDialog } from '../controls/form_dialog';
import { Icon } from '../controls/icon';
import { MenuButton, type MenuEntry } from '../controls/menu';
import { Link } from '../router';
import { ListBody } from './list_parts';
import { rich } from '../controls/rich';
import { plural, t } from '../../model/translation';

export const provider_kinds: Record<ProviderKind, { label: string; id: string; name: string }> = {
  oidc: { label: 'OpenID Connect', id: '', name: '' },
  google: { label: 'Google', id: 'google', name: 'Google' },
  github: { label: 'GitHub', id: 'github', name: 'GitHub' },
};

type Open = { kind: 'edit'; provider?: AdminProvider } | { kind: 'remove'; provider: AdminProvider };

export function ProvidersPart({ administration }: { administration: Administration }) {
  const { providers } = administration;
  const [open, set_open] = useState<Open>();
  const close = () => set_open(undefined);
  useEffect(() => void providers.load(), [providers]);
  return (
    <section className="card panel-card" aria-labelledby="providers-heading">
      <h2 id="providers-heading">{t('Ways in')}</h2>
      <p>
        {rich(
          'Identity providers beside e-mail and password, which the {0} turn off. What is changed here holds at once, on every server.',
          <Link href="/admin/settings">{t('settings')}</Link>,
        )}
      </p>
      <div className="row admin-tools">
        <button type="button" className="button primary" onClick={() => set_open({ kind: 'edit' })}>
          <Icon name="add" size={14} /> {t('Add a provider')}
        </button>
      </div>
      <ListBody list={providers} none={t('There is none: people sign in by e-mail and password.')}>
        {(items) => (
          <table aria-label={t('Identity providers')}>
            <thead>
              <tr>
                <th scope="col">{t('Provider')}</th>
                <th scope="col">{t('Client')}</th>
                <th scope="col">{t('Linked accounts')}</th>
                <th scope="col">
                  <span className="visually-hidden">{t('What to do')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((provider) => (
                <ProviderRow key={provider.id} provider={provider} choose={set_open} />
              ))}
            </tbody>
          </table>
        )}
      </ListBody>
      {open?.kind === 'edit' && (
        <ProviderDialog provider={open.provider} administration={administration} on_close={close} />
      )}
      {open?.kind === 'remove' && (
        <RemoveDialog provider={open.provider} administration={administration} on_close={close} />
      )}
    </section>
  );
}

function ProviderRow({ provider, choose }: { provider: AdminProvider; choose: (open: Open) => void }) {
  const { id, name, kind, issuer, client_id, has_secret, enabled, fixed, identities } = provider;
  const entries = (): MenuEntry[] => [
    { kind: 'item', label: t('Change…'), icon: 'pencil', run: () => choose({ kind: 'edit', provider }) },
    { kind: 'separator' },
    {
      kind: 'item',
      label: t('Take away…'),
      icon: 'trash',
      danger: true,
      run: () => choose({ kind: 'remove', provider }),
    },
  ];
  return (
    <tr className={enabled ? undefined : 'off'}>
      <td>
        <strong>{name}</strong>
        {fixed && <span className="tag">{t('in the configuration')}</span>}
        {!enabled && <span className="tag danger">{t('Off')}</span>}
        <div className="muted">
          {provider_kinds[kind].label} · <span className="mono">{id}</span>
        </div>
        {issuer && <div className="muted about">{issuer}</div>}
      </td>
      <td className="about">
        <span className="mono">{client_id}</span>
        <div className="muted">{has_secret ? t('with a secret') : t('without a secret')}</div>
      </td>
      <td>{identities}</td>
      <td className="end">
        {fixed ? (
          <span className="muted">{t('Changed where berthd is started')}</span>
        ) : (
          <MenuButton label={t`What to do with ${name}`} entries={entries}>
            <Icon name="more" />
          </MenuButton>
        )}
      </td>
    </tr>
  );
}

/** Where a provider sends browsers back, until the server has said it. */
function redirect_of(id: string): string {
  return `${location.origin}/api/v1/auth/providers/${id || '…'}/callback`;
}

function ProviderDialog({
  provider,
  administration,
  on_close,
}: {
  provider: AdminProvider | undefined;
  administration: Administration;
  on_close: () => void;
}) {
  const [kind, set_kind] = useState<ProviderKind>(provider?.kind ?? 'oidc');
  const [typed_id, set_typed_id] = useState<string>();
  const usual = provider_kinds[kind];
  const id = provider?.id ?? typed_id ?? usual.id;
  const send = async (fields: FormData) => {
    const text = (name: string) => text_field(fields, name).trim();
    const secret = text('client_secret');
    await administration.put_provider(id.trim(), {
      name: text('name') || usual.name || id,
      kind,
      issuer: kind === 'google' ? '' : text('issuer'),
      client_id: text('client_id'),
      ...(secret ? { client_secret: secret } : {}),
      scopes: text('scopes')
        .split(/[\s,]+/)
        .filter(Boolean),
      enabled: fields.get('enabled') === 'on',
    });
  };
  return (
    <FormDialog
      title={provider ? t`Change ${provider.name}` : t('Add a provider')}
      yes={provider ? t('Save') : t('Add')}
      meanwhile={t('Asking it…')}
      wide
      send={send}
      on_close={on_close}
    >
      {!provider && (
        <SelectField
          label={t('Kind')}
          value={kind}
          onChange={(event) => set_kind(event.target.value as ProviderKind)}
          options={Object.entries(provider_kinds).map(([value, { label }]) => ({ value, label }))}
        />
      )}
      <div className="row stretch fields">
        {!provider && (
          <Field
            label={t('Id')}
            hint={t('In addresses: a-z, 0-9 and -. It stays.')}
            name="id"
            value={id}
            onChange={(event) => set_typed_id(event.target.value)}
            pattern="[a-z0-9\-]+"
            maxLength={32}
            required
            autoComplete="off"
            spellCheck={false}
          />
        )}
        <Field
          label={t('Name')}
          hint={t('On the button of the sign-in page.')}
          name="name"
          key={provider ? 'name' : kind}
          defaultValue={provider?.name ?? usual.name}
          maxLength={80}
          required
          autoComplete="off"
        />
      </div>
      <CopyField label={t('Address to register at the provider')} text={provider?.redirect || redirect_of(id)} />
      {kind !== 'google' && (
        <Field
          key={kind}
          label={t('Issuer')}
          hint={
            kind === 'oidc'
              ? t('It must answer with its discovery document.')
              : t('Of GitHub Enterprise; empty: github.com.')
          }
          name="issuer"
          type="url"
          placeholder={kind === 'oidc' ? 'https://accounts.example.org' : 'https://github.com'}
          defaultValue={provider?.issuer ?? ''}
          required={kind === 'oidc'}
          autoComplete="off"
          spellCheck={false}
        />
      )}
      <div className="row stretch fields">
        <Field
          label={t('Client id')}
          name="client_id"
          defaultValue={provider?.client_id ?? ''}
          required
          autoComplete="off"
          spellCheck={false}
        />
        <Field
          label={t('Client secret')}
          name="client_secret"
          type="password"
          placeholder={provider?.has_secret ? t('as it was') : ''}
          hint={provider?.has_secret ? t('Empty: as it was. It is never shown.') : t('It is never shown again.')}
          autoComplete="new-password"
        />
      </div>
      <Field
        label={t('More scopes')}
        hint={t('Beside what is needed; with spaces between.')}
        name="scopes"
        defaultValue={provider?.scopes.join(' ') ?? ''}
        placeholder={t('none')}
        autoComplete="off"
        spellCheck={false}
      />
      <label className="switch">
        <input type="checkbox" name="enabled" defaultChecked={provider?.enabled ?? true} />
        <span>
          <strong>{t('People can sign in by it')}</strong>
        </span>
      </label>
    </FormDialog>
  );
}

function RemoveDialog({
  provider: { id, name, identities },
  administration,
  on_close,
}: {
  provider: AdminProvider;
  administration: Administration;
  on_close: () => void;
}) {
  const linked =
    identities === 0
      ? t('Nobody is linked to it.')
      : plural(
          identities,
          'One account is linked to it and can’t sign in by it until it is there again, under the same id.',
          '{n} accounts are linked to it and can’t sign in by it until it is there again, under the same id.',
        );
  return (
    <FormDialog
      title={t`Take ${name} away?`}
      yes={t('Take it away')}
      look="danger"
      send={() => administration.remove_provider(id)}
      on_close={on_close}
    >
      <p>{rich('{0} Who is signed in stays so.', linked)}</p>
    </FormDialog>
  );
}
