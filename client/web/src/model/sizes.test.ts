// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { readable_bytes } from './sizes';

test('bytes are told in the unit that keeps the number short', () => {
  expect(readable_bytes(0)).toBe('0 bytes');
  expect(readable_bytes(999)).toBe('999 bytes');
  expect(readable_bytes(1000)).toBe('1.0 KB');
  expect(readable_bytes(999_600)).toBe('1.0 MB');
  expect(readable_bytes(3_440_000)).toBe('3.4 MB');
  expect(readable_bytes(120_000_000_000)).toBe('120 GB');
});
