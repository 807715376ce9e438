// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { is_recent, use_words } from './workspace_words';

const use = { at: 1_000_000, memory: 310_000_000, processor: 12.4, terminals: 2, windows: 1 };

test('what a workspace takes is told in words, without what is not known', () => {
  expect(use_words(use)).toBe('12 % of a processor · 310 MB · 2 terminals · 1 window');
  expect(use_words({ ...use, memory: 0, processor: 0, windows: 0 })).toBe(
    '0 % of a processor · 2 terminals · 0 windows',
  );
});

test('what was measured minutes ago says nothing about now', () => {
  expect([is_recent(use, use.at + 60_000), is_recent(use, use.at + 600_000)]).toEqual([true, false]);
});
