// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { RemoteShell } from '../testing/remote_shell';
import type { KeyWatcher, Terminal } from './terminal';
import { FeltDelay, TerminalEcho } from './terminal_echo';
import type { PredictedLine } from './terminal_prediction';

describe('FeltDelay', () => {
  test('is felt above 50 ms and until it is below 30 ms, whatever single measurements say', () => {
    const delay = new FeltDelay();
    const felt = (...measured: number[]) => measured.map((round_trip) => (delay.measured(round_trip), delay.felt()));
    expect(felt(3, 400, 4)).toEqual([false, true, false]);
    expect(felt(80, 90)).toEqual([true, true]);
    expect(felt(2, 45, 40, 41)).toEqual([true, true, true, true]);
    expect(felt(20, 20)).toEqual([true, false]);
    expect(felt(45, 45, 45)).toEqual([false, false, false]);
    delay.forget();
    expect(felt(200)).toEqual([true]);
  });
});

/** A terminal that takes keys and has not answered yet. */
class SilentTerminal {
  typed_bytes = 0;
  watcher: KeyWatcher | undefined;
  type(bytes: Uint8Array): boolean {
    this.typed_bytes += bytes.length;
    return true;
  }
  typed(): number {
    return this.typed_bytes;
  }
  watch_keys(watcher: KeyWatcher | undefined): void {
    this.watcher = watcher;
  }
}

describe('TerminalEcho', () => {
  function stage() {
    const terminal = new SilentTerminal();
    const screen = new RemoteShell(40, 5, () => {});
    screen.start();
    const delay = new FeltDelay();
    let drawn: PredictedLine | undefined;
    const echo = new TerminalEcho(terminal as unknown as Terminal, screen, delay, (line) => (drawn = line));
    const type = (text: string) => echo.type(text, new TextEncoder().encode(text));
    /** One key that the shell echoes. */
    const earn_trust = () => {
      type('e');
      screen.take('e');
      terminal.watcher?.arrived(terminal.typed(), 120);
    };
    return { terminal, screen, delay, echo, type, earn_trust, drawn: () => drawn };
  }

  test('predicts on a slow connection and not on a quick one', () => {
    const { delay, echo, type, earn_trust, drawn } = stage();
    type('x');
    expect(echo.is_active()).toBe(false);
    for (let at = 0; at < 3; ++at) delay.measured(120);
    earn_trust();
    type('c');
    expect(echo.is_active()).toBe(true);
    expect(drawn()?.cells.map(({ text }) => text)).toEqual(['c']);
    for (let at = 0; at < 3; ++at) delay.measured(2);
    type('h');
    expect(echo.is_active()).toBe(false);
    expect(drawn()).toBeUndefined();
    echo.dispose();
  });

  test('does as the person chose', () => {
    const { delay, echo, type, earn_trust, terminal, drawn } = stage();
    echo.choose('on');
    earn_trust();
    type('c');
    expect(drawn()?.cells.length).toBe(1);
    echo.choose('off');
    expect(drawn()).toBeUndefined();
    expect(terminal.watcher).toBeUndefined();
    for (let at = 0; at < 3; ++at) delay.measured(500);
    type('h');
    expect(echo.is_active()).toBe(false);
    echo.dispose();
  });

  test('a repaint takes predictions off', () => {
    const { echo, type, earn_trust, drawn } = stage();
    echo.choose('on');
    earn_trust();
    type('c');
    echo.forget();
    expect(drawn()).toBeUndefined();
    echo.dispose();
  });
});
