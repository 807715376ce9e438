// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { next_found, page_text, pieces_of, places_of } from './pdf_search';

const page = page_text([
  { str: 'The har', hasEOL: false },
  { str: 'bour of', hasEOL: true },
  { str: 'Genoa (old)', hasEOL: true },
  { str: '', hasEOL: true },
  { str: 'HARBOUR', hasEOL: false },
]);

test('words are found in any case, across pieces and ends of lines', () => {
  expect(page.text).toBe('The harbour of Genoa (old)  HARBOUR');
  expect(places_of('harbour', page.text)).toEqual([
    { begin: 4, end: 11 },
    { begin: 28, end: 35 },
  ]);
  expect(places_of('  of   genoa ', page.text)).toEqual([{ begin: 12, end: 20 }]);
});

test('signs mean themselves, and nothing is found for nothing', () => {
  expect(places_of('(old)', page.text)).toEqual([{ begin: 21, end: 26 }]);
  for (const wanted of ['', '  ', 'h.rbour', '[a-z]', '\\w+', '^The$', 'a{2}', '/', '-', '}'])
    expect(places_of(wanted, page.text), wanted).toEqual([]);
  expect(places_of('o', page.text, 2)).toHaveLength(2);
});

test('a place is told by the pieces that it covers', () => {
  expect(pieces_of({ begin: 4, end: 11 }, page)).toEqual([
    { piece: 0, part: { begin: 4, end: 7 } },
    { piece: 1, part: { begin: 0, end: 4 } },
  ]);
  expect(pieces_of({ begin: 28, end: 35 }, page)).toEqual([{ piece: 4, part: { begin: 0, end: 7 } }]);
});

test('after the last comes the first', () => {
  expect(next_found(3, 2, 1)).toBe(0);
  expect(next_found(3, 0, -1)).toBe(2);
  expect(next_found(0, -1, 1)).toBe(-1);
});
