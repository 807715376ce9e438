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

  test('what comes out of order or without sense is let pass', () => {
    const { commands, say } = shell();
    for (const data of ['D;1', 'C', 'B', '', 'Z;x']) expect(say(data)).toBeUndefined();
    expect(commands.list).toEqual([]);
    say('A');
    say('C');
    expect(say('D;x')).toMatchObject({ exit_code: undefined, text: '' });
    expect(say('D;0')).toBeUndefined();
  });

  test('keeps the newest thousand', () => {
    const { commands, state, say } = shell();
    for (state.line = 0; state.line < 1500; ++state.line) for (const data of ['A', 'B', 'C', 'D;0']) say(data);
    expect(commands.list.length).toBe(1000);
    expect(commands.list[0]?.prompt).toBe(500);
  });
});
