// SPDX-License-Identifier: GPL-3.0-or-later
// Everybody's accounts, and the teams: found, disabled, promoted, given a quota, reset, acted for.
import { useCallback, useEffect, useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import type { AccountWish, Administration } from '../../model/administration';
import { readable_bytes } from '../../model/sizes';
import type { AdminAccount } from '../../protocol/messages';
import { useApplication } from '../application';
import { Icon } from '../controls/icon';
import { MenuButton, type MenuEntry } from '../controls/menu';
import { SearchField } from '../controls/search_field';
import { ago } from '../pages/workspace_words';
import { AccountDialog, name_of, type AccountDeed } from './account_dialogs';
import { ListBody } from './list_parts';
import { rich } from '../controls/rich';
import { plural, t } from '../../model/translation';

export function AccountsPart({ administration }: { administration: Administration }) {
  const { accounts } = administration;
  const [deed, set_deed] = useState<{ kind: AccountDeed; account: AdminAccount }>();
  useEffect(() => void accounts.load(), [accounts]);
  const search = useCallback((query: string) => void accounts.load({ ...accounts.wish, query }), [accounts]);
  const choose_kind = (kind: string) => {
    const { query } = accounts.wish;
    void accounts.load(kind ? { query, kind: kind as NonNullable<AccountWish['kind']> } : { query });
  };
  return (
    <section className="card panel-card" aria-labelledby="accounts-heading">
      <h2 id="accounts-heading">{t('Accounts')}</h2>
      <div className="row wrap admin-tools">
        <SearchField
          label={t('Find accounts')}
          placeholder={t('Name, e-mail or id')}
          first={accounts.wish.query}
          search={search}
        />
        <select
          className="input"
          aria-label={t('Kind')}
          defaultValue={accounts.wish.kind ?? ''}
          onChange={(event) => choose_kind(event.target.value)}
        >
          <option value="">{t('People and teams')}</option>
          <option value="person">{t('People')}</option>
          <option value="team">{t('Teams')}</option>
        </select>
      </div>
      <ListBody list={accounts} none={t('No account is like that.')}>
        {(items) => (
          <table aria-label={t('Accounts')}>
            <thead>
              <tr>
                <th scope="col">{t('Account')}</th>
                <th scope="col">{t('Last used')}</th>
                <th scope="col">{t('Workspaces')}</th>
                <th scope="col">{t('Stored')}</th>
                <th scope="col">
                  <span className="visually-hidden">{t('What to do')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((account) => (
                <AccountRow
                  key={account.id}
                  account={account}
                  administration={administration}
                  choose={(kind) => set_deed({ kind, account })}
                />
              ))}
            </tbody>
          </table>
        )}
      </ListBody>
      {deed && <AccountDialog {...deed} administration={administration} on_close={() => set_deed(undefined)} />}
    </section>
  );
}

function AccountRow({
  account,
  administration,
  choose,
}: {
  account: AdminAccount;
  administration: Administration;
  choose: (deed: AccountDeed) => void;
}) {
  const { notices, account: own } = useApplication();
  const is_own = own.account?.id === account.id;
  const change = (body: { disabled?: boolean; administrator?: boolean }) => {
    administration.update_account(account.id, body).catch((error: unknown) => notices.problem(sentence_of(error)));
  };
  const for_people = (): MenuEntry[] => [
    { kind: 'item', label: t('Reset password…'), icon: 'key', run: () => choose('reset') },
    ...(is_own || account.administrator || account.disabled
      ? []
      : [{ kind: 'item' as const, label: t('Act as…'), icon: 'person' as const, run: () => choose('impersonate') }]),
    { kind: 'separator' },
    account.administrator
      ? { kind: 'item', label: t('No administrator any more…'), icon: 'undo', run: () => choose('demote') }
      : { kind: 'item', label: t('Make administrator…'), icon: 'check', run: () => choose('promote') },
  ];
  const entries = (): MenuEntry[] => [
    { kind: 'heading', text: name_of(account) },
    { kind: 'item', label: t('Quota…'), icon: 'settings', run: () => choose('quota') },
    ...(account.team ? [] : for_people()),
    account.disabled
      ? { kind: 'item', label: t('Enable'), icon: 'play', run: () => change({ disabled: false }) }
      : { kind: 'item', label: t('Disable…'), icon: 'stop', run: () => choose('disable') },
  ];
  const { quota } = account;
  const limit = (value: number | undefined) => (value === undefined ? '' : t` of ${value}`);
  return (
    <tr className={account.disabled ? 'off' : undefined}>
      <td>
        <strong>{account.name}</strong> {is_own && <span className="muted">{t('(you)')}</span>}
        {account.team && <span className="tag">{t('Team')}</span>}
        {account.administrator && <span className="tag">{t('Administrator')}</span>}
        {account.disabled && <span className="tag danger">{t('Disabled')}</span>}
        <div className="muted">
          {account.team ? plural(account.members, '{n} member', '{n} members') : account.email}
        </div>
      </td>
      <td>{account.last_used > 0 ? ago(account.last_used) : t('never')}</td>
      <td>
        {account.workspaces}
        {limit(quota.workspaces)}
        <div className="muted">
          {account.running}
          {rich('{0} running', limit(quota.running))}
        </div>
      </td>
      <td>
        {readable_bytes(account.stored_bytes)}
        {quota.storage !== undefined && (
          <div className="muted">{quota.storage === 0 ? t('no limit') : t`of ${readable_bytes(quota.storage)}`}</div>
        )}
      </td>
      <td className="end">
        <MenuButton label={t`What to do with ${name_of(account)}`} entries={entries}>
          <Icon name="more" />
        </MenuButton>
      </td>
    </tr>
  );
}
