// SPDX-License-Identifier: GPL-3.0-or-later
// A program or a device that asks to be signed in as this account: what it says of itself, and the person's answer.
import { sentence_of } from '../connection/berth_error';
import type { RestClient } from '../connection/rest_client';
import type { SignInRequest } from '../protocol/messages';
import { Observable } from './observable';
import { t } from './translation';

/** native: a program on this machine, which waits at a loopback address. device: one that shows a code. */
export type ApprovalKind = 'native' | 'device';

export class Approval extends Observable {
  asking: SignInRequest | undefined;
  problem = '';
  answer: 'allowed' | 'denied' | undefined;
  private id_ = '';

  constructor(
    readonly kind: ApprovalKind,
    private readonly rest_: RestClient,
    private readonly leave_: (address: string) => void = (address) => location.assign(address),
  ) {
    super();
  }

  async find(id: string): Promise<void> {
    this.problem = '';
    this.asking = undefined;
    this.id_ = this.kind === 'device' ? user_code(id) : id;
    this.changed();
    try {
      if (this.id_ === '') throw new Error(t('Type the code that the device shows: eight letters and digits.'));
      const name = this.kind === 'device' ? 'GetDeviceRequest' : 'GetNativeRequest';
      this.asking = await this.rest_.call(name, { parameters: { id: this.id_ } });
    } catch (error) {
      this.problem = sentence_of(error);
    }
    this.changed();
  }

  async decide(allow: boolean): Promise<void> {
    const call = { parameters: { id: this.id_ }, body: { allow } };
    if (this.kind === 'device') {
      await this.rest_.call('AnswerDeviceRequest', call);
    } else {
      const { redirect } = await this.rest_.call('AnswerNativeRequest', call);
      if (!is_loopback(redirect)) throw new Error(t('The program’s address is not on this machine. Start it again.'));
      this.leave_(redirect);
    }
    this.answer = allow ? 'allowed' : 'denied';
    this.changed();
  }
}

/** "abcd efgh" as it is meant, "ABCD-EFGH"; "" when it can't be one. */
export function user_code(typed: string): string {
  const letters = typed.toUpperCase().replace(/[^A-Z0-9]/g, '');
  return letters.length === 8 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : '';
}

/** Of this machine and nothing else: RFC 8252 has programs listen there. */
export function is_loopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username } = new URL(address);
  return protocol === 'http:' && (hostname === '127.0.0.1' || hostname === '[::1]') && username === '';
}
