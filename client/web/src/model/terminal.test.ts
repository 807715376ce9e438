// SPDX-License-Identifier: GPL-3.0-or-later
import { deflateSync } from 'fflate';
import { describe, expect, test, vi } from 'vitest';
import {
  attached,
  bytes_of,
  info,
  keys_sent,
  output,
  reconnect,
  runner,
  screen,
  terminal,
  terminals,
  use_terminal_stage,
} from '../testing/terminal_stage';
import { Terminals } from './terminals';

use_terminal_stage();

describe('Terminal', () => {
  test('credit follows what the screen has parsed, not what arrived', async () => {
    const window = 16 << 10;
    await output(0, 'x'.repeat(window));
    expect(runner.socket().frames.filter((frame) => frame.header.kind === 'credit')).toEqual([]);
    screen.parse();
    const credits = runner.socket().frames.filter((frame) => frame.header.kind === 'credit');
    expect(credits.length).toBe(1);
    expect(credits[0]?.header.offset).toBeGreaterThanOrEqual(2 * window);
  });

  describe('what may be under way', () => {
    const window = 16 << 10;
    const credit = () => runner.socket().frames.findLast((frame) => frame.header.kind === 'credit')?.header.offset;
    /** A window of output that the screen has after so long. */
    async function show(offset: number, milliseconds: number, worked: number | undefined): Promise<void> {
      const now = vi.spyOn(performance, 'now').mockReturnValue(1000);
      await output(offset, 'x'.repeat(window));
      now.mockReturnValue(1000 + milliseconds);
      screen.worked = worked;
      screen.parse();
      now.mockRestore();
    }

    test('is what the screen does in ten milliseconds of work', async () => {
      await show(0, 1, undefined);
      expect(credit()).toBe(2 * window); // nothing is known of its work: the smallest window
      await show(window, 1, 4); // 40 KiB in ten
      expect(credit()).toBe(2 * window + 10 * (window / 4));
    });

    test('and no more than it shows in twenty, painting and all', async () => {
      await show(0, 16, 1);
      expect(credit()).toBe(window + 20 * (window / 16));
    });
  });

  test('resumes at the exact byte, also with bytes still to be parsed', async () => {
    await output(0, 'hello ');
    await reconnect(true);
    const asked = await runner.reply('terminal/attach', attached({ output_offset: 6 }));
    expect(asked.params['output_offset']).toBe(6);
    await output(6, 'world');
    screen.parse();
    expect(screen.text).toBe('hello world');
    expect(screen.resets).toBe(0);
  });

  test('lost bytes empty the screen first', async () => {
    await output(0, 'old');
    screen.parse();
    await reconnect(true);
    await runner.reply('terminal/attach', attached({ output_offset: 5000, lost: true }));
    await output(5000, 'repaint');
    screen.parse();
    expect(screen.resets).toBe(1);
    expect(screen.text).toBe('repaint');
  });

  test('a painted screen comes first, however the two channels arrive', async () => {
    await output(0, 'old');
    await reconnect(false);
    await runner.reply('terminal/attach', attached({ output_offset: 900, screen: 9, lost: true }));
    await output(0, 'the ', 9);
    await output(900, 'then this');
    await output(4, 'screen ', 9);
    await runner.frame({ kind: 'end', deflated: false, channel: 9, offset: 11 });
    await output(909, ' and that');
    screen.parse();
    expect(screen.text).toBe('the screen then this and that');
    expect(screen.resets).toBe(1);
  });

  test('a size that is told while a screen is painted is taken behind it', async () => {
    await reconnect(false);
    const answer = attached({ output_offset: 900, screen: 9, lost: true });
    answer.terminal = { ...answer.terminal, columns: 70, rows: 9 };
    await runner.reply('terminal/attach', answer);
    expect(screen.sizes.at(-1)).toBe('70x9');
    await output(0, 'half ', 9);
    await runner.notify('terminal/changed', { terminal: { ...answer.terminal, columns: 70, rows: 10 } });
    expect(screen.sizes.at(-1)).toBe('70x9');
    await output(5, 'whole', 9);
    await runner.frame({ kind: 'end', deflated: false, channel: 9, offset: 10 });
    expect(screen.sizes.at(-1)).toBe('70x10');
  });

  test('a screen that was painted in part is painted again', async () => {
    await reconnect(false);
    await runner.reply('terminal/attach', attached({ output_offset: 900, screen: 9, lost: true }));
    await output(0, 'half', 9);
    await reconnect(true);
    const asked = await runner.reply('terminal/attach', attached({ output_offset: 901, screen: 9, lost: true }));
    expect(asked.params['output_offset']).toBeUndefined();
    await output(0, 'whole', 9);
    await runner.frame({ kind: 'end', deflated: false, channel: 9, offset: 5 });
    screen.parse();
    expect(screen.text).toBe('whole');
  });

  test('deflated output is inflated in its place, and a damaged frame aborts its channel alone', async () => {
    const frame = (offset: number, payload: Uint8Array) =>
      runner.frame({ kind: 'data', deflated: true, channel: 3, offset }, payload);
    await output(0, '<');
    await frame(1, deflateSync(bytes_of('x'.repeat(2000))));
    await output(2001, '>');
    screen.parse();
    expect(screen.text).toBe(`<${'x'.repeat(2000)}>`);
    await frame(2002, deflateSync(new Uint8Array(300 << 10)));
    await output(2002, 'of a channel that is gone');
    screen.parse();
    expect(screen.text).toBe(`<${'x'.repeat(2000)}>`);
    expect(runner.socket().frames.filter(({ header }) => header.kind === 'abort').length).toBe(1);
  });

  test('asks for deflated frames, its own size and its scrollback', async () => {
    terminal.set_room(120, 30);
    terminal.scrollback = 50_000;
    await reconnect(true);
    const asked = await runner.reply('terminal/attach', attached());
    expect(asked.params).toMatchObject({ deflate: true, columns: 120, rows: 30, scrollback: 50_000 });
  });

  test('alone, the screen has a new size at once', async () => {
    terminal.set_room(120, 30);
    expect(screen.sizes).toEqual(['120x30']);
    const asked = await runner.reply('terminal/resize', {});
    expect(asked.params).toMatchObject({ columns: 120, rows: 30 });
    await runner.notify('terminal/changed', { terminal: { ...info, columns: 120, rows: 30, viewers: ['s1'] } });
    expect(screen.sizes).toEqual(['120x30']);
    expect(terminal.sized_by()).toEqual([]);
  });

  test('shared, the runner says the size and who gave it', async () => {
    terminal.set_room(120, 30);
    await runner.reply('terminal/resize', {});
    const shared = { ...info, columns: 90, rows: 20, viewers: ['s1', 's7'] };
    await runner.notify('terminal/changed', { terminal: shared });
    expect(screen.sizes).toEqual(['120x30', '90x20']);
    expect(terminal.sized_by()).toEqual(['s7']);
    terminal.set_room(130, 40);
    expect(screen.sizes.length).toBe(2);
    await runner.reply('terminal/resize', {});
    await runner.notify('terminal/changed', { terminal: { ...shared, viewers: ['s1', 's7', 's8'], leader: 's8' } });
    expect(terminal.sized_by()).toEqual(['s8']);

    void terminal.lead(true);
    expect((await runner.reply('terminal/lead', {})).params).toEqual({ terminal: 't1', lead: true });
    await runner.notify('terminal/changed', { terminal: { ...shared, columns: 130, rows: 40, leader: 's1' } });
    expect(screen.sizes.at(-1)).toBe('130x40');
    expect(terminal.leads()).toBe(true);
    expect(terminal.sized_by()).toEqual([]);
  });

  test('only one of several windows answers programs', async () => {
    expect(terminal.answers()).toBe(true);
    await runner.notify('terminal/changed', { terminal: { ...info, viewers: ['s7', 's1'] } });
    expect(terminal.answers()).toBe(false);
    await runner.notify('terminal/changed', { terminal: { ...info, viewers: ['s1', 's7'] } });
    expect(terminal.answers()).toBe(true);
  });

  test('a viewer only watches', async () => {
    await runner.drop();
    await vi.advanceTimersByTimeAsync(300);
    await runner.accept({ resumed: false, session: 's2', role: 'viewer' });
    await runner.reply('terminal/list', { terminals: [info] });
    await runner.reply('terminal/attach', attached());
    expect(terminal.may_type()).toBe(false);
    expect(terminal.answers()).toBe(false);
    terminal.type(bytes_of('rm x'));
    terminal.set_room(120, 30);
    expect(keys_sent()).toEqual([]);
    expect(runner.waiting('terminal/resize')).toEqual([]);
    expect(screen.sizes).toEqual([]);
  });

  test('a watcher of keys hears when they have arrived, also after a drop', async () => {
    const heard: (number | string)[] = [];
    terminal.watch_keys({ arrived: (offset) => heard.push(offset), forget: () => heard.push('anew') });
    const pings = () => runner.waiting('session/ping').length;
    await runner.reply('session/ping', {}); // the connection's own
    terminal.type(bytes_of('ab'));
    terminal.type(bytes_of('c'));
    expect(pings()).toBe(2);
    await runner.reply('session/ping', {});
    expect(heard).toEqual([2]);
    await reconnect(true);
    expect(heard).toEqual([2]);
    await runner.reply('terminal/attach', attached({ input_offset: 3, input_limit: 103 }));
    while (pings() > 0) await runner.reply('session/ping', {});
    expect(heard).toEqual([2, 3]);
    await reconnect(false);
    expect(heard.at(-1)).toBe('anew');
  });

  test('keys typed while too many questions are under way are asked about later', async () => {
    const heard: number[] = [];
    terminal.watch_keys({ arrived: (offset) => heard.push(offset), forget: () => {} });
    await runner.reply('session/ping', {}); // the connection's own
    for (let key = 0; key < 40; ++key) terminal.type(bytes_of('x'));
    expect(runner.waiting('session/ping').length).toBe(32);
    await runner.reply('session/ping', {});
    for (let answer = 1; answer < 32; ++answer) await runner.reply('session/ping', {});
    expect(heard.at(-1)).toBe(32);
    await runner.reply('session/ping', {});
    expect(heard.at(-1)).toBe(40);
    expect(runner.waiting('session/ping')).toEqual([]);
  });

  test('aborted by the runner alone, it attaches again; a lost connection waits for the next', async () => {
    await output(0, 'old');
    await runner.frame({ kind: 'abort', deflated: false, channel: 3, offset: 0 });
    const asked = await runner.reply('terminal/attach', attached({ channel: 5, output_offset: 3 }));
    expect(asked.params['output_offset']).toBe(3);
    await output(3, ' and new', 5);
    terminal.type(bytes_of('ls'));
    screen.parse();
    expect(screen.text).toBe('old and new');
    expect(keys_sent()).toEqual([[0, 'ls']]);

    await runner.drop();
    expect(runner.waiting('terminal/attach')).toEqual([]);
    await vi.advanceTimersByTimeAsync(300);
    await runner.accept({ resumed: true });
    await runner.reply('terminal/list', { terminals: [info] });
    expect(runner.waiting('terminal/attach').length).toBe(1);
  });

  test('keys are sent as input credit allows and go on with the next grant', async () => {
    terminal.type(bytes_of('a'.repeat(150)));
    expect(keys_sent()).toEqual([[0, 'a'.repeat(100)]]);
    await runner.frame({ kind: 'credit', deflated: false, channel: 3, offset: 200 });
    expect(keys_sent()).toEqual([
      [0, 'a'.repeat(100)],
      [100, 'a'.repeat(50)],
    ]);
  });

  test('keys under way when the connection drops arrive exactly once', async () => {
    terminal.type(bytes_of('abcdef'));
    await reconnect(true);
    terminal.type(bytes_of('gh')); // typed while there was no channel
    await runner.reply('terminal/attach', attached({ input_offset: 4, input_limit: 104 }));
    expect(keys_sent()).toEqual([[4, 'efgh']]);
  });

  test('keys are kept until they arrived, also when an attach tells of less than the whole window', async () => {
    terminal.type(bytes_of('a'.repeat(120)));
    await reconnect(true);
    await runner.reply('terminal/attach', attached({ input_offset: 40, input_limit: 100 }));
    await runner.frame({ kind: 'credit', deflated: false, channel: 3, offset: 160 }); // 60 have arrived
    await reconnect(true);
    await runner.reply('terminal/attach', attached({ input_offset: 60, input_limit: 160 }));
    expect(keys_sent()).toEqual([[60, 'a'.repeat(60)]]);
  });

  test('keys typed without a connection are sent when it is back', async () => {
    await runner.drop();
    terminal.type(bytes_of('ls\r'));
    await vi.advanceTimersByTimeAsync(300);
    await runner.accept({ resumed: true });
    await runner.reply('terminal/list', { terminals: [info] });
    await runner.reply('terminal/attach', attached());
    expect(keys_sent()).toEqual([[0, 'ls\r']]);
  });

  test('a new session never repeats keys that may have arrived', async () => {
    terminal.type(bytes_of('rm x\r'));
    await runner.drop();
    terminal.type(bytes_of('ls'));
    await vi.advanceTimersByTimeAsync(300);
    await runner.accept({ resumed: false, session: 's2' });
    await runner.reply('terminal/list', { terminals: [info] });
    await runner.reply('terminal/attach', attached({ input_offset: 0 }));
    expect(keys_sent()).toEqual([[0, 'ls']]);
  });

  test('a paste too large to keep is refused whole', () => {
    expect(terminal.type(new Uint8Array(5 << 20))).toBe(false);
    expect(keys_sent()).toEqual([]);
  });
});

describe('Terminals', () => {
  test('a page without a clipboard is told so, and nothing is thrown', () => {
    vi.stubGlobal('navigator', {});
    let told = 0;
    const { questions } = new Terminals(runner.connection, '', undefined, () => ++told);
    questions.copy('text');
    questions.allow_clipboard(true);
    vi.unstubAllGlobals();
    expect(told).toBe(1);
    expect(questions.current).toBeUndefined();
  });

  test('a new shell begins in the shown one’s folder, or where shells begin when that is gone', async () => {
    await runner.notify('terminal/changed', { terminal: { ...info, directory: '/home/berth/project/deep/er' } });
    const opened = terminals.open();
    expect((await runner.refuse('terminal/open', 'not_found')).params['cwd']).toBe('project/deep/er');
    const asked = await runner.reply('terminal/open', { terminal: { ...info, terminal: 't2', created: 2 } });
    expect(asked.params['cwd']).toBeUndefined();
    expect((await opened).info.terminal).toBe('t2');
  });

  test('a folder outside of home is not asked for', async () => {
    await runner.notify('terminal/changed', { terminal: { ...info, directory: '/etc' } });
    void terminals.open();
    const asked = await runner.reply('terminal/open', { terminal: { ...info, terminal: 't2', created: 2 } });
    expect(asked.params['cwd']).toBeUndefined();
  });

  test('follow what other windows open and close', async () => {
    await runner.notify('terminal/changed', { terminal: { ...info, terminal: 't2', created: 2 } });
    expect(terminals.all.map((known) => known.info.terminal)).toEqual(['t1', 't2']);
    expect(terminals.active).toBe(terminal);
    await runner.notify('terminal/closed', { terminal: 't1' });
    expect(terminals.active?.info.terminal).toBe('t2');
  });

  test('forget what ended while the connection was away', async () => {
    await runner.drop();
    await vi.advanceTimersByTimeAsync(300);
    await runner.accept({ resumed: false, session: 's2' });
    await runner.reply('terminal/list', { terminals: [] });
    expect(terminals.all).toEqual([]);
    expect(terminals.active).toBeUndefined();
  });
});
