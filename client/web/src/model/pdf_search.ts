// SPDX-License-Identifier: GPL-3.0-or-later
// Looking for words in a document's pages: their text as the pieces tell it that pdf.js draws, and which pieces a place covers.

/** What pdf.js tells of a piece of text. */
export interface TextPiece {
  str: string;
  hasEOL: boolean;
}
export interface PageText {
  text: string;
  /** Where each piece begins in it. */
  starts: number[];
}
/** [begin, end) in a page's text. */
export interface Place {
  begin: number;
  end: number;
}
export interface Found extends Place {
  page: number; // from 1
}

export const most_found = 10_000;

export function page_text(pieces: readonly TextPiece[]): PageText {
  const starts: number[] = [];
  let text = '';
  for (const { str, hasEOL } of pieces) {
    starts.push(text.length);
    text += hasEOL ? `${str} ` : str;
  }
  return { text, starts };
}

/** In any case, over ends of lines; none for a text without a letter. */
export function places_of(wanted: string, text: string, most = most_found): Place[] {
  const words = wanted.trim().split(/\s+/);
  if (words[0] === '') return [];
  // Only what the `u` flag lets escape.
  const pattern = words.map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('\\s+');
  const places: Place[] = [];
  for (const match of text.matchAll(new RegExp(pattern, 'giu'))) {
    if (places.length === most) break;
    places.push({ begin: match.index, end: match.index + match[0].length });
  }
  return places;
}

/** The pieces that a place covers, and what of each. */
export function pieces_of({ begin, end }: Place, { text, starts }: PageText): { piece: number; part: Place }[] {
  const covered: { piece: number; part: Place }[] = [];
  let piece = starts.findLastIndex((start) => start <= begin);
  for (; piece >= 0 && piece < starts.length; ++piece) {
    const start = starts[piece] ?? 0;
    if (start >= end) break;
    const length = (starts[piece + 1] ?? text.length) - start;
    const part = { begin: Math.max(0, begin - start), end: Math.min(length, end - start) };
    if (part.end > part.begin) covered.push({ piece, part });
  }
  return covered;
}

/** The place that follows another, or precedes it, from the end to the beginning and back. */
export function next_found(count: number, at: number, by: 1 | -1): number {
  return count === 0 ? -1 : (at + by + count) % count;
}
