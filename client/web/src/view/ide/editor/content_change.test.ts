// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { operation_of } from './content_change';

test('changes at several cursors become one operation', () => {
  const text = 'one two three';
  const changes = [
    { rangeOffset: 8, rangeLength: 5, text: '3' },
    { rangeOffset: 4, rangeLength: 3, text: '2' },
    { rangeOffset: 0, rangeLength: 3, text: '1' },
  ];
  expect(operation_of(changes, text.length).apply(text)).toBe('1 2 3');
});

test('an insertion at the end and a deletion of everything fit the text', () => {
  expect(operation_of([{ rangeOffset: 3, rangeLength: 0, text: 'd' }], 3).apply('abc')).toBe('abcd');
  expect(operation_of([{ rangeOffset: 0, rangeLength: 3, text: '' }], 3).apply('abc')).toBe('');
});

test('half a surrogate pair never reaches the wire', () => {
  expect(operation_of([{ rangeOffset: 0, rangeLength: 0, text: 'a\ud83d' }], 0).runs()).toEqual(['a\ufffd']);
  expect(operation_of([{ rangeOffset: 0, rangeLength: 0, text: '😀' }], 0).runs()).toEqual(['😀']);
});
