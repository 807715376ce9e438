// SPDX-License-Identifier: GPL-3.0-or-later
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TerminalAttachResult, TerminalInfo } from '../protocol/messages';
import { FakeRunner } from '../testing/fake_runner';
import type { Terminal, TerminalScreen } from './terminal';
import { Terminals } from './terminals';

const info: TerminalInfo = {
  terminal: 't1',
  title: 'bash',
  command: '',
  columns: 80,
  rows: 24,
  running: true,
  created: 1,
};
const attached = (more: Partial<TerminalAttachResult> = {}): TerminalAttachResult => ({
  channel: 3,
  output_offset: 0,
  lost: false,
  input_offset: 0,
  input_limit: 100,
  terminal: info,
  ...more,
});

/** Parses only when told to. */
class SlowScreen implements TerminalScreen {
  text = '';
  resets = 0;
  private readonly queue_: { bytes: Uint8Array; parsed: () => void }[] = [];
  write(bytes: Uint8Array, parsed: () => void): void {
    this.queue_.push({ bytes, parsed });
  }
  reset(): void {
    ++this.resets;
    this.text = '';
  }
  parse(): void {
    for (const { bytes, parsed } of this.queue_.splice(0)) {
      this.text += new TextDecoder().decode(bytes);
      parsed();
    }
  }
}

let runner: FakeRunner;
let terminals: Terminals;
let terminal: Terminal;
let screen: SlowScreen;
const bytes_of = (text: string) => new TextEncoder().encode(text);
const keys_sent = () =>
  runner
    .socket()
    .frames.filter((frame) => frame.header.kind === 'data')
    .map((frame) => [frame.header.offset, new TextDecoder().decode(frame.payload)]);

async function output(offset: number, text: string): Promise<void> {
  await runner.frame({ kind: 'data', deflated: false, channel: 3, offset }, bytes_of(text));
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  runner = new FakeRunner();
  terminals = new Terminals(runner.connection);
  runner.connection.start();
  await runner.accept();
  await runner.reply('terminal/list', { terminals: [info] });
  terminal = terminals.all[0] as Terminal;
  screen = new SlowScreen();
  terminal.show_on(screen);
  await runner.settle();
  await runner.reply('terminal/attach', attached());
});
afterEach(() => {
  runner.connection.close();
  vi.useRealTimers();
});

async function reconnect(resumed: boolean): Promise<void> {
  await runner.drop();
  await vi.advanceTimersByTimeAsync(300);
  await runner.accept({ resumed, session: resumed ? 's1' : 's2' });
  await runner.reply('terminal/list', { terminals: [info] });
}

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
