// SPDX-License-Identifier: GPL-3.0-or-later
// Who is signed in, the same in all tabs of this browser.
import { has_code } from '../connection/berth_error';
import type { RestClient } from '../connection/rest_client';
import type { Account, Routes, ServerInfo } from '../protocol/messages';
import { Observable } from './observable';
import { t } from './translation';

export type SignInPhase = 'unknown' | 'signed_in' | 'signed_out';

const account_key = 'berth.account'; // an id, no secret: whose kept text a page without a server may show

/** Who is signed in in this browser, as far as is known without asking. */
export function remembered_account(): string | undefined {
  try {
    return localStorage.getItem(account_key) ?? undefined;
  } catch {
    return undefined; // storage is off
  }
}
function remember_account(id: string | undefined): void {
  try {
    if (id === undefined) localStorage.removeItem(account_key);
    else localStorage.setItem(account_key, id);
  } catch {
    // Storage is off: nothing is shown then.
  }
}

export class AccountModel extends Observable {
  phase: SignInPhase = 'unknown';
  account: Account | undefined;
  server: ServerInfo | undefined;
  /** Why the server can't be asked. */
  problem = '';
  private readonly tabs_: BroadcastChannel | undefined;

  constructor(private readonly rest_: RestClient) {
    super();
    rest_.on_signed_out = () => {
      this.set_signed_out();
      this.tabs_?.postMessage('signed_out');
    };
    if (typeof BroadcastChannel !== 'undefined') {
      this.tabs_ = new BroadcastChannel('berth.account');
      this.tabs_.onmessage = (event: MessageEvent<string>) => {
        if (event.data === 'signed_out') this.set_signed_out();
        else void this.load();
      };
    }
  }

  /** Asks the server who we are; safe to call again after a problem. */
  async load(): Promise<void> {
    this.problem = '';
    try {
      this.server = await this.rest_.call('GetServer');
      if (!this.rest_.may_be_signed_in()) {
        this.set_signed_out();
        return;
      }
      this.set_account(await this.rest_.call('GetMe'));
    } catch (error) {
      if (has_code(error, 'unauthenticated')) {
        this.set_signed_out();
      } else {
        this.problem = error instanceof Error ? error.message : t('The server cannot be reached.');
        this.changed();
      }
    }
  }

  sign_in(body: Routes['SignIn']['body']): Promise<void> {
    return this.enter(this.rest_.call('SignIn', { body }));
  }
  /** The second factor of a sign-in that the server has begun: by a provider, or by a link that sets a password. */
  readonly finish = (pending: string, code: string): Promise<void> =>
    this.enter(this.rest_.call('FinishSignIn', { body: { pending, code } }));
  /** Where a provider's sign-in begins, which comes back to `to`. The browser has to go there: the answer has cookies. */
  provider_address(id: string, to: string): string {
    return this.rest_.address('BeginProviderSignIn', { parameters: { id }, query: { to } });
  }
  /** The page is left for a provider: when it is loaded again, the person may be signed in. */
  leaving_for_provider(): void {
    this.rest_.expect_sign_in();
  }
  link(body: Routes['LinkIdentity']['body']): Promise<void> {
    return this.enter(this.rest_.call('LinkIdentity', { body }));
  }
  async forgot_password(email: string): Promise<void> {
    await this.rest_.call('ForgotPassword', { body: { email } });
  }
  reset_password(body: Routes['ResetPassword']['body']): Promise<void> {
    return this.enter(this.rest_.call('ResetPassword', { body }));
  }
  async send_verification(): Promise<void> {
    await this.rest_.call('SendVerification');
  }
  /** Also without being signed in: the mail may be read elsewhere. */
  async verify_email(token: string): Promise<void> {
    await this.rest_.call('VerifyEmail', { body: { token } });
    if (this.phase === 'signed_in') await this.load();
    this.tabs_?.postMessage('changed');
  }
  register(body: Routes['Register']['body']): Promise<void> {
    return this.enter(this.rest_.call('Register', { body }));
  }
  async set_up(body: Routes['Setup']['body']): Promise<void> {
    await this.enter(this.rest_.call('Setup', { body }));
    if (this.server) this.server = { ...this.server, setup_needed: false };
  }
  async sign_out(everywhere = false): Promise<void> {
    await this.rest_.call(everywhere ? 'SignOutEverywhere' : 'SignOut');
  }
  async update(body: Routes['UpdateMe']['body']): Promise<void> {
    this.set_account(await this.rest_.call('UpdateMe', { body }));
  }
  async change_password(body: Routes['ChangePassword']['body']): Promise<void> {
    await this.rest_.call('ChangePassword', { body });
  }

  private async enter(signed_in: Promise<{ account: Account }>): Promise<void> {
    this.set_account((await signed_in).account);
    this.tabs_?.postMessage('signed_in');
  }
  private set_account(account: Account): void {
    this.account = account;
    this.phase = 'signed_in';
    remember_account(account.id);
    this.changed();
  }
  private set_signed_out(): void {
    if (this.phase === 'signed_out') return;
    this.account = undefined;
    this.phase = 'signed_out';
    remember_account(undefined);
    this.changed();
  }
}
