// SPDX-License-Identifier: GPL-3.0-or-later
// Typed text that the runner has not acknowledged, kept in this browser tab's storage: after a reload, or a crash of the
// page, it is sent again under its old operation ids, so it arrives once. Nothing is written while answers are quick.
import { TextOperation, type Run } from '../protocol/text_operation';
import type { Document } from './document';

/** A document as far as the runner may not have it: the text it stood on, and what was typed over it. */
export interface UnsentText {
  /** The runner's id for the document then; another one now means that the runner has begun it anew. */
  document: string;
  base: string;
  base_version: number;
  in_flight: { operation: TextOperation; operation_id: string; base_version: number } | undefined;
  waiting: TextOperation | undefined;
}

/** Units of a text above which it is not kept: storage holds some five million, for all documents of the tab. */
export const longest_kept = 1 << 19;
const patience = 250; // ms for which an edit may be unacknowledged before it is written

export class UnsentTexts {
  private readonly kept_ = new Map<Document, string>(); // the key it is stored under
  private readonly timers_ = new Map<Document, ReturnType<typeof setTimeout>>();

  /**
   * `scope`: the account and the workspace; nothing of another one is ever given back. Without storage nothing is kept.
   */
  constructor(
    private readonly scope_: string,
    private readonly storage_: Storage | undefined,
  ) {}

  /** From now on what is typed into `document` is kept while it is unacknowledged. */
  follow(document: Document): void {
    document.subscribe(() => {
      if (!document.has_pending()) return this.forget(document);
      if (this.timers_.has(document)) return;
      this.timers_.set(
        document,
        setTimeout(() => this.keep(document), patience),
      );
    });
  }

  /**
   * Before an operation goes out: what is stored must name it, or a crash right after would send it again under another
   * id. Where nothing is stored (the rule while answers are quick) this costs nothing.
   */
  before_sending(document: Document): void {
    if (this.kept_.has(document)) this.keep(document);
  }

  /** Writes what `document` has pending now: when time is up, and when the page goes. */
  keep(document: Document): void {
    clearTimeout(this.timers_.get(document));
    this.timers_.delete(document);
    const key = this.key(document.path);
    if (this.kept_.get(document) !== key) this.forget(document); // it was moved meanwhile
    const unsent = document.base_length() > longest_kept ? undefined : document.unsent();
    const json = unsent && to_json(unsent);
    if (!json || json.length > 2 * longest_kept) return this.forget(document);
    try {
      this.storage_?.setItem(key, json);
      this.kept_.set(document, key);
    } catch {
      this.forget(document); // storage is full or off: an older state would be worse than none
    }
  }

  /** What an earlier page left for this path. */
  left(path: string): UnsentText | undefined {
    return from_json(this.storage_?.getItem(this.key(path)) ?? null);
  }
  /** `document` has what was left for `path`: it goes from storage once the runner has it. */
  hand_over(path: string, document: Document): void {
    this.kept_.set(document, this.key(path));
  }

  /** Paths for which an earlier page left something. */
  paths(): string[] {
    const start = this.key('');
    const keys = Array.from({ length: this.storage_?.length ?? 0 }, (_, index) => this.storage_?.key(index) ?? '');
    return keys.filter((key) => key.startsWith(start)).map((key) => key.slice(start.length));
  }

  private forget(document: Document): void {
    clearTimeout(this.timers_.get(document));
    this.timers_.delete(document);
    const key = this.kept_.get(document);
    if (key === undefined) return;
    this.kept_.delete(document);
    this.storage_?.removeItem(key);
  }

  private key(path: string): string {
    return `berth.unsent.${this.scope_}.${path}`;
  }
}

function to_json({ in_flight, waiting, ...rest }: UnsentText): string {
  return JSON.stringify({
    ...rest,
    ...(in_flight ? { in_flight: { ...in_flight, operation: in_flight.operation.to_wire() } } : {}),
    ...(waiting ? { waiting: waiting.to_wire() } : {}),
  });
}

/** Undefined where the text is not of one piece: another version of this page may have written it. */
function from_json(text: string | null): UnsentText | undefined {
  try {
    const stored = JSON.parse(text ?? 'null') as {
      document: string;
      base: string;
      base_version: number;
      in_flight?: { operation: Run[]; operation_id: string; base_version: number };
      waiting?: Run[];
    } | null;
    if (typeof stored?.document !== 'string' || typeof stored.base !== 'string') return undefined;
    const flying = stored.in_flight && TextOperation.from_wire(stored.in_flight.operation);
    const waiting = stored.waiting && TextOperation.from_wire(stored.waiting);
    const between = flying ? flying.apply(stored.base) : stored.base;
    if (between === undefined || (!flying && !waiting)) return undefined;
    if (waiting && waiting.apply(between) === undefined) return undefined;
    const { document, base, base_version } = stored;
    const in_flight =
      stored.in_flight && flying
        ? {
            operation: flying,
            operation_id: stored.in_flight.operation_id,
            base_version: stored.in_flight.base_version,
          }
        : undefined;
    return { document, base, base_version, in_flight, waiting };
  } catch {
    return undefined;
  }
}
