// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { parse_address } from './preview';

test('an address typed into the preview bar names a port and a path', () => {
  expect(parse_address('/about?x=1', 3000)).toEqual({ port: 3000, to: '/about?x=1' });
  expect(parse_address(':8080', undefined)).toEqual({ port: 8080, to: '/' });
  expect(parse_address('8080/a/b', 3000)).toEqual({ port: 8080, to: '/a/b' });
  expect(parse_address('http://localhost:5173/x', 3000)).toEqual({ port: 5173, to: '/x' });
  expect(parse_address('http://3000--abcdefghij.localhost:7070/x', undefined)).toEqual({ port: 3000, to: '/x' });
  expect(parse_address('https://example.org/', 3000)).toBeUndefined();
  expect(parse_address('70000', 3000)).toBeUndefined();
  expect(parse_address('/x', undefined)).toBeUndefined();
});
