// SPDX-License-Identifier: GPL-3.0-or-later
// A change of a text as retain / insert / delete runs over its whole length in UTF-16 code units, and how two changes
// made side by side are brought into one order: the twin of protocol/text_operation.hpp, which says where the algorithms
// come from and what they promise. JavaScript strings are UTF-16 already; lone surrogates are refused from outside.

/** >0 retain, <0 delete, string insert: also the wire form. */
export type Run = number | string;

/** On which side of text inserted at a position the position comes to stand. */
export type Bias = 'before' | 'after';

const most_units = 2 ** 40; // of an operation from outside
const lone_surrogate = /[\ud800-\udfff]/u; // the flag u takes pairs for what they are

export class TextOperation {
  private readonly runs_: Run[] = [];
  private base_length_ = 0;
  private target_length_ = 0;

  retain(units: number): this {
    if (units <= 0) return this;
    this.base_length_ += units;
    this.target_length_ += units;
    const last = this.runs_.at(-1);
    if (typeof last === 'number' && last > 0) this.runs_[this.runs_.length - 1] = last + units;
    else this.runs_.push(units);
    return this;
  }

  /** Inserts stand before neighbouring deletes, so equal changes compare equal. */
  insert(text: string): this {
    if (text === '') return this;
    this.target_length_ += text.length;
    const runs = this.runs_;
    const last = runs.at(-1);
    if (typeof last === 'string') {
      runs[runs.length - 1] = last + text;
    } else if (typeof last === 'number' && last < 0) {
      const before = runs.at(-2);
      if (typeof before === 'string') runs[runs.length - 2] = before + text;
      else runs.splice(runs.length - 1, 0, text);
    } else {
      runs.push(text);
    }
    return this;
  }

  remove(units: number): this {
    if (units <= 0) return this;
    this.base_length_ += units;
    const last = this.runs_.at(-1);
    if (typeof last === 'number' && last < 0) this.runs_[this.runs_.length - 1] = last - units;
    else this.runs_.push(-units);
    return this;
  }

  runs(): readonly Run[] {
    return this.runs_;
  }
  base_length(): number {
    return this.base_length_;
  }
  target_length(): number {
    return this.target_length_;
  }
  is_identity(): boolean {
    return this.runs_.every((run) => typeof run === 'number' && run > 0);
  }
  to_wire(): Run[] {
    return [...this.runs_];
  }

  /** Undefined when the wire form is malformed. */
  static from_wire(wire: readonly Run[]): TextOperation | undefined {
    const operation = new TextOperation();
    for (const run of wire) {
      if (typeof run === 'string') {
        if (run === '' || lone_surrogate.test(run)) return undefined;
        operation.insert(run);
        continue;
      }
      if (!Number.isSafeInteger(run) || run === 0) return undefined;
      if (operation.base_length_ + Math.abs(run) > most_units) return undefined;
      if (run > 0) operation.retain(run);
      else operation.remove(-run);
    }
    return operation;
  }

  static identity(length: number): TextOperation {
    return new TextOperation().retain(length);
  }

  /** The text after the change; undefined when the lengths differ or a surrogate pair would be split. */
  apply(text: string): string | undefined {
    if (text.length !== this.base_length_) return undefined;
    const parts: string[] = [];
    let at = 0;
    for (const run of this.runs_) {
      if (typeof run === 'string') {
        if (splits_pair(text, at)) return undefined;
        parts.push(run);
        continue;
      }
      const end = at + Math.abs(run);
      if (splits_pair(text, end)) return undefined;
      if (run > 0) parts.push(text.slice(at, end));
      at = end;
    }
    return parts.join('');
  }

  /** False when apply would refuse `text`; builds nothing. */
  fits(text: string): boolean {
    if (text.length !== this.base_length_) return false;
    let at = 0;
    for (const run of this.runs_) {
      if (typeof run === 'number') at += Math.abs(run);
      if (splits_pair(text, at)) return false;
    }
    return true;
  }

  /**
   * One operation that does this one, then `next`; undefined when the lengths don't meet, or `next` splits a surrogate
   * pair that this one inserts.
   */
  compose(next: TextOperation): TextOperation | undefined {
    if (this.target_length_ !== next.base_length_) return undefined;
    const composed = new TextOperation();
    const first = new RunReader(this.runs_);
    const second = new RunReader(next.runs_);
    for (;;) {
      if (first.is_remove()) {
        composed.remove(first.take(Infinity));
      } else if (second.is_insert()) {
        composed.insert(second.take_text(Infinity));
      } else if (first.at_end() || second.at_end()) {
        return composed;
      } else {
        const units = Math.min(first.left(), second.left());
        if (first.splits_pair(units)) return undefined;
        if (second.is_remove()) {
          if (!first.is_insert()) composed.remove(units);
          first.take(units);
        } else if (first.is_insert()) {
          composed.insert(first.take_text(units));
        } else {
          composed.retain(first.take(units));
        }
        second.take(units);
      }
    }
  }

  /** The operation that undoes this one on `before`, the text this one applies to; refuses what apply refuses. */
  invert(before: string): TextOperation | undefined {
    if (!this.fits(before)) return undefined;
    const inverse = new TextOperation();
    let at = 0;
    for (const run of this.runs_) {
      if (typeof run === 'string') inverse.remove(run.length);
      else if (run > 0) inverse.retain(run);
      else inverse.insert(before.slice(at, at - run));
      if (typeof run === 'number') at += Math.abs(run);
    }
    return inverse;
  }

  /**
   * Where a position of the text before is afterwards: in front of or behind what is inserted right there; inside deleted
   * text, where that stood (behind what replaces it). Undefined outside of the text.
   */
  map_position(position: number, bias: Bias): number | undefined {
    if (position < 0 || position > this.base_length_) return undefined;
    let before = 0;
    let after = 0;
    for (const run of this.runs_) {
      if (typeof run === 'string') {
        if (before === position && bias === 'before') break;
        after += run.length;
        continue;
      }
      // An insert right at the position may follow a run that ends there: only what lies beyond is passed over.
      const passed = Math.min(Math.abs(run), position - before);
      if (run > 0) after += passed;
      before += passed;
      if (passed < Math.abs(run)) break;
    }
    return after;
  }

  /**
   * Where a position of the text after was before; inside inserted text, where that was inserted. Undefined outside of the
   * text after.
   */
  unmap_position(position: number): number | undefined {
    if (position < 0 || position > this.target_length_) return undefined;
    let before = 0;
    let after = 0;
    for (const run of this.runs_) {
      if (typeof run === 'string') after += run.length;
      else if (run < 0) before -= run;
      else if (after + run >= position) return before + Math.max(0, position - after);
      else {
        before += run;
        after += run;
      }
      if (after >= position && (typeof run === 'string' || run > 0)) return before;
    }
    return before;
  }

  /** The least single replacement that turns `before` into `after`: common prefix and suffix kept, no pair split. */
  static difference(before: string, after: string): TextOperation {
    const shorter = Math.min(before.length, after.length);
    let prefix = 0;
    while (prefix < shorter && before.charCodeAt(prefix) === after.charCodeAt(prefix)) ++prefix;
    if (splits_pair(before, prefix) || splits_pair(after, prefix)) --prefix;
    let suffix = 0;
    while (
      suffix < shorter - prefix &&
      before.charCodeAt(before.length - 1 - suffix) === after.charCodeAt(after.length - 1 - suffix)
    )
      ++suffix;
    if (splits_pair(before, before.length - suffix) || splits_pair(after, after.length - suffix)) --suffix;
    return new TextOperation()
      .retain(prefix)
      .insert(after.slice(prefix, after.length - suffix))
      .remove(before.length - prefix - suffix)
      .retain(suffix);
  }

  equals(other: TextOperation): boolean {
    return this.runs_.length === other.runs_.length && this.runs_.every((run, index) => run === other.runs_[index]);
  }
}

/** True when a cut at `at` would part a surrogate pair. */
function splits_pair(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return false;
  const high = text.charCodeAt(at - 1);
  const low = text.charCodeAt(at);
  return high >= 0xd800 && high < 0xdc00 && low >= 0xdc00 && low < 0xe000;
}

/** Walks runs in pieces. */
class RunReader {
  private index_ = 0;
  private used_ = 0; // units of the current run
  constructor(private readonly runs_: readonly Run[]) {}
  at_end(): boolean {
    return this.index_ >= this.runs_.length;
  }
  is_insert(): boolean {
    return typeof this.runs_[this.index_] === 'string';
  }
  is_remove(): boolean {
    const run = this.runs_[this.index_];
    return typeof run === 'number' && run < 0;
  }
  /** True when the current run is an insert and taking so many units would part a surrogate pair. */
  splits_pair(units: number): boolean {
    const run = this.runs_[this.index_];
    return typeof run === 'string' && splits_pair(run, this.used_ + units);
  }
  /** Units left in the current run. */
  left(): number {
    const run = this.runs_[this.index_];
    if (run === undefined) return 0;
    return (typeof run === 'string' ? run.length : Math.abs(run)) - this.used_;
  }
  take(units: number): number {
    const taken = Math.min(units, this.left());
    this.used_ += taken;
    if (this.left() === 0) {
      ++this.index_;
      this.used_ = 0;
    }
    return taken;
  }
  take_text(units: number): string {
    const run = this.runs_[this.index_] as string;
    const from = this.used_;
    return run.slice(from, from + this.take(units));
  }
}

export interface Transformed {
  /** Applies after theirs. */
  mine: TextOperation;
  /** Applies after mine; both ways give the same text. */
  theirs: TextOperation;
}

/**
 * Two changes of one text, each brought around the other. Where both insert at one place, the text of `theirs` comes
 * first: `theirs` is what the runner accepted first, in the runner and in every client. What both delete is deleted once;
 * what one inserts into text that the other deletes stays. Undefined when the two are not of one length.
 */
export function transform(mine: TextOperation, theirs: TextOperation): Transformed | undefined {
  if (mine.base_length() !== theirs.base_length()) return undefined;
  const result = { mine: new TextOperation(), theirs: new TextOperation() };
  const a = new RunReader(mine.runs());
  const b = new RunReader(theirs.runs());
  while (!a.at_end() || !b.at_end()) {
    if (b.is_insert()) {
      const text = b.take_text(Infinity);
      result.theirs.insert(text);
      result.mine.retain(text.length);
    } else if (a.is_insert()) {
      const text = a.take_text(Infinity);
      result.mine.insert(text);
      result.theirs.retain(text.length);
    } else {
      const units = Math.min(a.left(), b.left());
      if (a.is_remove() && !b.is_remove()) result.mine.remove(units);
      else if (b.is_remove() && !a.is_remove()) result.theirs.remove(units);
      else if (!a.is_remove()) {
        result.mine.retain(units);
        result.theirs.retain(units);
      }
      a.take(units);
      b.take(units);
    }
  }
  return result;
}

/** A place of the text before that an operation changes; empty for an insertion alone. */
export interface ChangedRange {
  begin: number;
  end: number;
  inserts: boolean;
}

/** In order; two of them never touch. */
export function changed_ranges(operation: TextOperation): ChangedRange[] {
  const ranges: ChangedRange[] = [];
  let at = 0;
  for (const run of operation.runs()) {
    const inserts = typeof run === 'string';
    const end = inserts ? at : at + Math.abs(run);
    if (inserts || run < 0) {
      const last = ranges.at(-1);
      if (last?.end === at) {
        last.end = end;
        last.inserts ||= inserts;
      } else {
        ranges.push({ begin: at, end, inserts });
      }
    }
    at = end;
  }
  return ranges;
}

/**
 * True when both change the same place: their deletions meet, mine inserts into what they delete, or they insert into or
 * right beside what mine changes. Merging those silently could make text that nobody meant.
 */
export function overlapping(mine: TextOperation, theirs: TextOperation): boolean {
  return meetings(mine, theirs, true).length > 0;
}

/** Which changed ranges of the one change the same place as which of the other, by their indices; or the first alone. */
export function meetings(mine: TextOperation, theirs: TextOperation, first_alone = false): [number, number][] {
  const found: [number, number][] = [];
  const others = changed_ranges(theirs);
  let next = 0;
  for (const [at, { begin, end }] of changed_ranges(mine).entries()) {
    while (next < others.length && (others[next] as ChangedRange).end < begin) ++next;
    for (let index = next; index < others.length && (others[index] as ChangedRange).begin <= end; ++index) {
      const other = others[index] as ChangedRange;
      if (!other.inserts && !(begin < other.end && other.begin < end)) continue;
      found.push([at, index]);
      if (first_alone) return found;
    }
  }
  return found;
}
