// SPDX-License-Identifier: GPL-3.0-or-later
// Finding things by a few letters in their order, as fzf and VS Code do: letters at the beginnings of words and side by side
// count more. The best places are found by dynamic programming over the letters that can be part of a match.

export interface FuzzyMatch {
  score: number;
  /** Where the letters are, rising: for drawing them bold. */
  places: number[];
}

const most_letters = 64; // of what is typed; the rest is not looked at
const longest_text = 1024;
const hit = 16;
const gap_start = -3;
const gap_more = -1;
const word_start = 9;
const camel_start = 7;
const behind_slash = 10;
const side_by_side = 8;
const same_case = 1;
const whole_name = 400;
const in_name = 160; // all letters in the last part of a path

/** What is typed as it is looked for: white space parts nothing. */
function wanted_of(typed: string): string {
  return typed.replaceAll(/\s+/g, '').slice(0, most_letters);
}

/** Are the letters there in this order? Cheap: most candidates end here. */
function in_order(wanted: string, text: string, from = 0): boolean {
  let at = from - 1;
  for (let index = 0; index < wanted.length; ++index) {
    at = text.indexOf(wanted[index] as string, at + 1);
    if (at < 0) return false;
  }
  return true;
}

function bonus_at(text: string, at: number): number {
  if (at === 0) return behind_slash;
  const before = text[at - 1] as string;
  if (before === '/') return behind_slash;
  if (/[\s_\-.:,()[\]]/.test(before)) return word_start;
  const here = text[at] as string;
  const camel = here !== here.toLowerCase() && before === before.toLowerCase();
  const number = /\d/.test(here) && !/\d/.test(before);
  return camel || number ? camel_start : 0;
}

/** The best places of `wanted` (in lower case) in `text` from `from` on; they are there in order. */
function align(typed: string, wanted: string, text: string, lower: string, from: number): FuzzyMatch {
  const letters = wanted.length;
  const width = text.length - from;
  // best[i][j]: the best score with letter i at place j; reach[i][j]: with letter i at j or before it, gaps paid up to j.
  const best = new Float64Array(letters * width).fill(-Infinity);
  const came = new Int32Array(letters * width).fill(-1);
  for (let letter = 0; letter < letters; ++letter) {
    let reach = -Infinity; // of the letter before, somewhere before here, with the gap
    let reach_place = -1;
    for (let at = letter; at < width; ++at) {
      const row = letter * width;
      if (letter > 0 && at > 1) {
        const ended = best[row - width + at - 2] as number;
        if (ended + gap_start > reach + gap_more) [reach, reach_place] = [ended + gap_start, at - 2];
        else reach += gap_more;
      }
      if (lower[from + at] !== wanted[letter]) continue;
      let value = hit + bonus_at(text, from + at);
      if (typed[letter] === text[from + at]) value += same_case;
      if (letter === 0) {
        best[row + at] = value - Math.min(at, 12) * 0.2;
        continue;
      }
      const beside = at > 0 ? (best[row - width + at - 1] as number) + side_by_side : -Infinity;
      if (beside === -Infinity && reach === -Infinity) continue;
      best[row + at] = value + Math.max(beside, reach);
      came[row + at] = beside >= reach ? at - 1 : reach_place;
    }
  }
  let at = 0;
  const last = (letters - 1) * width;
  for (let place = 1; place < width; ++place)
    if ((best[last + place] as number) > (best[last + at] as number)) at = place;
  const score = best[last + at] as number;
  const places: number[] = [];
  for (let letter = letters - 1; letter >= 0; --letter) {
    places.unshift(from + at);
    at = came[letter * width + at] as number;
  }
  return { score, places };
}

/** Undefined when the letters are not in `text` in that order. Nothing typed matches everything. */
export function fuzzy_match(typed: string, text: string): FuzzyMatch | undefined {
  const letters = wanted_of(typed);
  if (letters === '') return { score: 0, places: [] };
  const cut = text.slice(0, longest_text);
  const lower = lower_of(cut);
  const wanted = lower_of(letters);
  if (!in_order(wanted, lower)) return undefined;
  const found = align(letters, wanted, cut, lower, 0);
  if (wanted === lower) found.score += whole_name;
  found.score -= cut.length / 100;
  return found;
}

/** The same for a path: its last part before its folders, short paths before long ones. */
export function fuzzy_path(typed: string, path: string): FuzzyMatch | undefined {
  const letters = wanted_of(typed);
  if (letters === '') return { score: 0, places: [] };
  const cut = path.slice(0, longest_text);
  const lower = lower_of(cut);
  const wanted = lower_of(letters);
  const name = lower.lastIndexOf('/') + 1;
  if (in_order(wanted, lower, name)) {
    const found = align(letters, wanted, cut, lower, name);
    const rest = lower.slice(name);
    found.score += in_name - cut.length / 100;
    if (rest === wanted) found.score += whole_name;
    else if (rest.startsWith(wanted)) found.score += whole_name / 2;
    else if (rest.includes(wanted)) found.score += whole_name / 4;
    return found;
  }
  if (!in_order(wanted, lower)) return undefined;
  const found = align(letters, wanted, cut, lower, 0);
  found.score -= cut.length / 100;
  return found;
}

/** Lower case with a place for each place: "İ" has two letters in lower case, and all behind it would move. */
function lower_of(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return [...text]
    .map((letter) => (letter.toLowerCase().length === letter.length ? letter.toLowerCase() : letter))
    .join('');
}

export interface Found<Item> {
  item: Item;
  places: number[];
}

/** The best `most` of `items`, best first; equal ones stay in their order. */
export function fuzzy_filter<Item>(
  typed: string,
  items: readonly Item[],
  text_of: (item: Item) => string,
  most: number,
  match = fuzzy_match,
): Found<Item>[] {
  const found: (Found<Item> & { score: number })[] = [];
  for (const item of items) {
    const matched = match(typed, text_of(item));
    if (matched) found.push({ item, ...matched });
  }
  return found.sort((a, b) => b.score - a.score).slice(0, most);
}
