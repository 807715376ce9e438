// SPDX-License-Identifier: GPL-3.0-or-later
// What turns one text into another, line by line, within bounded work: for texts that come whole after a lost connection
// and must reach a person who types as the small edits they are. protocol/text_difference.hpp goes on to words; here a
// changed place is one replacement without what both sides begin and end with.
//
// Myers' greedy algorithm (“An O(ND) difference algorithm and its variations”, Algorithmica 1986, section 4) over numbered
// lines; past the bound what lies between the first and the last change is one replacement.
import { TextOperation } from './text_operation';

const most_changes = 1000; // lines deleted and inserted; the search remembers the square of it
const most_lines = 1 << 19; // between the first and the last change, of one side

/** A short operation from `before` to `after`; splits no surrogate pair. */
export function short_difference(before: string, after: string): TextOperation {
  if (before === after) return TextOperation.identity(before.length);
  const old_lines = lines_of(before);
  const new_lines = lines_of(after);
  let head = 0;
  while (head < old_lines.length && head < new_lines.length && old_lines[head] === new_lines[head]) ++head;
  let tail = 0;
  const most = Math.min(old_lines.length, new_lines.length) - head;
  while (tail < most && old_lines.at(-1 - tail) === new_lines.at(-1 - tail)) ++tail;
  const a = old_lines.slice(head, old_lines.length - tail);
  const b = new_lines.slice(head, new_lines.length - tail);

  const operation = new TextOperation().retain(units(old_lines.slice(0, head)));
  let x = 0;
  let y = 0;
  for (const [i, j] of equal_lines(a, b)) {
    replace(operation, a.slice(x, i).join(''), b.slice(y, j).join(''));
    operation.retain((a[i] as string).length);
    x = i + 1;
    y = j + 1;
  }
  replace(operation, a.slice(x).join(''), b.slice(y).join(''));
  return operation.retain(units(old_lines.slice(old_lines.length - tail)));
}

/** With their ends, so that they join to the text again. */
function lines_of(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function units(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}

function replace(operation: TextOperation, before: string, after: string): void {
  for (const run of TextOperation.difference(before, after).runs()) {
    if (typeof run === 'string') operation.insert(run);
    else if (run > 0) operation.retain(run);
    else operation.remove(-run);
  }
}

/** Pairs of indices of equal lines, both growing: as many as there can be; none when that takes too long. */
function equal_lines(a: readonly string[], b: readonly string[]): [number, number][] {
  if (a.length === 0 || b.length === 0 || a.length > most_lines || b.length > most_lines) return [];
  const numbers = new Map<string, number>();
  const numbered = (lines: readonly string[]) =>
    Int32Array.from(lines, (line) => {
      const known = numbers.get(line) ?? numbers.size;
      numbers.set(line, known);
      return known;
    });
  const first = numbered(a);
  const second = numbered(b);

  // farthest[k + offset]: how far along `a` one comes on diagonal k (x - y) with so many changes.
  const bound = Math.min(a.length + b.length, most_changes);
  const farthest = new Int32Array(2 * bound + 3);
  const offset = bound + 1;
  const before: Int32Array[] = []; // of each number of changes: the diagonals -changes..changes as they were
  for (let changes = 0; changes <= bound; ++changes) {
    before.push(farthest.slice(offset - changes - 1, offset + changes + 2));
    for (let k = -changes; k <= changes; k += 2) {
      let x = step(farthest, offset + k, k, changes);
      while (x < first.length && x - k < second.length && first[x] === second[x - k]) ++x;
      farthest[offset + k] = x;
      if (x >= first.length && x - k >= second.length) return walked_back(before, first, second);
    }
  }
  return [];
}

/** Where the best path enters diagonal k with one change more. */
function step(farthest: Int32Array, at: number, k: number, changes: number): number {
  const below = farthest[at - 1] as number;
  const above = farthest[at + 1] as number;
  if (changes === 0) return 0;
  return k === -changes || (k !== changes && below < above) ? above : below + 1;
}

function walked_back(before: readonly Int32Array[], first: Int32Array, second: Int32Array): [number, number][] {
  const pairs: [number, number][] = [];
  let x = first.length;
  let y = second.length;
  for (let changes = before.length - 1; changes >= 0; --changes) {
    const farthest = before[changes] as Int32Array;
    const at = (index: number) => farthest[index] as number;
    const k = x - y;
    const entered = step(farthest, changes + 1 + k, k, changes);
    while (x > entered) pairs.push([--x, --y]);
    if (changes === 0) break;
    const from_above = k === -changes || (k !== changes && at(changes + k) < at(changes + 2 + k));
    if (from_above) --y;
    else --x;
  }
  return pairs.reverse();
}
