// SPDX-License-Identifier: GPL-3.0-or-later
// The account's second factor: off, being set up, on; and recovery codes that are shown once.
import { sentence_of } from '../connection/berth_error';
import type { RestClient } from '../connection/rest_client';
import { Observable } from './observable';

export class SecondFactor extends Observable {
  state: 'unknown' | 'off' | 'on' = 'unknown';
  recovery_codes_left = 0;
  problem = '';
  /** While it is being set up: what the authenticator app needs. Not in force yet. */
  beginning: { secret: string; uri: string } | undefined;
  /** New recovery codes, until the person says that they are kept. */
  recovery_codes: string[] | undefined;

  constructor(private readonly rest_: RestClient) {
    super();
  }

  async load(): Promise<void> {
    try {
      const { enabled, recovery_codes_left } = await this.rest_.call('GetSecondFactor');
      Object.assign(this, { state: enabled ? 'on' : 'off', recovery_codes_left, problem: '' });
    } catch (error) {
      this.problem = sentence_of(error);
    }
    this.changed();
  }

  /** The person has signed out: nothing of it is the next one's. */
  forget(): void {
    Object.assign(this, { state: 'unknown', problem: '', beginning: undefined, recovery_codes: undefined });
    this.changed();
  }

  async begin(password: string): Promise<void> {
    this.beginning = await this.rest_.call('BeginSecondFactor', { body: { password } });
    this.changed();
  }
  cancel(): void {
    this.beginning = undefined;
    this.changed();
  }
  async confirm(code: string): Promise<void> {
    const { recovery_codes } = await this.rest_.call('ConfirmSecondFactor', { body: { code: plain_code(code) } });
    this.beginning = undefined;
    this.state = 'on';
    this.show(recovery_codes);
  }
  async disable(password: string, code: string): Promise<void> {
    await this.rest_.call('DisableSecondFactor', { body: { password, code: plain_code(code) } });
    Object.assign(this, { state: 'off', recovery_codes: undefined, recovery_codes_left: 0 });
    this.changed();
  }
  async renew_recovery_codes(code: string): Promise<void> {
    this.show((await this.rest_.call('RenewRecoveryCodes', { body: { code: plain_code(code) } })).recovery_codes);
  }
  /** The person has them. */
  codes_kept(): void {
    this.recovery_codes = undefined;
    this.changed();
  }

  private show(codes: string[]): void {
    this.recovery_codes = codes;
    this.recovery_codes_left = codes.length;
    this.changed();
  }
}

/** As people type it: apps show "123 456", and recovery codes are copied with what is around them. */
export function plain_code(typed: string): string {
  return typed.replace(/\s+/g, '').toLowerCase();
}
