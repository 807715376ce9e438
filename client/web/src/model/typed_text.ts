// SPDX-License-Identifier: GPL-3.0-or-later
// A document's text as the person sees it, and how much of it the runner has: no wire, no states, no choices of people.
//
//   text = base · in flight · waiting            (base: the runner's text at `version`)
import { TextOperation, transform, type Run } from '../protocol/text_operation';
import { ChunkedText } from './chunked_text';
import { LazyText } from './lazy_text';

const most_at_once = 512 << 10; // units of one operation: far less than a frame may hold, however they are written
const run_cost = 8; // units that a run counts for, besides its text
const most_change = 64 << 10; // what happened to a base since it was written is remembered up to this cost, in units

export interface InFlight {
  /** As it stands in the text now, around what others did since. */
  operation: TextOperation;
  /** As it was first sent, for the version `base_version`: the only form in which it ever goes out. */
  readonly sent: TextOperation;
  readonly operation_id: string;
  readonly base_version: number;
}

/** What a text consists of that an earlier page had, and the runner may not have. */
export interface TypedParts {
  base: string;
  base_version: number;
  in_flight: InFlight | undefined;
  waiting: TextOperation | undefined;
}

/** What an edit became: the operation that takes it back, and what the editor must still do to show the same text. */
export interface Edited {
  operation: TextOperation;
  inverse: TextOperation;
  correction: TextOperation | undefined;
}

/** Random: names the operations of one window's document, `author-1`, `author-2`, … */
function new_author(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export class TypedText {
  version: number;
  private author_ = new_author();
  private operations_made_ = 0;
  private readonly base_: LazyText;
  private readonly text_: ChunkedText;
  private in_flight_: InFlight | undefined;
  private waiting_: TextOperation | undefined;
  private base_change_: TextOperation | undefined; // since `mark_base`, while `marked_`
  private marked_ = false;

  /**
   * What is in flight goes on under its id, as it was first sent; whatever goes out after it has an author of its own. What
   * an earlier page kept may be older than what it sent: no id of it may come to name another operation.
   */
  constructor(parts: TypedParts) {
    this.base_ = new LazyText(parts.base);
    this.version = parts.base_version;
    this.in_flight_ = parts.in_flight;
    this.waiting_ = parts.waiting;
    this.text_ = new ChunkedText(parts.base);
    if (this.in_flight_) this.text_.apply(this.in_flight_.operation);
    if (this.waiting_) this.text_.apply(this.waiting_);
  }

  static fresh(base: string, base_version: number): TypedText {
    return new TypedText({ base, base_version, in_flight: undefined, waiting: undefined });
  }

  /** With everything typed. */
  read(): string {
    return this.text_.read();
  }
  base(): string {
    return this.base_.read();
  }
  base_length(): number {
    return this.base_.length();
  }
  in_flight(): InFlight | undefined {
    return this.in_flight_;
  }
  waiting(): TextOperation | undefined {
    return this.waiting_;
  }
  /** Whose name the next operation gets. */
  author(): string {
    return this.author_;
  }
  has_pending(): boolean {
    return this.in_flight_ !== undefined || this.waiting_ !== undefined;
  }
  /** Everything typed and not acknowledged, as one operation on the base. */
  pending(): TextOperation | undefined {
    if (!this.in_flight_ || !this.waiting_) return this.in_flight_?.operation ?? this.waiting_;
    return joined(this.in_flight_.operation, this.waiting_);
  }

  /** A position of the runner's text, in the text that the person sees. */
  shown_position(position: number): number | undefined {
    let at: number | undefined = position;
    for (const operation of [this.in_flight_?.operation, this.waiting_])
      if (operation && at !== undefined) at = operation.map_position(at, 'after');
    return at;
  }
  /** A position of the text that the person sees, in the runner's. */
  base_position(position: number): number | undefined {
    let at: number | undefined = position;
    for (const operation of [this.waiting_, this.in_flight_?.operation])
      if (operation && at !== undefined) at = operation.unmap_position(at);
    return at;
  }

  /**
   * The person changed the text. An editor may take away half of a surrogate pair, which no operation can say: then the
   * other half becomes U+FFFD, as it would in a file, in the editor too. Undefined when it is not about this text.
   */
  edit(wanted: TextOperation): Edited | undefined {
    if (wanted.base_length() !== this.text_.length()) return undefined;
    const { operation, correction } = this.whole_pairs(this.without_the_same(wanted));
    const inverse = this.text_.apply(operation);
    if (!inverse) return undefined;
    if (operation.is_identity()) return { operation, inverse, correction };
    this.waiting_ = something(this.waiting_ ? joined(this.waiting_, operation) : operation);
    return { operation, inverse, correction };
  }

  /**
   * What waits goes out under a new id, as much of it as one frame may hold; undefined while something is in flight or
   * nothing waits.
   */
  launch(): InFlight | undefined {
    if (this.in_flight_ || !this.waiting_) return undefined;
    const operation_id = `${this.author_}-${++this.operations_made_}`;
    const { first, rest } = cut(this.waiting_);
    this.in_flight_ = { operation: first, sent: first, operation_id, base_version: this.version };
    this.waiting_ = something(rest);
    return this.in_flight_;
  }

  /** The runner has what was in flight. */
  acknowledge(version: number): void {
    if (this.in_flight_) this.change_base(this.in_flight_.operation);
    this.in_flight_ = undefined;
    this.version = version;
  }

  /** What is in flight was not applied and can't be sent again as it was: it goes anew, with what waits. */
  take_back(): void {
    this.waiting_ = this.pending();
    this.in_flight_ = undefined;
  }
  /** The same where the runner knew the id, for another operation: this author's ids are good for nothing. */
  take_back_afresh(): void {
    this.take_back();
    this.author_ = new_author();
    this.operations_made_ = 0;
  }

  /**
   * Another writer's operation on the base is brought around what was typed. Returns it as the text takes it; undefined,
   * and nothing is changed, when it does not fit.
   */
  take_remote(theirs: TextOperation, version: number): TextOperation | undefined {
    const flying = this.in_flight_ && transform(this.in_flight_.operation, theirs);
    if (this.in_flight_ && !flying) return undefined;
    const between = flying ? flying.theirs : theirs;
    const waiting = this.waiting_ && transform(this.waiting_, between);
    if (this.waiting_ && !waiting) return undefined;
    const around = waiting ? waiting.theirs : between;
    if (theirs.base_length() !== this.base_.length() || !this.text_.apply(around)) return undefined;
    this.change_base(theirs);
    if (this.in_flight_ && flying) this.in_flight_ = { ...this.in_flight_, operation: flying.mine };
    if (waiting) this.waiting_ = something(waiting.mine);
    this.version = version;
    return around;
  }

  /**
   * The person chose between two texts: `theirs` is done to the base, `pending` is what they still want to be different.
   * `changes` lead the text that they see there.
   */
  restart(theirs: TextOperation, version: number, pending: TextOperation, changes: TextOperation[]): void {
    this.change_base(theirs);
    this.version = version;
    this.in_flight_ = undefined;
    this.waiting_ = something(pending);
    for (const change of changes) this.text_.apply(change);
  }

  /** From now on `base_change` tells what happened to the base since. */
  mark_base(): void {
    this.marked_ = true;
    this.base_change_ = undefined;
  }
  /** Nobody asks what happened to the base. */
  unmark_base(): void {
    this.marked_ = false;
    this.base_change_ = undefined;
  }
  /** False: nobody marked it, or so much happened since that it was given up. */
  base_is_marked(): boolean {
    return this.marked_;
  }
  base_change(): TextOperation | undefined {
    return this.base_change_;
  }

  private change_base(operation: TextOperation): void {
    this.base_.apply(operation);
    if (!this.marked_) return;
    this.base_change_ = this.base_change_ ? joined(this.base_change_, operation) : operation;
    if (cost_of(this.base_change_) > most_change) this.unmark_base();
  }

  /** Without what is put in place of the very same: a bracket typed over the one that closed itself. */
  private without_the_same(wanted: TextOperation): TextOperation {
    const result = new TextOperation();
    const runs = wanted.runs();
    let at = 0;
    for (const [index, run] of runs.entries()) {
      const next = runs[index + 1];
      const before = runs[index - 1];
      if (typeof run === 'string') {
        const same = next === -run.length && this.text_.slice(at, at + run.length) === run;
        if (same) result.retain(run.length);
        else result.insert(run);
        continue;
      }
      const size = Math.abs(run);
      const same = typeof before === 'string' && before.length === -run && this.text_.slice(at, at + size) === before;
      if (run > 0) result.retain(run);
      else if (!same) result.remove(size);
      at += size;
    }
    return result;
  }

  /** `wanted`, or where it would part a surrogate pair, one replacement that spares every pair; and the editor's part. */
  private whole_pairs(wanted: TextOperation): Omit<Edited, 'inverse'> {
    const parted = (place: number) => place > 0 && is_pair(this.text_.slice(place - 1, place + 1));
    let at = 0;
    const parts = wanted.runs().some((run) => {
      if (typeof run === 'number') at += Math.abs(run);
      return parted(at);
    });
    if (!parts) return { operation: wanted, correction: undefined };
    const runs = wanted.runs();
    const kept = (run: Run | undefined) => (typeof run === 'number' && run > 0 ? run : 0);
    const length = this.text_.length();
    const first = kept(runs[0]);
    const last = length - kept(runs.at(-1));
    const from = parted(first) ? first - 1 : first;
    const to = parted(last) ? last + 1 : last;
    const after = by_units(this.text_.slice(from, to), wanted, from).replace(/\p{Surrogate}/gu, '\ufffd');
    const replaced = (units: number, rest: number) =>
      new TextOperation().retain(from).insert(after).remove(units).retain(rest);
    return { operation: replaced(to - from, length - to), correction: replaced(after.length, length - to) };
  }
}

function something(operation: TextOperation): TextOperation | undefined {
  return operation.is_identity() ? undefined : operation;
}

function joined(first: TextOperation, second: TextOperation): TextOperation {
  const both = first.compose(second);
  if (!both) throw new Error('Two edits do not follow each other.'); // `edit` and `take_remote` see to it
  return both;
}

function cost_of(operation: TextOperation): number {
  return operation.runs().reduce<number>((sum, run) => sum + run_cost + (typeof run === 'string' ? run.length : 0), 0);
}

/** Two operations that follow each other and are `whole` together; `first` is small enough to be sent. */
function cut(whole: TextOperation): { first: TextOperation; rest: TextOperation } {
  const first = new TextOperation();
  const rest = new TextOperation();
  let room = most_at_once;
  for (const run of whole.runs()) {
    if (typeof run === 'string') {
      let taken = Math.min(run.length, Math.max(0, room));
      if (taken > 0 && is_pair(run.slice(taken - 1, taken + 1))) --taken;
      first.insert(run.slice(0, taken));
      rest.retain(taken).insert(run.slice(taken));
      room = taken < run.length ? 0 : room - taken;
    } else if (run > 0) {
      first.retain(run);
      rest.retain(run);
    } else if (room > 0) {
      first.remove(-run);
    } else {
      first.retain(-run);
      rest.remove(-run);
    }
    room -= run_cost;
  }
  return { first, rest };
}

function is_pair(units: string): boolean {
  return units.length === 2 && /^[\ud800-\udbff][\udc00-\udfff]$/.test(units);
}

/** `operation` done to the part of its text that begins at `from`, whatever it cuts through. */
function by_units(part: string, operation: TextOperation, from: number): string {
  let at = -from;
  let result = '';
  for (const run of operation.runs()) {
    if (typeof run === 'string') {
      result += run;
      continue;
    }
    if (run > 0) result += part.slice(Math.max(0, at), Math.max(0, at + run));
    at += Math.abs(run);
  }
  return result;
}
