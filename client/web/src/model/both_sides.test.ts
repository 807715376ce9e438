// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { overlapping, TextOperation } from '../protocol/text_operation';
import { random_of, random_operation, random_text } from '../testing/random_text';
import { settle, type Choice } from './both_sides';

/** The text on which both ways agree: the editor's, and the others' with what is sent to them. */
function outcome(base: string, mine: TextOperation, theirs: TextOperation, choice: Choice, all = false): string {
  const settled = settle(base, mine, theirs, choice, all);
  const typed = mine.apply(base) as string;
  const editor = settled?.remote.apply(settled.given_up.apply(typed) as string);
  const runner = settled?.pending.apply(theirs.apply(base) as string);
  expect(editor).toBeDefined();
  expect(runner).toBe(editor);
  return editor as string;
}

describe('settle', () => {
  const base = 'one\ntwo\nthree\n';
  const mine = new TextOperation().insert('# mine\n').retain(4).insert('TWO').remove(3).retain(7);
  const theirs = new TextOperation().retain(4).insert('deux').remove(3).retain(1).insert('trois').remove(5).retain(1);

  test('the answer is about the place that both changed', () => {
    expect(outcome(base, mine, theirs, 'mine')).toBe('# mine\none\nTWO\ntrois\n');
    expect(outcome(base, mine, theirs, 'theirs')).toBe('# mine\none\ndeux\ntrois\n');
    expect(outcome(base, mine, theirs, 'both')).toBe('# mine\none\ndeuxTWO\ntrois\n');
  });

  test('after a refusal it is about all that was typed', () => {
    const nothing = TextOperation.identity(base.length);
    expect(outcome(base, mine, nothing, 'theirs', true)).toBe(base);
    expect(outcome(base, mine, nothing, 'mine', true)).toBe(mine.apply(base));
  });

  test('editor and runner agree in whatever was done, and apart from each other every answer is the same', () => {
    const random = random_of(17);
    let met = 0;
    for (let round = 0; round < 1500; ++round) {
      const text = random_text(random, 8);
      const [a, b] = [random_operation(random, text), random_operation(random, text)];
      const texts = (['mine', 'theirs', 'both'] as const).map((choice) => outcome(text, a, b, choice));
      outcome(text, a, b, 'theirs', true);
      if (overlapping(a, b)) ++met;
      else expect(new Set(texts).size).toBe(1);
    }
    expect(met).toBeGreaterThan(200);
  });
});
