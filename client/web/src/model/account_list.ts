// SPDX-License-Identifier: GPL-3.0-or-later
// A list of the account's that a page shows whole: asked for, told why it can't be, changed and asked for again.
import { sentence_of } from '../connection/berth_error';
import { Observable } from './observable';

export abstract class AccountList<Item extends { id: string }> extends Observable {
  /** Undefined until it was asked for. */
  items: Item[] | undefined;
  problem = '';
  /** Ids of what is being ended. */
  readonly ending = new Set<string>();

  async load(): Promise<void> {
    try {
      this.items = await this.ask();
      this.problem = '';
    } catch (error) {
      this.problem = sentence_of(error);
    }
    this.changed();
  }

  /** The person has signed out: nothing of it is the next one's. */
  forget(): void {
    this.items = undefined;
    this.problem = '';
    this.ending.clear();
    this.changed();
  }

  /** Rejects with what the server said; then the list is what it was. */
  async end(item: Item): Promise<void> {
    if (this.ending.has(item.id)) return;
    this.ending.add(item.id);
    this.changed();
    try {
      await this.remove(item);
      this.items = this.items?.filter((other) => other.id !== item.id);
    } finally {
      this.ending.delete(item.id);
      this.changed();
    }
  }

  protected abstract ask(): Promise<Item[]>;
  protected abstract remove(item: Item): Promise<unknown>;
}
