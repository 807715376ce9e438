// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { random_of, random_text } from '../testing/random_text';
import { short_difference } from './text_difference';
import { changed_ranges } from './text_operation';

describe('short_difference', () => {
  test('leads from one text to the other, pairs whole', () => {
    const random = random_of(5);
    for (let round = 0; round < 1000; ++round) {
      const before = random_text(random, 30);
      const lines = before.split('\n');
      const after = lines
        .flatMap(
          (line) => [[line], [], [line, random_text(random, 4)], [random_text(random, 4)], [line]][random(5)] ?? [],
        )
        .join('\n');
      const operation = short_difference(before, after);
      expect(operation.apply(before), JSON.stringify([before, after])).toBe(after);
    }
  });

  test('keeps every line that may be kept', () => {
    const line = (number: number) => `line ${number}\n`;
    const lines = Array.from({ length: 2000 }, (_, number) => line(number));
    const before = lines.join('');
    const after = lines.flatMap((text, at) => (at === 7 ? [] : at === 900 ? [text, 'new\n'] : [text])).join('');
    expect(short_difference(before, after).to_wire()).toEqual([
      lines.slice(0, 7).join('').length,
      -line(7).length,
      lines.slice(8, 901).join('').length,
      'new\n',
      lines.slice(901).join('').length,
    ]);
  });

  test('within a changed line only what differs is replaced', () => {
    const operation = short_difference('a = 1\nb = 2\nc = 3\n', 'a = 1\nb = 22\nc = 3\n');
    expect(operation.to_wire()).toEqual([11, '2', 7]);
  });

  test('texts of which nothing is alike cost no more than one replacement', () => {
    const text = (seed: number) => Array.from({ length: 60_000 }, (_, at) => `${(at * seed) % 99_991}\n`).join('');
    const before = text(7919);
    const after = text(104_729);
    const started = performance.now();
    const operation = short_difference(before, after);
    expect(performance.now() - started).toBeLessThan(3000);
    expect(operation.apply(before)).toBe(after);
    expect(changed_ranges(operation).length).toBe(1);
  });
});
