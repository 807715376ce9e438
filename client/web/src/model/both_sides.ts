// SPDX-License-Identifier: GPL-3.0-or-later
// Both texts that came from one: what the person typed without a connection and what others did meanwhile. Told apart by
// place: an answer is about the places that both changed; what only one side changed stands whatever is chosen.
import { short_difference } from '../protocol/text_difference';
import { changed_ranges, meetings, TextOperation, transform } from '../protocol/text_operation';

export type Choice = 'mine' | 'theirs' | 'both';

export interface Settled {
  /** On the person's text: takes back what was not chosen of it, so that an undo brings it again. */
  given_up: TextOperation;
  /** On the text after that: what others did. */
  remote: TextOperation;
  /** On the others' text: what is still to be sent. */
  pending: TextOperation;
}

/** Both operations apply to `base`. `all`: every place is in question, as after a refusal. Undefined when they don't fit. */
export function settle(
  base: string,
  mine: TextOperation,
  theirs: TextOperation,
  choice: Choice,
  all = false,
): Settled | undefined {
  const met = meetings(mine, theirs);
  if (choice === 'theirs') {
    const touched = new Set(met.map(([index]) => index));
    const kept = part(mine, (index) => !all && !touched.has(index));
    const dropped = part(mine, (index) => all || touched.has(index));
    const given_up = undoing(base, kept, dropped);
    const moved = transform(kept, theirs);
    return given_up && moved && { given_up, remote: moved.theirs, pending: moved.mine };
  }
  const given_up = TextOperation.identity(mine.target_length());
  if (choice === 'both' || all) {
    const moved = transform(mine, theirs);
    return moved && { given_up, remote: moved.theirs, pending: moved.mine };
  }
  const touched = new Set(met.map(([, index]) => index));
  const kept = part(theirs, (index) => !touched.has(index));
  const back = undoing(
    base,
    kept,
    part(theirs, (index) => touched.has(index)),
  );
  const moved = transform(mine, kept);
  const pending = moved && back?.compose(moved.mine);
  return moved && pending && { given_up, remote: moved.theirs, pending };
}

/** Units inserted and deleted. */
export function changed_units(operation: TextOperation): number {
  return operation.runs().reduce<number>((sum, run) => {
    return sum + (typeof run === 'string' ? run.length : Math.max(0, -run));
  }, 0);
}

/**
 * What others did to the base, `theirs`, as something done behind `mine`, where `text` seems to hold `least` units of `mine`
 * or more: by so much it is nearer to what the person sees, `current`, than the two would leave it with nothing in common.
 * Then they meet in each place that the text has of `mine`. client/core/document_sync does the same.
 */
export function theirs_behind(
  mine: TextOperation,
  theirs: TextOperation,
  current: string,
  text: string,
  least: number,
): TextOperation | undefined {
  const since = short_difference(current, text);
  const in_common = (changed_units(mine) + changed_units(theirs) - changed_units(since)) / 2;
  return in_common < least ? undefined : mine.compose(since);
}

/** Of an operation, the changed ranges that are chosen. */
function part(operation: TextOperation, chosen: (index: number) => boolean): TextOperation {
  const ranges = changed_ranges(operation);
  const result = new TextOperation();
  let at = 0;
  let index = 0;
  for (const run of operation.runs()) {
    while (index < ranges.length && (ranges[index]?.end ?? 0) < at) ++index;
    const size = typeof run === 'string' ? 0 : Math.abs(run);
    if (typeof run === 'number' && run > 0) result.retain(run);
    else if (!chosen(index)) result.retain(size);
    else if (typeof run === 'string') result.insert(run);
    else result.remove(size);
    at += size;
  }
  return result;
}

/** On the text that has both parts of a change: what takes `dropped` back and leaves `kept`. */
function undoing(base: string, kept: TextOperation, dropped: TextOperation): TextOperation | undefined {
  const with_kept = kept.apply(base);
  const after = transform(dropped, kept);
  return with_kept === undefined ? undefined : after?.mine.invert(with_kept);
}
