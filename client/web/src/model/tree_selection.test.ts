// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { acted_on, nothing_selected, select_also, select_one, select_to } from './tree_selection';

const rows = ['a', 'a/b', 'a/c', 'd', 'e'];

test('ranges go from where they began to both sides, and a click with Ctrl begins anew', () => {
  let selection = select_one('a/c');
  selection = select_to(selection, 'e', rows);
  expect([...selection.paths]).toEqual(['a/c', 'd', 'e']);
  selection = select_to(selection, 'a', rows);
  expect([...selection.paths]).toEqual(['a', 'a/b', 'a/c']);
  selection = select_also(selection, 'e');
  expect([...selection.paths]).toEqual(['a', 'a/b', 'a/c', 'e']);
  expect([...select_to(selection, 'd', rows).paths]).toEqual(['d', 'e']);
  expect([...select_also(selection, 'a/b').paths]).toEqual(['a', 'a/c', 'e']);
});

test('a range whose beginning is gone is one entry', () => {
  expect([...select_to(select_one('gone'), 'd', rows).paths]).toEqual(['d']);
  expect([...select_to(nothing_selected, 'd', rows).paths]).toEqual(['d']);
});

test('an action is about all that is selected, but not about what goes along with its folder', () => {
  const selection = { lead: 'e', anchor: 'e', paths: new Set(['a/b', 'a', 'e']) };
  expect(acted_on(selection, 'e')).toEqual(['a', 'e']);
  expect(acted_on(selection, undefined)).toEqual(['a', 'e']);
  expect(acted_on(selection, 'd')).toEqual(['d']);
});
