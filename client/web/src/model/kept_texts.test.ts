// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { kept_texts } from './kept_texts';
import type { UnsentRecord } from './unsent_store';

function record(some: Partial<UnsentRecord>): UnsentRecord {
  return {
    author: 'a1',
    scope: 'ada.abcdefghij',
    window: 'w',
    path: 'project/main.py',
    document: 'd1',
    base_version: 3,
    base_change: undefined,
    in_flight: undefined,
    waiting: undefined,
    offline_since: undefined,
    kept_at: 1,
    ...some,
  };
}

test('a kept text is the base with all that happened to it, of this account alone', async () => {
  const records = [
    record({
      base_change: [5, '!'],
      in_flight: { operation: ['>', 6], sent: ['>', 6], operation_id: 'a1.1', base_version: 3 },
      waiting: [7, ' more'],
    }),
    record({ author: 'a2', path: 'project/later.txt', waiting: ['new', 5], kept_at: 2 }),
    record({ author: 'a3', scope: 'grace.abcdefghij', waiting: ['x', 5] }),
    record({ author: 'a4', waiting: [99] }), // damaged
  ];
  const store = {
    everything: () => Promise.resolve(records),
    base: () => Promise.resolve('hello'),
  };
  const texts = await kept_texts('ada', store);
  expect(texts.map(({ path, text }) => [path, text])).toEqual([
    ['project/later.txt', 'newhello'],
    ['project/main.py', '>hello! more'],
  ]);
  expect(texts[0]?.workspace).toBe('abcdefghij');
});
