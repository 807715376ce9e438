// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { TerminalQuestions } from './terminal_questions';

function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  } as unknown as Storage;
}

describe('TerminalQuestions', () => {
  test('the clipboard is asked for once and the answer is kept for the workspace', () => {
    const copied: string[] = [];
    const kept = storage();
    const ask = (key: string) => new TerminalQuestions(key, kept, (text) => copied.push(text));
    const first = ask('a');
    first.copy('one');
    expect(first.current).toEqual({ kind: 'clipboard', text: 'one' });
    expect(copied).toEqual([]);
    first.allow_clipboard(true);
    expect(first.current).toBeUndefined();
    first.copy('two');
    ask('a').copy('three');
    expect(copied).toEqual(['one', 'two', 'three']);

    const other = ask('b');
    other.copy('four');
    other.allow_clipboard(false);
    ask('b').copy('five');
    expect(other.current).toBeUndefined();
    expect(copied).toEqual(['one', 'two', 'three']);
  });

  test('without storage it is asked again', () => {
    const questions = new TerminalQuestions('a', undefined, () => {});
    questions.copy('one');
    questions.allow_clipboard(false);
    questions.copy('two');
    expect(questions.current).toEqual({ kind: 'clipboard', text: 'two' });
  });
});
