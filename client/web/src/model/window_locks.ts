// SPDX-License-Identifier: GPL-3.0-or-later
// Which windows of this browser live: what one of them kept is another's to take up only once it is gone. A window holds a
// lock of its own as long as it lives; the browser frees it with the window, however that ends.

export interface WindowLocks {
  /** The name of this window. */
  readonly own: string;
  /** From now on this window lives. */
  hold(): void;
  /**
   * Calls `act` once the window `name` is gone, and lets no other window act on it meanwhile. Never where it can't be told.
   */
  when_gone(name: string, act: () => Promise<void>): void;
  /** This window lives no more, and waits for no other. */
  release(): void;
}

export class BrowserWindowLocks implements WindowLocks {
  readonly own = random_name();
  private readonly end_ = new AbortController();

  constructor(private readonly locks_: LockManager) {}

  hold(): void {
    const ended = new Promise<void>((resolve) => this.end_.signal.addEventListener('abort', () => resolve()));
    this.locks_.request(lock_of(this.own), () => ended).catch(() => {}); // refused: nobody takes from this window then
  }
  when_gone(name: string, act: () => Promise<void>): void {
    this.locks_.request(lock_of(name), { signal: this.end_.signal }, act).catch(() => {}); // this window went first
  }
  release(): void {
    this.end_.abort();
  }
}

/**
 * Where there are no locks (a page that came over plain HTTP): the name stays with the browser tab over reloads and
 * crashes, and only the same tab takes up what it kept.
 */
export class TabWindowLocks implements WindowLocks {
  readonly own: string;

  constructor(storage: Storage | undefined) {
    const known = storage?.getItem('berth.window');
    this.own = known ?? random_name();
    try {
      storage?.setItem('berth.window', this.own);
    } catch {
      // Full or off: a reload is a new window then.
    }
  }
  hold(): void {}
  when_gone(name: string, act: () => Promise<void>): void {
    if (name === this.own) void act();
  }
  release(): void {}
}

export function window_locks(storage: Storage | undefined): WindowLocks {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  return locks ? new BrowserWindowLocks(locks) : new TabWindowLocks(storage);
}

function lock_of(name: string): string {
  return `berth.window.${name}`;
}

function random_name(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
