// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { ShellCommands } from './shell_commands';

/** Marks are lines; `screen` is what stands behind the last B. */
function shell() {
  const commands = new ShellCommands<number>();
  const state = { line: 0, now: 0, text: '' };
  const say = (data: string) =>
    commands.sequence(
      data,
      state.now,
      () => state.line,
      () => state.text,
    );
  return { commands, state, say };
}

describe('ShellCommands', () => {
  test('knows a command’s prompt, text, duration and exit code', () => {
    const { commands, state, say } = shell();
    expect(say('A')?.prompt).toBe(0);
    say('B');
    Object.assign(state, { text: 'make', now: 1000, line: 1 });
    say('C');
    Object.assign(state, { now: 13_500, line: 90 });
    expect(say('D;2')).toMatchObject({ prompt: 0, text: 'make', started: 1000, ended: 13_500, exit_code: 2 });
    say('A');
    expect(commands.list.map(({ prompt, exit_code }) => [prompt, exit_code])).toEqual([
      [0, 2],
      [90, undefined],
    ]);
  });

  test('a prompt that is drawn again stays one, and an empty line is no command', () => {
    const { commands, state, say } = shell();
    say('A');
    say('B');
    state.line = 3;
    expect(say('D;0')).toBeUndefined();
    say('A');
    expect(commands.list).toMatchObject([{ prompt: 3 }]);
  });

  test('a prompt whose begin was erased, as when a shell draws it again for a new size, begins where it ends', () => {
    const { commands, state, say } = shell();
    state.line = 4;
    expect(say('B')).toMatchObject({ prompt: 4, input: 4 });
    Object.assign(state, { text: 'make', line: 5 });
    for (const data of ['C', 'D;0']) say(data);
    expect(say('B')).toMatchObject({ prompt: 5 });
    expect(say('B')).toBeUndefined(); // drawn again, its place is known
    expect(commands.list).toMatchObject([{ text: 'make', exit_code: 0 }, { prompt: 5 }]);
  });

  test('what comes out of order or without sense is let pass', () => {
    const { commands, say } = shell();
    for (const data of ['D;1', 'C', '', 'Z;x']) expect(say(data)).toBeUndefined();
    expect(commands.list).toEqual([]);
    say('A');
    say('C');
    expect(say('D;x')).toMatchObject({ exit_code: undefined, text: '' });
    expect(say('D;0')).toBeUndefined();
  });

  test('a command that ran before the screen was painted anew goes on, from when it began', () => {
    const { commands, state, say } = shell();
    const paint = (running: boolean) => {
      Object.assign(state, { now: 60_000, line: 5 });
      expect(commands.clear().length).toBeGreaterThan(0);
      for (const data of ['A', 'B', 'C']) say(data);
      if (!running) say('D;1');
      return commands.painted();
    };
    for (const data of ['A', 'B']) say(data);
    Object.assign(state, { text: 'make', now: 1000 });
    say('C');
    expect(paint(true)).toBeUndefined();
    expect(commands.list).toMatchObject([{ text: 'make', started: 1000, start_known: true }]);
    // Painted once more, now it has ended: when is not known.
    expect(paint(false)).toMatchObject({ text: 'make', exit_code: 1 });
    expect(paint(false)).toBeUndefined(); // told once
  });

  test('of one that this page never saw begin only the end will be known', () => {
    const { commands, state, say } = shell();
    commands.clear();
    Object.assign(state, { text: 'make', now: 500 });
    for (const data of ['A', 'B', 'C', 'D;0', 'A', 'B', 'C']) say(data);
    expect(commands.painted()).toBeUndefined();
    expect(commands.list.map(({ start_known }) => start_known)).toEqual([true, false]);
    expect(say('D;0')).toMatchObject({ start_known: false, ended: 500 });
  });

  test('of one whose age is painted the duration is known, too', () => {
    const { commands, state, say } = shell();
    commands.clear();
    Object.assign(state, { text: 'make', now: 60_000 });
    for (const data of ['A', 'B', 'C;cmdline=make;age=5000']) say(data);
    expect(commands.painted()).toBeUndefined();
    state.now = 61_000;
    expect(say('D;0')).toMatchObject({ start_known: true, started: 55_000, ended: 61_000 });
    for (const data of ['A', 'B', 'C;age=-1', 'D;0']) say(data);
    expect(commands.list.at(-1)).toMatchObject({ started: 61_000 });
  });

  test('keeps the newest thousand', () => {
    const { commands, state, say } = shell();
    for (state.line = 0; state.line < 1500; ++state.line) for (const data of ['A', 'B', 'C', 'D;0']) say(data);
    expect(commands.list.length).toBe(1000);
    expect(commands.list[0]?.prompt).toBe(500);
  });
});
