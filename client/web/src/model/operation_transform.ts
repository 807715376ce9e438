// SPDX-License-Identifier: GPL-3.0-or-later
// Two changes of one text that were made side by side: brought into one order, and whether they touch; the twin of
// client/core/operation_transform.hpp. The algorithm is the run form of Ellis & Gibbs' transformation.
import { RunReader, TextOperation } from '../protocol/text_operation';

export interface Transformed {
  /** Applies after theirs. */
  mine: TextOperation;
  /** Applies after mine; both ways give the same text. */
  theirs: TextOperation;
}

/** Undefined when the two are not of one base. Where both insert at one place, theirs comes first. */
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

/** Places of the base text that an operation changes: [from, to], from = to for an insertion. */
function changed_places(operation: TextOperation): [number, number][] {
  const places: [number, number][] = [];
  let at = 0;
  for (const run of operation.runs()) {
    const end = typeof run === 'number' ? at + Math.abs(run) : at;
    if (typeof run === 'string' || run < 0) {
      const last = places.at(-1);
      if (last?.[1] === at) last[1] = end;
      else places.push([at, end]);
    }
    at = end;
  }
  return places;
}

/**
 * True when both change the same place or places right beside each other: merging those silently could make text that
 * nobody meant.
 */
export function overlapping(mine: TextOperation, theirs: TextOperation): boolean {
  const others = changed_places(theirs);
  let next = 0;
  for (const [from, to] of changed_places(mine)) {
    while (next < others.length && (others[next] as [number, number])[1] < from) ++next;
    const other = others[next];
    if (other && other[0] <= to) return true;
  }
  return false;
}
