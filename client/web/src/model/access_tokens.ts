// SPDX-License-Identifier: GPL-3.0-or-later
// Personal access tokens: the secret of a new one is here until the person has seen it, and nowhere else.
import type { RestClient } from '../connection/rest_client';
import type { AccessToken, Scope } from '../protocol/messages';
import { AccountList } from './account_list';
import { t } from './translation';

export const day = 24 * 3600_000; // ms

export interface NewToken {
  name: string;
  scopes: Scope[];
  /** Undefined: until it is deleted. */
  days: number | undefined;
}

export class AccessTokens extends AccountList<AccessToken> {
  /** Of the token made last, until it is dismissed. */
  made: { token: AccessToken; secret: string } | undefined;

  constructor(
    private readonly rest_: RestClient,
    private readonly now_: () => number = Date.now,
  ) {
    super();
  }

  async create({ name, scopes, days }: NewToken): Promise<void> {
    if (name === '') throw new Error(t('Give it a name by which you will know it again.'));
    if (scopes.length === 0) throw new Error(t('Choose at least one thing that the token may do.'));
    const expires = days === undefined ? {} : { expires: this.now_() + days * day };
    this.made = await this.rest_.call('CreateToken', { body: { name, scopes, ...expires } });
    this.items = [this.made.token, ...(this.items ?? [])];
    this.changed();
  }

  dismiss_made(): void {
    this.made = undefined;
    this.changed();
  }

  override forget(): void {
    this.made = undefined;
    super.forget();
  }

  protected async ask(): Promise<AccessToken[]> {
    const { tokens } = await this.rest_.call('ListTokens');
    return tokens.sort((a, b) => b.created - a.created);
  }
  protected async remove(token: AccessToken): Promise<void> {
    await this.rest_.call('DeleteToken', { parameters: { id: token.id } });
    if (this.made?.token.id === token.id) this.made = undefined;
  }
}
