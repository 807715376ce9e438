// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { own_path } from './router';

test('a return address from outside never leaves this site', () => {
  expect(own_path('/w/abcdefghij?x=1')).toBe('/w/abcdefghij?x=1');
  for (const hostile of [
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '',
    null,
  ]) {
    expect(own_path(hostile)).toBe('/');
  }
});
