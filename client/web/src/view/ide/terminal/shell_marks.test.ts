// SPDX-License-Identifier: GPL-3.0-or-later
import type { Terminal as Xterm } from '@xterm/xterm';
import { describe, expect, test } from 'vitest';
import { ShellMarks } from './shell_marks';

/** As much of xterm.js as marks need: markers and decorations that can be counted. */
function fake_xterm() {
  const living = new Set<object>();
  const disposable = (more: object) => {
    const listeners: (() => void)[] = [];
    const made = {
      ...more,
      onRender: () => {},
      onDispose: (listener: () => void) => listeners.push(listener),
      dispose: () => {
        if (living.delete(made)) for (const listener of listeners) listener();
      },
    };
    living.add(made);
    return made;
  };
  const active = { type: 'normal', baseY: 0, cursorY: 7, cursorX: 0, getLine: () => undefined };
  let sequence: (data: string) => boolean = () => false;
  const xterm = {
    cols: 80,
    buffer: { active },
    parser: { registerOscHandler: (_: number, handler: typeof sequence) => (sequence = handler) },
    registerMarker: (offset: number) => disposable({ line: active.cursorY + offset }),
    registerDecoration: () => disposable({}),
    scrollToLine: () => {},
    scrollToBottom: () => {},
  };
  return { xterm: xterm as unknown as Xterm, living, say: (data: string) => sequence(data), active };
}

describe('ShellMarks', () => {
  test('a screen that is thrown away takes its prompts and dots along', () => {
    const { xterm, living, say, active } = fake_xterm();
    const marks = new ShellMarks(xterm, () => {});
    for (const data of ['A', 'B', 'C', 'D;0', 'A', 'B']) say(data);
    active.cursorY = 20;
    expect(marks.jump(-1)).toBe(true);
    expect(living.size).toBeGreaterThan(0);
    marks.clear();
    expect(living.size).toBe(0);
    expect(marks.jump(-1)).toBe(false);
    say('A');
    expect(marks.jump(-1)).toBe(true);
  });

  test('a picture tells of no command that ended, but a running one has its dot and is told when it ends', () => {
    const { xterm, living, say } = fake_xterm();
    const told: unknown[] = [];
    const marks = new ShellMarks(xterm, (...what) => told.push(what));
    marks.clear();
    for (const data of ['A', 'B', 'C', 'D;1', 'A', 'B', 'C']) say(data);
    marks.painted();
    expect(told).toEqual([]);
    expect(living.size).toBe(6); // a prompt, its text's begin and a dot, twice
    say('D;3');
    expect(told).toEqual([['', undefined, 3]]);
    for (const data of ['A', 'B', 'C', 'D;0']) say(data);
    expect(told[1]).toEqual(['', expect.any(Number), 0]);
  });
});
