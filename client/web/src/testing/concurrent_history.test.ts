// SPDX-License-Identifier: GPL-3.0-or-later
// The short form, in this language alone; tests/unit/protocol/histories_across does it across both, and the million.
import { expect, test } from 'vitest';
import { ConcurrentHistory } from './concurrent_history';
import { random_of } from './random_text';

test('people who type side by side come to one text', () => {
  const luck = random_of(1);
  for (let round = 0; round < 2000; ++round) ConcurrentHistory.replay(ConcurrentHistory.make(luck));
});

test('a replay sees a difference', () => {
  const record = ConcurrentHistory.make(random_of(1));
  expect(record.accepted.length).toBeGreaterThan(0);
  expect(() => ConcurrentHistory.replay({ ...record, text: `${record.text}x` })).toThrow('text differs');
  expect(() => ConcurrentHistory.replay({ ...record, accepted: [] })).toThrow('accepted differs');
});
