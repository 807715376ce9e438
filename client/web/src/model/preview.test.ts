// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import type { RestClient } from '../connection/rest_client';
import { FakeRunner } from '../testing/fake_runner';
import { Ports } from './ports';
import { parse_address, Preview } from './preview';

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

test('a page is loaded again when its server came up, and not because another port changed', async () => {
  const runner = new FakeRunner();
  const ports = new Ports(runner.connection);
  const rest = { call: () => Promise.resolve({ url: 'u', address: 'a' }) } as unknown as RestClient;
  const preview = new Preview('w', rest, ports);
  const listening = (...numbers: number[]) =>
    runner.notify('port/changed', { ports: numbers.map((port) => ({ port, address: '0.0.0.0', process: 'node' })) });
  runner.connection.start();
  await runner.accept();
  await listening(3000);
  await preview.go(3000);
  await listening(3000, 4000);
  expect(preview.loads).toBe(1);
  await listening(4000);
  await listening(3000, 4000);
  expect(preview.loads).toBe(2);
  runner.connection.close();
});
