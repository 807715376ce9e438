// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { FakeRunner } from '../testing/fake_runner';
import { ascii_text, hex_text, HexFile } from './hex_file';

test('a row of bytes is as wide as every other, whatever it holds', () => {
  const whole = Uint8Array.from({ length: 16 }, (_, at) => at * 17);
  expect(hex_text(whole)).toBe('00 11 22 33 44 55 66 77  88 99 aa bb cc dd ee ff');
  expect(hex_text(Uint8Array.of(1)).length).toBe(hex_text(whole).length);
  expect(ascii_text(new TextEncoder().encode('Berth\n\u00e4~'))).toBe('Berth···~');
});

async function stage(size: number) {
  const runner = new FakeRunner();
  runner.connection.start();
  await runner.accept();
  const file = new HexFile('project/a.bin', runner.connection);
  await runner.settle();
  /** Answers the oldest question about bytes; every byte tells its place. */
  const answer = async (etag = 'one') => {
    const sent = runner.waiting('file/read')[0];
    const offset = Number(sent?.params['offset']);
    const length = Math.min(Number(sent?.params['length']), size - offset);
    await runner.reply('file/read', { channel: 7, size, etag });
    const bytes = Uint8Array.from({ length }, (_, at) => (offset + at) & 0xff);
    await runner.frame({ kind: 'data', deflated: false, channel: 7, offset: 0 }, bytes);
    await runner.frame({ kind: 'end', deflated: false, channel: 7, offset: length });
  };
  return { runner, file, answer };
}

test('pages are fetched as they come into sight, and the last row is as short as the file', async () => {
  const { runner, file, answer } = await stage((32 << 10) + 5);
  await answer();
  expect(file.row_count()).toBe((32 << 10) / 16 + 1);
  expect(runner.waiting('file/read')).toEqual([]);
  file.scroll_to(1e9, 4);
  await runner.settle();
  expect(file.rows(4).map(({ bytes }) => bytes?.length)).toEqual([16, 16, 16, undefined]);
  await answer();
  expect(file.rows(4).map(({ bytes }) => bytes?.length)).toEqual([16, 16, 16, 5]);
  file.scroll_to(-5, 4);
  expect(file.top).toBe(0);
});

test('pages of two states of a file are never shown together, and reading again begins anew', async () => {
  const { runner, file, answer } = await stage(70_000);
  await answer();
  file.scroll_to(3000, 4);
  await runner.settle();
  await answer('two');
  expect(file.problem).toContain('has changed');
  file.scroll_to(0, 4);
  expect(file.rows(1)[0]?.bytes).toBeUndefined();
  file.read_again();
  await runner.settle();
  expect(file.problem).toBe('');
});

test('a lost connection is told, not shown as an empty file', async () => {
  const { runner, file } = await stage(100);
  await runner.refuse('file/read', 'permission_denied', 'You may not read this.');
  expect([file.problem, file.size]).toEqual(['You may not read this.', undefined]);
});
