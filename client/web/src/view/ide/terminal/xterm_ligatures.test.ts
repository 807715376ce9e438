// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { ligature_ranges } from './xterm_ligatures';

test('the longest sign is one, and words are none', () => {
  const of = (text: string) => ligature_ranges(text).map(([begin, end]) => text.slice(begin, end));
  expect(of('a => b !== c')).toEqual(['=>', '!==']);
  expect(of('<!-- x --> y <==> z')).toEqual(['<!--', '-->', '<==>']);
  expect(of('plain words, a.b(c)')).toEqual([]);
});
