// SPDX-License-Identifier: GPL-3.0-or-later
// A document's text as the person sees it, and how much of it the runner has: no wire, no states, no choices of people.
//
//   text = base · in flight · waiting            (base: the runner's text at `version`)
import { overlapping, TextOperation, transform } from '../protocol/text_operation';
import { LazyText } from './lazy_text';

export interface InFlight {
  operation: TextOperation;
  operation_id: string;
  /** The version it was made for; an older one than the text's: the runner refuses it, and it goes again. */
  base_version: number;
}

/** What a text consists of that an earlier page had, and the runner may not have. */
export interface TypedParts {
  base: string;
  base_version: number;
  in_flight: InFlight | undefined;
  waiting: TextOperation | undefined;
}

const origin = Math.random().toString(36).slice(2, 12); // of this window, part of its operation ids
let operations_made = 0;

/**
 * Both as one operation. An editor may take away half of a surrogate pair, which no operation can say: then the other
 * half becomes U+FFFD, as it would in a file. Nothing else that was typed is touched.
 */
function composed(first: TextOperation, second: TextOperation, made_for: () => string): TextOperation {
  const both = first.compose(second);
  if (both) return both;
  const before = made_for();
  const after = by_units(by_units(before, first), second).replace(/[\ud800-\udfff]/gu, '\ufffd');
  return TextOperation.difference(before, after);
}

/** `operation` done to `text` whatever it cuts through. */
function by_units(text: string, operation: TextOperation): string {
  let at = 0;
  let result = '';
  for (const run of operation.runs()) {
    if (typeof run === 'string') {
      result += run;
      continue;
    }
    if (run > 0) result += text.slice(at, at + run);
    at += Math.abs(run);
  }
  return result;
}

export class TypedText {
  version: number;
  private base_: LazyText;
  private in_flight_: InFlight | undefined;
  private waiting_: TextOperation | undefined;

  constructor({ base, base_version, in_flight, waiting }: TypedParts) {
    this.base_ = new LazyText(base);
    this.version = base_version;
    this.in_flight_ = in_flight;
    this.waiting_ = waiting;
  }

  /** With everything typed. */
  read(): string {
    let text = this.base_.read();
    if (this.in_flight_) text = this.in_flight_.operation.apply(text) ?? text;
    if (this.waiting_) text = this.waiting_.apply(text) ?? text;
    return text;
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
  has_pending(): boolean {
    return this.in_flight_ !== undefined || this.waiting_ !== undefined;
  }
  parts(): TypedParts {
    return {
      base: this.base_.read(),
      base_version: this.version,
      in_flight: this.in_flight_,
      waiting: this.waiting_,
    };
  }

  /** The person changed the text. */
  edit(operation: TextOperation): void {
    this.waiting_ = this.waiting_ ? composed(this.waiting_, operation, () => this.base_and_in_flight()) : operation;
  }

  /** What waits goes out under a new id; undefined while something is in flight or nothing waits. */
  launch(): InFlight | undefined {
    if (this.in_flight_ || !this.waiting_) return undefined;
    const operation_id = `${origin}-${++operations_made}`;
    this.in_flight_ = { operation: this.waiting_, operation_id, base_version: this.version };
    this.waiting_ = undefined;
    return this.in_flight_;
  }

  /** The runner has what was in flight. */
  acknowledge(version: number): void {
    if (this.in_flight_) this.base_.apply(this.in_flight_.operation);
    this.in_flight_ = undefined;
    this.version = version;
  }

  /** What is in flight was not applied: it goes again, under a new id because the document may be a new one. */
  take_back(): void {
    this.waiting_ = this.pending();
    this.in_flight_ = undefined;
  }

  /** True when another writer's operation on the base touches a place that the person's edits touch. */
  overlaps(theirs: TextOperation): boolean {
    const pending = this.pending();
    return pending !== undefined && overlapping(pending, theirs);
  }

  /**
   * Another writer's operation on the base is brought around what was typed. Returns it as the text takes it; undefined
   * when it does not fit.
   */
  take_remote(theirs: TextOperation, version: number): TextOperation | undefined {
    let around = theirs;
    if (this.in_flight_) {
      const moved = transform(this.in_flight_.operation, around);
      if (!moved) return undefined;
      // In place: whoever waits for its answer knows it by this object.
      this.in_flight_ = Object.assign(this.in_flight_, { operation: moved.mine });
      around = moved.theirs;
    }
    if (this.waiting_) {
      const moved = transform(this.waiting_, around);
      if (!moved) return undefined;
      this.waiting_ = moved.mine;
      around = moved.theirs;
    }
    this.base_.apply(theirs);
    this.version = version;
    return around;
  }

  /**
   * The runner's whole text, after a connection was lost: what of the pending edits is in it is acknowledged, what is not
   * goes again. Returns what others did to the base meanwhile, still to be taken by `take_remote`.
   */
  settle(runner_text: string, version: number): TextOperation | undefined {
    const base = this.base_.read();
    if (this.in_flight_ && runner_text !== base && runner_text === this.in_flight_.operation.apply(base)) {
      this.acknowledge(version); // it had arrived, only its answer was lost
      return undefined;
    }
    if (this.has_pending() && runner_text !== base && runner_text === this.read()) {
      this.restart(runner_text, version);
      return undefined;
    }
    this.take_back();
    return runner_text === base ? undefined : TextOperation.difference(base, runner_text);
  }

  /** The runner's text, and nothing typed over it. */
  restart(base: string, version: number): void {
    this.base_ = new LazyText(base);
    this.version = version;
    this.in_flight_ = undefined;
    this.waiting_ = undefined;
  }

  /** Everything typed and not acknowledged, as one operation on the base. */
  private pending(): TextOperation | undefined {
    if (!this.in_flight_) return this.waiting_;
    return this.waiting_
      ? composed(this.in_flight_.operation, this.waiting_, () => this.base_.read())
      : this.in_flight_.operation;
  }

  /** What `waiting` applies to. */
  private base_and_in_flight(): string {
    const base = this.base_.read();
    return this.in_flight_ ? (this.in_flight_.operation.apply(base) ?? base) : base;
  }
}
