// SPDX-License-Identifier: GPL-3.0-or-later
// Signing in by a password, a link from a mail or a provider, and the second factor that may follow each of them.
import { has_code } from '../connection/berth_error';
import { Observable } from './observable';
import { plain_code } from './second_factor';

/** Sends what the first step knows, and the code once there is one. */
export type Attempt = (code?: string) => Promise<void>;
/** Sends a code for a sign-in that the server has begun. */
export type Finish = (pending: string, code: string) => Promise<void>;

export class SignInSteps extends Observable {
  step: 'first' | 'code' = 'first';
  /** Why the person has to begin anew, where a code came too late. */
  expired = '';
  private attempt_: Attempt | undefined;

  constructor(
    private readonly finish_: Finish,
    pending = '',
  ) {
    super();
    if (pending) this.continue_with(pending);
  }

  /** Rejects with what the person should read; resolves signed in, or with `step` "code". */
  async begin(attempt: Attempt): Promise<void> {
    this.expired = '';
    try {
      await attempt();
    } catch (error) {
      if (!has_code(error, 'unauthenticated') || error.data['second_factor'] === undefined) throw error;
      const { pending } = error.data;
      if (pending) return this.continue_with(pending);
      this.attempt_ = attempt;
      this.step = 'code';
      this.changed();
    }
  }

  async code(typed: string): Promise<void> {
    try {
      await this.attempt_?.(plain_code(typed));
    } catch (error) {
      // Not the code: what came before it does not hold any more.
      if (has_code(error, 'unauthenticated', 'not_found') && error.data['second_factor'] === undefined) {
        this.expired = error.message;
        this.back();
        return;
      }
      throw error;
    }
  }

  back(): void {
    this.step = 'first';
    this.attempt_ = undefined;
    this.changed();
  }

  private continue_with(pending: string): void {
    this.attempt_ = (code = '') => this.finish_(pending, code);
    this.step = 'code';
    this.changed();
  }
}
