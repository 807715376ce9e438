// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { BackOff } from './back_off';

test('BackOff doubles to ten seconds, jittered, and starts again after a success', () => {
  const slowest = new BackOff(() => 1);
  expect(Array.from({ length: 8 }, () => slowest.next())).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  const fastest = new BackOff(() => 0);
  expect([fastest.next(), fastest.next()]).toEqual([125, 250]);
  fastest.reset();
  expect(fastest.next()).toBe(125);
});
