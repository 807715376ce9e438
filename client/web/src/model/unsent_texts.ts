// SPDX-License-Identifier: GPL-3.0-or-later
// Typed text that the runner has not acknowledged, kept by this browser: after a reload, a crash, or a long time without a
// connection it goes on where it stopped. What was under way then is sent again as it was, what waited goes under names of its
// own: so it arrives once, and no name means two things. A window's texts are its own while it lives; once it is gone another window of this account and workspace takes them up. Nothing is written while
// answers are quick.
import { TextOperation, type Run } from '../protocol/text_operation';
import type { Document } from './document';
import { Observable } from './observable';
import type { InFlight, TypedParts } from './typed_text';
import type { UnsentRecord, UnsentStore } from './unsent_store';
import type { WindowLocks } from './window_locks';

/** A document as far as the runner may not have it: the text it stood on, and what was typed over it. */
export interface UnsentText extends TypedParts {
  /** The name under which it is kept. */
  author: string;
  /** The runner's id for the document then; another one now means that the runner has begun it anew. "" says nothing. */
  document: string;
  /** ms; since when there was no connection: 0 when the person has yet to choose, undefined when there was one. */
  offline_since: number | undefined;
  kept_at: number; // ms
}

const patience = 250; // ms for which an edit may be unacknowledged before it is written
const again_pause = 5000; // ms until what could not be written is tried again
const store_deadline = 2000; // ms: a store that takes longer doesn't hold back what is sent
const takeover_grace = 500; // ms for which opening files waits for what a reloaded page left

/** What is kept of one document. */
interface Shelf {
  author: string; // of what is stored
  stored: boolean; // as far as was asked for
  revision: number; // of what was written last
  /** Grows with each failure: what was asked for before one stands on a text that may not be stored. */
  failures: number;
  /** What the document has pending could not be written, or not soon. */
  unkept: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
  busy: Promise<void> | undefined;
}

export class UnsentTexts extends Observable {
  /** This browser keeps nothing, or not all of what is pending: a private window, no room, or switched off. */
  refused: boolean;
  /** What was typed could not be kept, and the person did not say yet that they know. */
  untold = false;
  /** A window is gone that had typed into this file. */
  on_left: (path: string) => void = () => {};
  private readonly shelves_ = new Map<Document, Shelf>();
  private readonly left_: { path: string; text: UnsentText }[] = [];
  private started_: Promise<void> | undefined;
  private readonly watched_ = new Set<string>(); // windows whose end is waited for
  private failing_ = false; // the store refused, or was slow, when it was asked last
  /** Once a page is enough; but that the store is slow is no refusal, and says nothing of one after it. */
  private said_: 'nothing' | 'slow' | 'was_slow' | 'refused' = 'nothing';
  private early_ = true; // nobody has been told yet what is left
  private closed_ = false;

  /** `scope`: the account and the workspace; nothing of another one is ever given back. Without a store nothing is kept. */
  constructor(
    private readonly scope_: string,
    private readonly store_: UnsentStore | undefined,
    private readonly locks_: WindowLocks | undefined,
  ) {
    super();
    this.refused = store_ === undefined;
  }

  /** Looks for what windows that are gone have left; resolves once that is known, or soon. */
  start(): Promise<void> {
    this.started_ ??= this.look();
    return this.started_;
  }

  /** What is kept stays for the next window; nothing is written after this. */
  close(): void {
    for (const [document, { timer }] of this.shelves_) {
      clearTimeout(timer);
      this.keep(document);
    }
    this.closed_ = true;
    this.locks_?.release();
  }

  /** From now on what is typed into `document` is kept while it is unacknowledged. `taken`: it goes on with what was left. */
  follow(document: Document, taken?: UnsentText): void {
    if (this.shelves_.has(document)) return;
    const shelf = this.shelf_of(document);
    if (taken) this.hand_over(document, taken);
    document.subscribe(() => {
      if (this.closed_) return;
      if (!document.has_pending()) return this.drop(document, shelf);
      if (shelf.timer !== undefined || shelf.revision === document.unsent_revision) return;
      shelf.timer = setTimeout(() => void this.write(document, shelf), patience);
    });
  }

  /**
   * Before an operation goes out: what is stored must name it, or a crash right after would send it again under another
   * id. Where nothing is stored (the rule while answers are quick) there is nothing to wait for.
   */
  before_sending(document: Document): Promise<void> | undefined {
    const shelf = this.shelves_.get(document);
    if (!shelf || (!shelf.stored && !shelf.busy)) return undefined;
    const written = shelf.stored ? this.write(document, shelf) : shelf.busy;
    return Promise.race([written, after(store_deadline)]);
  }

  /** Writes what `document` has pending at once: the page may be going. */
  keep(document: Document): void {
    const shelf = this.shelves_.get(document);
    if (!shelf || !document.has_pending() || this.closed_) return;
    if (!shelf.stored || shelf.revision !== document.unsent_revision) void this.write(document, shelf);
  }

  /** `document` is closed, and the runner has all of it. */
  forget(document: Document): void {
    const shelf = this.shelves_.get(document);
    if (shelf) this.drop(document, shelf);
    this.shelves_.delete(document);
  }

  /** What a window that is gone left for this path, now the caller's. */
  take(path: string): UnsentText | undefined {
    const at = this.left_.findIndex((left) => left.path === path);
    return at < 0 ? undefined : this.left_.splice(at, 1)[0]?.text;
  }
  /** What was taken could not be gone on with: it stays for later. */
  give_back(path: string, text: UnsentText): void {
    this.left_.unshift({ path, text });
  }
  /** `document` goes on with what was taken: it is kept until the runner has it. */
  hand_over(document: Document, { author }: UnsentText): void {
    Object.assign(this.shelf_of(document), { author, stored: true, revision: -1 });
  }
  /** The person was told that what they type is not kept. */
  told(): void {
    this.untold = false;
    this.changed();
  }
  /** Files for which something is left that no document goes on with yet. */
  paths(): string[] {
    return [...new Set(this.left_.map(({ path }) => path))];
  }

  /** Later: other windows may have come and typed since; what they leave is taken up once they are gone. */
  async look_again(): Promise<void> {
    if (this.started_ === undefined || this.closed_) return;
    void (await this.watch(false));
  }

  private async look(): Promise<void> {
    const take = async () => {
      await this.locks_?.hold();
      const adoptions = await this.watch(true);
      if (adoptions.length > 0) await Promise.race([Promise.all(adoptions), after(takeover_grace)]);
    };
    await Promise.race([take(), after(store_deadline)]);
    this.early_ = false;
  }

  /**
   * Waits for the end of every window that keeps something here; a promise for each that was not waited for before. `own`:
   * also what a page before left under this window's name.
   */
  private async watch(own: boolean): Promise<Promise<void>[]> {
    const { store_: store, locks_: locks } = this;
    if (!store || !locks) return [];
    let found: UnsentRecord[];
    try {
      found = await store.all(this.scope_);
    } catch {
      this.judge(true);
      return [];
    }
    const fresh = new Set(found.map(({ window }) => window));
    if (!own) fresh.delete(locks.own);
    for (const window of this.watched_) fresh.delete(window);
    return [...fresh].map((window) => {
      this.watched_.add(window);
      return new Promise<void>((resolve) =>
        locks.when_gone(window, async () => {
          this.watched_.delete(window);
          await this.adopt(store, window);
          resolve();
          if (!this.early_) for (const path of this.paths()) this.on_left(path);
        }),
      );
    });
  }

  /** Takes over what a window left, while no other window can. */
  private async adopt(store: UnsentStore, window: string): Promise<void> {
    try {
      if (this.closed_) return;
      for (const record of await store.all(this.scope_)) {
        if (record.window !== window) continue;
        const text = text_of(record, await store.base(record.author));
        if (!text) continue; // of another version of this page
        const own = this.locks_?.own ?? window;
        if (window !== own) await store.put({ ...record, window: own }, undefined);
        this.left_.push({ path: record.path, text });
      }
    } catch {
      this.judge(true); // it stays as it is for the next window
    }
  }

  private shelf_of(document: Document): Shelf {
    let shelf = this.shelves_.get(document);
    if (!shelf) {
      shelf = {
        author: '',
        stored: false,
        revision: -1,
        failures: 0,
        unkept: false,
        timer: undefined,
        busy: undefined,
      };
      this.shelves_.set(document, shelf);
    }
    return shelf;
  }

  /** Never rejects. */
  private write(document: Document, shelf: Shelf): Promise<void> {
    clearTimeout(shelf.timer);
    shelf.timer = undefined;
    const unsent = document.unsent();
    if (!unsent || !this.store_ || this.closed_) return Promise.resolve();
    const replaces = shelf.stored && shelf.author !== unsent.author ? shelf.author : undefined;
    let base: string | undefined;
    if (!shelf.stored || replaces !== undefined || !document.base_is_marked()) {
      base = document.base();
      document.mark_base();
    }
    const { in_flight } = unsent;
    const record: UnsentRecord = {
      ...unsent,
      scope: this.scope_,
      window: this.locks_?.own ?? '',
      path: document.path,
      base_change: document.base_change()?.to_wire(),
      waiting: unsent.waiting?.to_wire(),
      in_flight: in_flight && {
        ...in_flight,
        operation: in_flight.operation.to_wire(),
        sent: in_flight.sent.to_wire(),
      },
      kept_at: Date.now(),
    };
    Object.assign(shelf, { author: unsent.author, stored: true, revision: document.unsent_revision });
    const { failures } = shelf;
    // Until it is written it is not kept.
    const late = setTimeout(() => this.tell_unkept(document, shelf, 'slow'), store_deadline);
    const written = this.store_.put(record, base, replaces).then(
      () => {
        clearTimeout(late);
        // Nothing is kept by a change whose base could not be, and it goes with what is left of that one.
        if (failures === shelf.failures) this.on_kept(shelf);
      },
      async () => {
        clearTimeout(late);
        if (failures !== shelf.failures) return; // what was to be done was done then; a later state may stand by now
        ++shelf.failures;
        // An older state would be worse than none: its operations may have arrived, and others with them.
        document.unmark_base();
        shelf.revision = -1;
        this.tell_unkept(document, shelf, 'refused');
        for (const author of [unsent.author, replaces])
          if (author !== undefined) await this.store_?.remove(author).catch(() => {});
        if (!this.closed_ && document.has_pending())
          shelf.timer ??= setTimeout(() => void this.write(document, shelf), again_pause);
      },
    );
    return this.occupy(shelf, written);
  }

  private drop(document: Document, shelf: Shelf): void {
    clearTimeout(shelf.timer);
    shelf.timer = undefined;
    document.unmark_base();
    shelf.unkept = false;
    this.judge();
    if (!shelf.stored) return;
    Object.assign(shelf, { stored: false, revision: -1 });
    void this.occupy(shelf, this.store_?.remove(shelf.author).catch(() => this.judge(true)) ?? Promise.resolve());
  }

  private occupy(shelf: Shelf, work: Promise<void>): Promise<void> {
    const busy = work.finally(() => {
      if (shelf.busy === busy) shelf.busy = undefined;
    });
    shelf.busy = busy;
    return busy;
  }

  private on_kept(shelf: Shelf): void {
    shelf.unkept = false;
    if (this.said_ === 'slow') this.said_ = 'was_slow';
    this.judge(false);
  }

  private tell_unkept(document: Document, shelf: Shelf, how: 'slow' | 'refused'): void {
    const { said_: said } = this;
    if (said === 'nothing' || (said === 'was_slow' && how === 'refused')) this.untold = true;
    if (said === 'nothing' || how === 'refused') this.said_ = how;
    shelf.unkept = document.has_pending(); // else it was sent meanwhile
    this.judge(true);
  }

  /** `failing`: how the store answered. A text that is not kept counts whatever became of another one. */
  private judge(failing = this.failing_): void {
    this.failing_ = failing;
    const refused = !this.store_ || failing || [...this.shelves_.values()].some(({ unkept }) => unkept);
    if (this.refused === refused) return;
    this.refused = refused;
    this.changed();
  }
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Undefined where the parts don't fit together: another version of this page may have written them. */
function text_of(record: UnsentRecord, base: string | undefined): UnsentText | undefined {
  const read = (wire: Run[] | undefined) => (wire ? TextOperation.from_wire(wire) : undefined);
  const change = read(record.base_change);
  const start = base !== undefined && change ? change.apply(base) : base;
  if (start === undefined || (record.base_change && !change)) return undefined;
  const operation = read(record.in_flight?.operation);
  const sent = read(record.in_flight?.sent);
  const waiting = read(record.waiting);
  const between = operation ? operation.apply(start) : start;
  if (between === undefined || (waiting && waiting.apply(between) === undefined)) return undefined;
  if (!operation !== !sent || !operation !== !record.in_flight || !waiting !== !record.waiting) return undefined;
  const in_flight: InFlight | undefined =
    record.in_flight && operation && sent ? { ...record.in_flight, operation, sent } : undefined;
  const { author, document, base_version, offline_since, kept_at } = record;
  return { base: start, base_version, in_flight, waiting, author, document, offline_since, kept_at };
}
