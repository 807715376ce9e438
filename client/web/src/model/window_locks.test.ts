// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test, vi } from 'vitest';
import { MemoryStorage } from '../testing/memory_storage';
import { TabWindowLocks } from './window_locks';

test('without locks a page takes up what the same tab left, and nothing of another one', () => {
  const tab = new MemoryStorage();
  const before = new TabWindowLocks(tab);
  const reloaded = new TabWindowLocks(tab);
  const other = new TabWindowLocks(new MemoryStorage());
  const act = vi.fn(() => Promise.resolve());
  other.when_gone(before.own, act);
  expect(act).not.toHaveBeenCalled();
  reloaded.when_gone(before.own, act);
  expect(act).toHaveBeenCalledTimes(1);
});

test('a tab that remembers nothing is a new window each time', () => {
  const full = new MemoryStorage();
  full.room = 0;
  expect(new TabWindowLocks(full).own).not.toBe(new TabWindowLocks(full).own);
});
