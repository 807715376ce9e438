// SPDX-License-Identifier: GPL-3.0-or-later
// Accounts elsewhere by which this one can be signed in to.
import type { RestClient } from '../connection/rest_client';
import type { Identity } from '../protocol/messages';
import { AccountList } from './account_list';

export class Identities extends AccountList<Identity> {
  /** The account has a password as well; so most have. */
  password = true;

  constructor(private readonly rest_: RestClient) {
    super();
  }
  /** Where the browser goes to link one; `to`: the page that it comes back to. */
  async begin(provider: string, to: string, proof: { password?: string; code?: string } = {}): Promise<string> {
    return (await this.rest_.call('BeginIdentity', { body: { provider, to, ...proof } })).url;
  }
  /** Without it, the account can't be signed in to any more. */
  is_only_way_in(): boolean {
    return !this.password && this.items?.length === 1;
  }
  protected async ask(): Promise<Identity[]> {
    const { identities, password } = await this.rest_.call('ListIdentities');
    this.password = password;
    return identities;
  }
  protected remove({ id }: Identity) {
    return this.rest_.call('DeleteIdentity', { parameters: { id } });
  }
}
