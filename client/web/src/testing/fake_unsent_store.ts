// SPDX-License-Identifier: GPL-3.0-or-later
// A browser's store of unsent text, and which of its windows live, for tests: windows end when told, writing takes as long
// as told, or is refused.
import type { UnsentRecord, UnsentStore } from '../model/unsent_store';
import type { WindowLocks } from '../model/window_locks';

export class FakeUnsentStore implements UnsentStore {
  readonly records = new Map<string, UnsentRecord>();
  readonly bases = new Map<string, string>();
  full = false;
  /** There is room for short records, but for no text under them. */
  full_for_bases = false;
  /** Units of the longest text that there is room for. */
  longest_base = Infinity;
  /** Writes wait for `release` while true. */
  held = false;
  puts = 0;
  base_puts = 0;
  private readonly waiting_: (() => void)[] = [];

  async put(record: UnsentRecord, base: string | undefined, replaces?: string): Promise<void> {
    await this.turn();
    const too_long = base !== undefined && (this.full_for_bases || base.length > this.longest_base);
    if (this.full || too_long) throw new DOMException('full', 'QuotaExceededError');
    ++this.puts;
    if (replaces !== undefined) this.discard(replaces);
    this.records.set(record.author, structuredClone(record));
    if (base === undefined) return;
    ++this.base_puts;
    this.bases.set(record.author, base);
  }
  async remove(author: string): Promise<void> {
    await this.turn();
    this.discard(author);
  }
  async all(scope: string): Promise<UnsentRecord[]> {
    await this.turn();
    return [...this.records.values()]
      .filter((record) => record.scope === scope)
      .map((record) => structuredClone(record));
  }
  async base(author: string): Promise<string | undefined> {
    await this.turn();
    return this.bases.get(author);
  }

  release(): void {
    this.held = false;
    for (const go of this.waiting_.splice(0)) go();
  }
  /** The first that waits is written, or refused; the others wait on. */
  release_one(): void {
    this.waiting_.shift()?.();
  }
  /** What waits is never written: the browser was killed. */
  lose(): void {
    this.held = false;
    this.waiting_.length = 0;
  }

  private discard(author: string): void {
    this.records.delete(author);
    this.bases.delete(author);
  }
  private turn(): Promise<void> {
    return this.held ? new Promise((resolve) => this.waiting_.push(resolve)) : Promise.resolve();
  }
}

/** The windows of one browser. */
export class FakeWindows {
  private readonly living_ = new Set<string>();
  private readonly waiting_: { name: string; by: string; act: () => Promise<void> }[] = [];
  private opened_ = 0;

  open(): WindowLocks {
    const own = `window ${++this.opened_}`;
    return {
      own,
      hold: () => {
        this.living_.add(own);
        return Promise.resolve();
      },
      when_gone: (name, act) => {
        if (!this.living_.has(name)) void act();
        else this.waiting_.push({ name, by: own, act });
      },
      release: () => this.end(own),
    };
  }

  /** The window is gone, however that happened: the first living one that waited for it may act. */
  end(own: string): void {
    this.living_.delete(own);
    for (let at = this.waiting_.length - 1; at >= 0; --at)
      if (this.waiting_[at]?.by === own) this.waiting_.splice(at, 1);
    for (;;) {
      const next = this.waiting_.findIndex(({ name }) => name === own);
      if (next < 0) return;
      void this.waiting_.splice(next, 1)[0]?.act();
    }
  }
}
