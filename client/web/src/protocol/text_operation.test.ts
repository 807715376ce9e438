// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { random_of, random_operation, random_text } from '../testing/random_text';
import { read_vectors } from '../testing/vectors';
import { TextOperation, type Run } from './text_operation';

interface Vectors {
  apply: { before: string; operation: Run[]; after?: string; error?: string }[];
  compose: { first: Run[]; second: Run[]; both: Run[] }[];
  difference: { before: string; after: string; operation: Run[] }[];
}

const vectors = read_vectors<Vectors>('text_operations.json');

function from_wire(wire: Run[]): TextOperation {
  const operation = TextOperation.from_wire(wire);
  if (!operation) throw new Error('malformed vector');
  return operation;
}

describe('TextOperation', () => {
  for (const { before, operation, after, error } of vectors.apply) {
    test(`apply ${JSON.stringify(operation)} to ${JSON.stringify(before)}`, () => {
      expect(from_wire(operation).apply(before)).toBe(error ? undefined : after);
    });
  }
  for (const { first, second, both } of vectors.compose) {
    test(`compose ${JSON.stringify(first)} and ${JSON.stringify(second)}`, () => {
      expect(from_wire(first).compose(from_wire(second))?.runs()).toEqual(both);
    });
  }
  for (const { before, after, operation } of vectors.difference) {
    test(`difference of ${JSON.stringify(before)} and ${JSON.stringify(after)}`, () => {
      expect(TextOperation.difference(before, after).runs()).toEqual(operation);
    });
  }

  test('compose, invert and difference agree with apply on random histories', () => {
    const random = random_of(20261121);
    for (let round = 0; round < 2000; ++round) {
      const start = random_text(random, 12);
      const first = random_operation(random, start);
      const middle = first.apply(start) as string;
      const second = random_operation(random, middle);
      const end = second.apply(middle) as string;
      expect(first.compose(second)?.apply(start)).toBe(end);
      expect(first.invert(start)?.apply(middle)).toBe(start);
      expect(TextOperation.difference(start, end).apply(start)).toBe(end);
      expect(TextOperation.from_wire(first.to_wire())?.equals(first)).toBe(true);
    }
  });

  test('compose refuses operations whose lengths do not meet', () => {
    expect(new TextOperation().retain(2).compose(new TextOperation().retain(3))).toBeUndefined();
  });
  test('refuses a malformed wire form', () => {
    expect(TextOperation.from_wire([1, 0])).toBeUndefined();
    expect(TextOperation.from_wire([1.5])).toBeUndefined();
  });
});
