// SPDX-License-Identifier: GPL-3.0-or-later
// One terminal over a fake runner, on a screen that parses when it is told to, made anew for each test.
import { afterEach, beforeEach, vi } from 'vitest';
import type { Terminal, TerminalScreen } from '../model/terminal';
import { Terminals } from '../model/terminals';
import type { TerminalAttachResult, TerminalInfo } from '../protocol/messages';
import { FakeRunner } from './fake_runner';

export const info: TerminalInfo = {
  terminal: 't1',
  title: 'bash',
  command: '',
  columns: 80,
  rows: 24,
  running: true,
  created: 1,
};
export const attached = (more: Partial<TerminalAttachResult> = {}): TerminalAttachResult => ({
  channel: 3,
  output_offset: 0,
  lost: false,
  input_offset: 0,
  input_limit: 100,
  terminal: info,
  ...more,
});

/** Parses only when told to. */
export class SlowScreen implements TerminalScreen {
  text = '';
  resets = 0;
  pictures = 0;
  sizes: string[] = [];
  /** ms for each write, where it is measured. */
  worked: number | undefined;
  private readonly queue_: { bytes: Uint8Array; parsed: (worked?: number) => void }[] = [];
  write(bytes: Uint8Array, parsed: (worked?: number) => void): void {
    this.queue_.push({ bytes, parsed });
  }
  reset(): void {
    ++this.resets;
    this.queue_.push({ bytes: new Uint8Array(0), parsed: () => (this.text = '') });
  }
  painted(): void {
    ++this.pictures;
  }
  resize(columns: number, rows: number): void {
    this.sizes.push(`${columns}x${rows}`);
  }
  parse(): void {
    for (const { bytes, parsed } of this.queue_.splice(0)) {
      this.text += new TextDecoder().decode(bytes);
      parsed(this.worked);
    }
  }
}

export let runner: FakeRunner;
export let terminals: Terminals;
export let terminal: Terminal;
export let screen: SlowScreen;
export const bytes_of = (text: string) => new TextEncoder().encode(text);
export const keys_sent = () =>
  runner
    .socket()
    .frames.filter((frame) => frame.header.kind === 'data')
    .map((frame) => [frame.header.offset, new TextDecoder().decode(frame.payload)]);

export async function output(offset: number, text: string, channel = 3): Promise<void> {
  await runner.frame({ kind: 'data', deflated: false, channel, offset }, bytes_of(text));
}

export function use_terminal_stage(): void {
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
}

export async function reconnect(resumed: boolean): Promise<void> {
  await runner.drop();
  await vi.advanceTimersByTimeAsync(300);
  await runner.accept({ resumed, session: resumed ? 's1' : 's2' });
  await runner.reply('terminal/list', { terminals: [info] });
}
