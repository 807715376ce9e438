// SPDX-License-Identifier: GPL-3.0-or-later
// What a person likes, the same in every browser and desktop they sign in to: what is chosen here goes to the server, what was
// chosen elsewhere comes from it. Of each field the newest counts. What could not be sent yet is remembered in this browser.
import { has_code } from '../connection/berth_error';
import type { RestClient } from '../connection/rest_client';
import type { Routes } from '../protocol/messages';
import type { AccountModel } from './account';
import type { Preferences } from './preferences';

type Stored = Routes['GetPreferences']['result'];

const unsent_key = 'berth.preferences.unsent';
const gathering = 500; // ms: several choices go together
const look_pause = 30_000; // ms between two looks because the page was looked at
const retry_pause = 15_000; // ms

export class RoamingPreferences {
  private unsent_: Map<string, number>; // name → when it was chosen, Unix ms
  private timer_: ReturnType<typeof setTimeout> | undefined;
  private looked_ = -Infinity;
  private busy_ = false;

  constructor(
    private readonly rest_: RestClient,
    private readonly account_: AccountModel,
    private readonly preferences_: Preferences,
    private readonly now_: () => number = Date.now,
  ) {
    this.unsent_ = read_unsent(preferences_);
    preferences_.on_choice = (name) => {
      this.unsent_.set(name, this.now_());
      this.keep_unsent();
      this.plan(gathering);
    };
    let person = '';
    account_.subscribe(() => {
      const now = account_.account?.id ?? '';
      if (now === person) return;
      // What somebody chose while signed in is theirs, not the next one's.
      if (person) this.forget_unsent();
      person = now;
      if (!now) return;
      // Another's that this browser still has: neither run for this one nor sent as theirs.
      if (preferences_.profiles_are_of(now)) this.forget('terminal.profiles', 'terminal.default_profile');
      this.plan(0);
    });
    globalThis.document?.addEventListener('visibilitychange', () => this.looked_at());
    globalThis.addEventListener?.('focus', () => this.looked_at());
  }

  /** Sends what was chosen and takes what was chosen elsewhere; never throws. */
  async exchange(): Promise<void> {
    if (this.busy_ || this.account_.phase !== 'signed_in') return;
    this.busy_ = true;
    const person = this.account_.account?.id;
    this.looked_ = this.now_();
    const sent = new Map(this.unsent_);
    try {
      const answer = await this.ask(sent);
      if (this.account_.account?.id !== person) return;
      for (const [name, chosen] of sent) if (this.unsent_.get(name) === chosen) this.unsent_.delete(name);
      this.keep_unsent();
      for (const { name, value } of answer.preferences)
        if (!this.unsent_.has(name)) this.preferences_.take(name, parse(value));
    } catch (error) {
      if (this.account_.account?.id !== person) return;
      // What the server never takes is not sent for ever; what it takes beside that still is.
      const refused = refused_of(error, sent);
      if (refused !== undefined) {
        if (this.unsent_.get(refused) === sent.get(refused)) this.forget(refused);
      } else if (has_code(error, 'invalid_argument', 'limit_exceeded')) this.forget_unsent();
      else if (sent.size > 0) this.plan(retry_pause);
    } finally {
      this.busy_ = false;
    }
    if (this.unsent_.size > 0 && this.timer_ === undefined) this.plan(gathering);
  }

  private ask(chosen: Map<string, number>): Promise<Stored> {
    if (chosen.size === 0) return this.rest_.call('GetPreferences');
    const now = this.now_();
    const preferences = [...chosen].map(([name, at]) => ({
      name,
      value: JSON.stringify(this.preferences_.value_of(name)),
      age: Math.max(0, now - at),
    }));
    return this.rest_.call('UpdatePreferences', { body: { preferences } });
  }

  private looked_at(): void {
    if (globalThis.document?.visibilityState === 'hidden' || this.now_() - this.looked_ < look_pause) return;
    void this.exchange();
  }

  private plan(pause: number): void {
    clearTimeout(this.timer_);
    this.timer_ = setTimeout(() => {
      this.timer_ = undefined;
      void this.exchange();
    }, pause);
  }

  private keep_unsent(): void {
    try {
      if (this.unsent_.size === 0) localStorage.removeItem(unsent_key);
      else localStorage.setItem(unsent_key, JSON.stringify([...this.unsent_]));
    } catch {
      // Storage is off: remembered for this page alone.
    }
  }

  private forget(...names: string[]): void {
    for (const name of names) this.unsent_.delete(name);
    this.keep_unsent();
  }

  private forget_unsent(): void {
    this.unsent_.clear();
    this.keep_unsent();
  }
}

function read_unsent(preferences: Preferences): Map<string, number> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(unsent_key) ?? '[]');
    if (!Array.isArray(stored)) return new Map();
    return new Map(
      stored.filter(
        (entry): entry is [string, number] =>
          Array.isArray(entry) &&
          typeof entry[0] === 'string' &&
          typeof entry[1] === 'number' &&
          preferences.value_of(entry[0]) !== undefined,
      ),
    );
  } catch {
    return new Map();
  }
}

/** The field that the server does not take, as its answer names it. */
function refused_of(error: unknown, sent: Map<string, number>): string | undefined {
  if (!has_code(error, 'invalid_argument')) return undefined;
  const at = /^body\.preferences\[(\d{1,4})\]/.exec(error.message)?.[1];
  return at === undefined ? undefined : [...sent.keys()][Number(at)];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
