// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { random_of, random_operation, random_text } from '../testing/random_text';
import { TextOperation } from '../protocol/text_operation';
import { overlapping, transform } from './operation_transform';

describe('transform', () => {
  test('both orders give the same text on random histories', () => {
    const random = random_of(7);
    for (let round = 0; round < 3000; ++round) {
      const base = random_text(random, 12);
      const mine = random_operation(random, base);
      const theirs = random_operation(random, base);
      const moved = transform(mine, theirs);
      const one = moved?.mine.apply(theirs.apply(base) as string);
      const other = moved?.theirs.apply(mine.apply(base) as string);
      expect(one).toBeDefined();
      expect(one).toBe(other);
    }
  });

  test('where both insert, theirs comes first', () => {
    const mine = new TextOperation().retain(1).insert('m').retain(1);
    const theirs = new TextOperation().retain(1).insert('t').retain(1);
    expect(transform(mine, theirs)?.mine.apply(theirs.apply('ab') as string)).toBe('atmb');
  });

  test('operations of different bases are refused', () => {
    expect(transform(new TextOperation().retain(1), new TextOperation().retain(2))).toBeUndefined();
  });
});

describe('overlapping', () => {
  const insert = (at: number) =>
    new TextOperation()
      .retain(at)
      .insert('x')
      .retain(10 - at);
  const remove = (at: number, units: number) =>
    new TextOperation()
      .retain(at)
      .remove(units)
      .retain(10 - at - units);

  test('is true for the same place and right beside it', () => {
    expect(overlapping(insert(4), insert(4))).toBe(true);
    expect(overlapping(insert(4), remove(2, 4))).toBe(true);
    expect(overlapping(remove(2, 4), insert(6))).toBe(true);
    expect(overlapping(remove(2, 4), remove(5, 3))).toBe(true);
  });
  test('is false for places apart', () => {
    expect(overlapping(insert(4), insert(5))).toBe(false);
    expect(overlapping(remove(0, 2), insert(3))).toBe(false);
    expect(overlapping(insert(9), remove(2, 4))).toBe(false);
  });
});
