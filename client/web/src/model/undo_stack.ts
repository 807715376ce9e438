// SPDX-License-Identifier: GPL-3.0-or-later
// A person's own undo: the operations that take back their edits, kept valid through other people's changes; the twin of
// client/core/undo_stack.hpp. An edit that goes on with the one before it (a word, a run of deletions) joins its step.
// Only the newest step is brought around others' changes at once, what lies below it when it comes up. What waits for a
// step is kept in parts, each more than twice as large as the next: so somebody's key costs the same however much there is
// to undo, and however much others typed since.
import { changed_ranges, transform, type ChangedRange, type TextOperation } from '../protocol/text_operation';

const most_steps = 2000; // the oldest go first
const run_cost = 8; // units that a run counts for, besides its text
const pause = 2000; // ms after which typing begins a step of its own

/** UTF-16 code units; `head` is where the cursor stands. */
export interface Selection {
  anchor: number;
  head: number;
}

export interface UndoStep {
  operation: TextOperation;
  /** In the text it applies to, and in the one it leads to: what was selected there. */
  start: Selection[];
  end: Selection[];
}

/** How an edit was, as far as the next one may go on with it. */
interface LastEdit {
  kind: 'typing' | 'deleting';
  /** In the text after it: what was typed, in or behind which typing goes on, or where a deletion was. */
  places: { begin: number; end: number }[];
  ends_blank: boolean;
  time: number;
}

interface Part {
  operation: TextOperation;
  weight: number;
}
/** Leads from the text above it to the one below, once `others` went before it, in order. */
interface WaitingStep extends UndoStep {
  others: Part[];
}

export class UndoStack {
  private undo_: WaitingStep[] = [];
  private redo_: WaitingStep[] = [];
  private last_: LastEdit | undefined;
  private together_ = false;
  private begun_ = false; // a step that what follows belongs to

  /** The person made `operation`, which `inverse` takes back; `before`: what was selected. `now` in ms. */
  typed(operation: TextOperation, inverse: TextOperation, before: Selection[], now: number): void {
    this.redo_ = [];
    const edit = described(operation, inverse, now);
    const goes_on =
      this.begun_ ||
      (edit !== undefined && this.last_ !== undefined && continues(this.last_, operation, edit, inverse));
    this.last_ = edit;
    this.begun_ = this.together_;
    const top = this.undo_.at(-1);
    const both = goes_on && top ? inverse.compose(top.operation) : undefined;
    if (top && both) {
      top.operation = both;
      top.start = [];
      return;
    }
    this.undo_.push({ operation: inverse, start: [], end: before, others: [] });
    if (this.undo_.length > most_steps) this.undo_.shift();
  }

  /** What was typed stood there already, as a bracket that closed itself: the cursor went on, and so may the typing. */
  typed_over(operation: TextOperation, now: number): void {
    const ranges = changed_ranges(operation);
    if (this.last_?.kind !== 'typing' || !follow(this.last_, ranges)) return this.pause();
    this.last_ = { ...this.last_, places: ranges, ends_blank: false, time: now };
  }

  /** What is selected after the newest edit: where a redo leads. */
  selected(after: Selection[]): void {
    const top = this.undo_.at(-1);
    if (top?.start.length === 0) top.start = after;
  }

  /** The next edit begins a step of its own. */
  pause(): void {
    this.last_ = undefined;
  }

  /** From now on, until it is let go, all edits are one step. */
  together(begins: boolean): void {
    this.together_ = begins;
    this.begun_ = false;
    this.last_ = undefined;
  }

  /** Someone else's operation was applied to the text. */
  remote(operation: TextOperation): void {
    const steps = this.undo_.length;
    for (const list of [this.undo_, this.redo_]) {
      list.at(-1)?.others.push({ operation, weight: 0 });
      settle(list);
    }
    if (this.undo_.length !== steps) this.pause(); // what typing went on with may be gone
    if (!this.last_) return;
    const moved = (position: number) => operation.map_position(position, 'after') ?? 0;
    const places = this.last_.places.map(({ begin, end }) => ({ begin: moved(begin), end: moved(end) }));
    this.last_ = { ...this.last_, places };
  }

  can_undo(): boolean {
    return this.undo_.length > 0;
  }
  can_redo(): boolean {
    return this.redo_.length > 0;
  }

  /** The step to do now: `apply` does its operation to the text and returns what takes that back. False when there is none. */
  undo(apply: (step: UndoStep) => TextOperation | undefined): boolean {
    return this.move(this.undo_, this.redo_, apply);
  }
  redo(apply: (step: UndoStep) => TextOperation | undefined): boolean {
    return this.move(this.redo_, this.undo_, apply);
  }

  private move(from: WaitingStep[], to: WaitingStep[], apply: (step: UndoStep) => TextOperation | undefined): boolean {
    this.pause();
    const step = from.pop();
    if (!step) return false;
    settle(from);
    const inverse = apply(step);
    if (inverse) to.push({ operation: inverse, start: step.end, end: step.start, others: [] });
    return inverse !== undefined;
  }
}

/** Undefined for an edit that stands for itself: a paste, a replacement, a cut. */
function described(operation: TextOperation, inverse: TextOperation, time: number): LastEdit | undefined {
  const places = changed_ranges(inverse);
  const inserted = operation.runs().filter((run) => typeof run === 'string');
  const removed = inverse.runs().filter((run) => typeof run === 'string');
  // One character, or a bracket with the one that closes it.
  const short = (text: string) => [...text].length === 1 || /^[^\s\w]{2}$/.test(text);
  if (removed.length === 0 && inserted.length > 0 && inserted.every(short)) {
    const ends_blank = inserted.every((text) => /\s/.test(text));
    return { kind: 'typing', places, ends_blank, time };
  }
  if (inserted.length === 0 && removed.length > 0 && removed.every((text) => text.length <= 16)) {
    return { kind: 'deleting', places, ends_blank: false, time };
  }
  return undefined;
}

/** As Monaco groups: a word and the blanks after it end where the next blank after letters begins; a line end begins anew. */
function continues(last: LastEdit, operation: TextOperation, edit: LastEdit, inverse: TextOperation): boolean {
  if (edit.kind !== last.kind || edit.time - last.time > pause) return false;
  if (operation.runs().some((run) => run === '\n') || (edit.ends_blank && !last.ends_blank)) return false;
  if (inverse.runs().some((run) => typeof run === 'string' && run.includes('\n'))) return false;
  return follow(last, changed_ranges(operation));
}

/** True when `ranges` of the text after the edit are where it left each cursor. */
function follow({ kind, places }: LastEdit, ranges: readonly ChangedRange[]): boolean {
  if (ranges.length !== places.length) return false;
  return ranges.every(({ begin, end }, index) => {
    const place = places[index];
    if (!place) return false;
    if (kind === 'deleting') return begin === place.begin || end === place.begin;
    return place.begin < begin && begin <= place.end;
  });
}

/** Brings the top step around what others did; one whose text they deleted has nothing left to take back, and goes. */
function settle(steps: WaitingStep[]): void {
  for (let top = steps.at(-1); top; top = steps.at(-1)) {
    const parts = top.others;
    const below = steps.at(-2);
    top.others = [];
    for (const { operation } of parts) {
      const moved = transform(top.operation, operation);
      if (!moved || (below && !wait(below.others, moved.theirs))) {
        steps.length = 0; // they no longer fit this text
        return;
      }
      top.operation = moved.mine;
      top.start = mapped(top.start, operation);
      top.end = mapped(top.end, moved.theirs);
    }
    if (parts.length === 0 || !top.operation.is_identity()) return;
    steps.pop();
  }
}

/** Behind what waits already. False: it does not fit. */
function wait(others: Part[], operation: TextOperation): boolean {
  let weight = weight_of(operation);
  for (let last = others.at(-1); last && last.weight <= 2 * weight; last = others.at(-1)) {
    const both = last.operation.compose(operation);
    if (!both) return false;
    operation = both;
    weight = weight_of(operation);
    others.pop();
  }
  others.push({ operation, weight });
  return true;
}

/** About what composing it costs. */
function weight_of(operation: TextOperation): number {
  return operation.runs().reduce<number>((sum, run) => sum + run_cost + (typeof run === 'string' ? run.length : 0), 0);
}

function mapped(selections: readonly Selection[], operation: TextOperation): Selection[] {
  const place = (position: number) => operation.map_position(position, 'after') ?? 0;
  return selections.map(({ anchor, head }) => ({ anchor: place(anchor), head: place(head) }));
}
