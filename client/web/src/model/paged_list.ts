// SPDX-License-Identifier: GPL-3.0-or-later
// A list too long for one answer: searched by the server, fetched page by page.
import { sentence_of } from '../connection/berth_error';
import { Observable } from './observable';

export interface Page<Item> {
  items: Item[];
  next?: string;
}

/** A list that comes page by page. What a slower, older question answers is dropped. */
export class PagedList<Item, Wish extends object> extends Observable {
  items: Item[] | undefined;
  more = false;
  busy = false;
  problem = '';
  private next_: string | undefined;
  private asked_ = 0;

  constructor(
    private readonly fetch_: (wish: Wish, cursor: string | undefined) => Promise<Page<Item>>,
    public wish: Wish,
  ) {
    super();
  }

  /** From the beginning, for other wishes too. */
  load(wish: Wish = this.wish): Promise<void> {
    this.wish = wish;
    return this.ask(undefined);
  }

  load_more(): Promise<void> {
    return this.more && !this.busy ? this.ask(this.next_) : Promise.resolve();
  }

  /** Of the item that `same` finds, what it is now. */
  put(item: Item, same: (one: Item) => boolean): void {
    this.items = this.items?.map((one) => (same(one) ? item : one));
    this.changed();
  }

  private async ask(cursor: string | undefined): Promise<void> {
    const asked = ++this.asked_;
    this.busy = true;
    this.changed();
    try {
      const page = await this.fetch_(this.wish, cursor);
      if (asked !== this.asked_) return;
      this.items = cursor === undefined ? page.items : [...(this.items ?? []), ...page.items];
      this.next_ = page.next;
      this.more = page.next !== undefined;
      this.problem = '';
    } catch (error) {
      if (asked !== this.asked_) return;
      this.problem = sentence_of(error);
    }
    this.busy = false;
    this.changed();
  }
}
