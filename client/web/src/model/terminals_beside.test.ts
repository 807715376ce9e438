// SPDX-License-Identifier: GPL-3.0-or-later
// Terminals side by side: this window's own order, whatever the runner opens and closes.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TerminalInfo } from '../protocol/messages';
import { FakeRunner } from '../testing/fake_runner';
import { MemoryStorage } from '../testing/memory_storage';
import type { Terminal } from './terminal';
import { open_params, profile } from './terminal_profiles';
import { Terminals } from './terminals';

const info = (terminal: string, created: number): TerminalInfo => ({
  terminal,
  created,
  title: 'bash',
  command: '',
  columns: 80,
  rows: 24,
  running: true,
});

let runner: FakeRunner;
let storage: MemoryStorage;
let terminals: Terminals;

beforeEach(async () => {
  runner = new FakeRunner();
  storage = new MemoryStorage();
  terminals = new Terminals(runner.connection, 'terminal', storage);
  runner.connection.start();
  await runner.accept();
  await runner.reply('terminal/list', { terminals: [info('a', 1), info('b', 2)] });
});
afterEach(() => runner.connection.close());

const named = (id: string) => terminals.find(id) as Terminal;
const beside = (id: string) => terminals.shown_with(named(id)).map((one) => one.info.terminal);
async function split(id: string): Promise<void> {
  const done = terminals.split();
  await runner.settle();
  await runner.reply('terminal/open', { terminal: info(id, 9) });
  await done;
}

describe('Terminals side by side', () => {
  test('a split stands beside the shown one and has the keys', async () => {
    expect(beside('a')).toEqual(['a']);
    await split('c');
    expect(beside('a')).toEqual(['a', 'c']);
    expect(terminals.active).toBe(named('c'));
    terminals.look_at(named('a'));
    await split('d');
    expect(beside('c')).toEqual(['a', 'd', 'c']);
    expect(beside('b')).toEqual(['b']);
  });

  test('one that ends, wherever it was closed, leaves its room and its keys to its neighbour', async () => {
    await split('c');
    await runner.notify('terminal/closed', { terminal: 'c' });
    expect(beside('a')).toEqual(['a']);
    expect(terminals.active).toBe(named('a'));
  });

  test('one shows alone when that is wanted, and the others stay together', async () => {
    await split('c');
    await split('d');
    terminals.unsplit(named('c'));
    expect(beside('c')).toEqual(['c']);
    expect(beside('a')).toEqual(['a', 'd']);
  });

  test('a window finds its order and its colours again', async () => {
    await split('c');
    terminals.set_colour(named('c'), 3);
    const again = new Terminals(runner.connection, 'terminal', storage);
    await runner.notify('terminal/changed', { terminal: info('a', 1) });
    await runner.notify('terminal/changed', { terminal: info('c', 9) });
    const c = again.find('c') as Terminal;
    expect(again.shown_with(c).map((one) => one.info.terminal)).toEqual(['a', 'c']);
    expect(again.colour_of(c)).toBe(3);
    again.set_colour(c, undefined);
    expect(again.colour_of(c)).toBeUndefined();
  });

  test('a profile’s folder that this workspace has not is no reason for no terminal', async () => {
    terminals.begin_with(() => open_params(profile({ name: 'Site', folder: 'site' }), true));
    for (const code of ['not_found', 'invalid_argument']) {
      const done = terminals.open_usual();
      await runner.settle();
      expect((await runner.refuse('terminal/open', code)).params).toMatchObject({ cwd: 'site', title: 'Site' });
      const { params } = await runner.reply('terminal/open', { terminal: info(code, 9) });
      expect(params).toMatchObject({ title: 'Site' });
      expect(params).not.toHaveProperty('cwd');
      expect(params).not.toHaveProperty('cwd_if_there');
      await done;
    }
  });

  test('another refusal is told as it is, and so is a folder that somebody pointed at', async () => {
    terminals.begin_with(() => open_params(profile({ name: 'Site', folder: 'site' }), true));
    for (const [open, code] of [
      [() => terminals.open_usual(), 'limit_exceeded'],
      [() => terminals.open_usual(), 'permission_denied'],
      [() => terminals.open({ cwd: 'gone' }), 'not_found'],
    ] as const) {
      const failed = open().catch((error: unknown) => error);
      await runner.settle();
      await runner.refuse('terminal/open', code);
      expect(await failed).toMatchObject({ code });
      expect(runner.waiting('terminal/open')).toEqual([]);
    }
  });

  test('what was remembered in another shape is passed over', () => {
    for (const wrong of ['7', '"x"', '[["a"],3,[1,2]]', '{"a":99}', 'null']) {
      storage.setItem('terminal.beside', wrong);
      storage.setItem('terminal.colours', wrong);
      const again = new Terminals(runner.connection, 'terminal', storage);
      expect(again.shown_with(named('a'))).toEqual([named('a')]);
      expect(again.colour_of(named('a'))).toBeUndefined();
    }
  });
});
