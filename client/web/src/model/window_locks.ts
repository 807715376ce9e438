// SPDX-License-Identifier: GPL-3.0-or-later
// Which windows of this browser live: what one of them kept is another's to take up only once it is gone. A window holds a
// lock of its own as long as it lives; the browser frees it with the window, however that ends.

const tab_key = 'berth.window';

export interface WindowLocks {
  /** The name of this window, once `hold` has resolved. */
  readonly own: string;
  /** From now on this window lives. Resolves once its name is nobody else's. */
  hold(): Promise<void>;
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

  hold(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.end_.signal.addEventListener('abort', () => resolve()));
    this.locks_.request(lock_of(this.own), () => ended).catch(() => {}); // refused: nobody takes from this window then
    return Promise.resolve();
  }
  when_gone(name: string, act: () => Promise<void>): void {
    this.locks_.request(lock_of(name), { signal: this.end_.signal }, act).catch(() => {}); // this window went first
  }
  release(): void {
    this.end_.abort();
  }
}

/** What windows without locks tell each other. */
interface Said {
  /** wanted: may I have the name? Of those who ask the least `window` may, unless somebody has it. */
  kind: 'wanted' | 'mine';
  name: string;
  window: string; // the page's own, which no duplicate shares
}
export type WindowChannel = Pick<BroadcastChannel, 'postMessage' | 'onmessage' | 'close'>;

const answer_time = 300; // ms in which a living window says that a name is its own

/**
 * Where there are no locks (a page that came over plain HTTP): the name stays with the browser tab over reloads and
 * crashes, and only the same tab takes up what it kept. A tab that was duplicated has the name too: it asks who lives under
 * it, and takes another one when somebody does.
 */
export class TabWindowLocks implements WindowLocks {
  own: string;
  private readonly window_ = random_name();
  private state_: 'new' | 'asking' | 'gives_way' | 'held';
  private give_way_: () => void = () => {};

  constructor(
    private readonly storage_: Storage | undefined,
    private readonly channel_?: WindowChannel,
  ) {
    const known = storage_?.getItem(tab_key);
    this.state_ = known ? 'new' : 'held';
    this.own = known ?? random_name();
    if (!known) this.store();
    if (channel_) channel_.onmessage = ({ data }: MessageEvent<unknown>) => this.hear(data);
  }

  async hold(): Promise<void> {
    if (this.state_ !== 'new' || !this.channel_) return;
    this.state_ = 'asking';
    const taken = await new Promise<boolean>((resolve) => {
      this.give_way_ = () => resolve(true);
      setTimeout(() => resolve(false), answer_time);
      this.say('wanted');
    });
    if (taken) {
      this.own = random_name();
      this.store();
    }
    this.state_ = 'held';
  }
  when_gone(name: string, act: () => Promise<void>): void {
    if (name === this.own) void act();
  }
  release(): void {
    this.channel_?.close();
  }

  private hear(data: unknown): void {
    const { kind, name, window } = (data ?? {}) as Partial<Said>;
    if (name !== this.own || typeof window !== 'string') return;
    if (this.state_ === 'held' && kind === 'wanted') this.say('mine');
    if (this.state_ !== 'asking') return;
    if (kind === 'mine' || (kind === 'wanted' && window < this.window_)) {
      this.state_ = 'gives_way';
      this.give_way_();
    } else if (kind === 'wanted') {
      this.say('wanted'); // it came later, and did not hear
    }
  }
  private say(kind: Said['kind']): void {
    this.channel_?.postMessage({ kind, name: this.own, window: this.window_ } satisfies Said);
  }
  private store(): void {
    try {
      this.storage_?.setItem(tab_key, this.own);
    } catch {
      // Full or off: a reload is a new window then.
    }
  }
}

export function window_locks(storage: Storage | undefined): WindowLocks {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  if (locks) return new BrowserWindowLocks(locks);
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('berth.windows');
  return new TabWindowLocks(storage, channel);
}

function lock_of(name: string): string {
  return `berth.window.${name}`;
}

function random_name(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
