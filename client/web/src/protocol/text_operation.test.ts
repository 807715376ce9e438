// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { random_of, random_operation, random_text } from '../testing/random_text';
import { read_vectors } from '../testing/vectors';
import { overlapping, TextOperation, transform, type Bias, type Run } from './text_operation';

interface Vectors {
  wire: { wire: Run[]; normal?: Run[]; error?: string }[];
  apply: { before: string; operation: Run[]; after?: string; error?: string }[];
  compose: { first: Run[]; second: Run[]; both?: Run[]; error?: string }[];
  invert: { before: string; operation: Run[]; inverse?: Run[]; error?: string }[];
  transform: { mine: Run[]; theirs: Run[]; mine_after?: Run[]; theirs_after?: Run[]; error?: string }[];
  overlapping: { mine: Run[]; theirs: Run[]; overlap: boolean }[];
  map_position: { operation: Run[]; position: number; bias: Bias; mapped?: number; error?: string }[];
  difference: { before: string; after: string; operation: Run[] }[];
}

const vectors = read_vectors<Vectors>('text_operations.json');

function from_wire(wire: Run[]): TextOperation {
  const operation = TextOperation.from_wire(wire);
  if (!operation) throw new Error('malformed vector');
  return operation;
}

describe('TextOperation', () => {
  for (const { wire, normal } of vectors.wire) {
    test(`read ${JSON.stringify(wire)}`, () => {
      expect(TextOperation.from_wire(wire)?.to_wire()).toEqual(normal);
    });
  }
  for (const { before, operation, after, error } of vectors.apply) {
    test(`apply ${JSON.stringify(operation)} to ${JSON.stringify(before)}`, () => {
      expect(from_wire(operation).apply(before)).toBe(error ? undefined : after);
      expect(from_wire(operation).fits(before)).toBe(error === undefined);
    });
  }
  for (const { first, second, both } of vectors.compose) {
    test(`compose ${JSON.stringify(first)} and ${JSON.stringify(second)}`, () => {
      expect(from_wire(first).compose(from_wire(second))?.runs()).toEqual(both);
    });
  }
  for (const { before, operation, inverse } of vectors.invert) {
    test(`invert ${JSON.stringify(operation)} on ${JSON.stringify(before)}`, () => {
      expect(from_wire(operation).invert(before)?.runs()).toEqual(inverse);
    });
  }
  for (const { mine, theirs, mine_after, theirs_after } of vectors.transform) {
    test(`transform ${JSON.stringify(mine)} and ${JSON.stringify(theirs)}`, () => {
      const moved = transform(from_wire(mine), from_wire(theirs));
      expect(moved?.mine.runs()).toEqual(mine_after);
      expect(moved?.theirs.runs()).toEqual(theirs_after);
    });
  }
  for (const { mine, theirs, overlap } of vectors.overlapping) {
    test(`${JSON.stringify(mine)} and ${JSON.stringify(theirs)} ${overlap ? 'touch' : 'do not touch'}`, () => {
      expect(overlapping(from_wire(mine), from_wire(theirs))).toBe(overlap);
    });
  }
  for (const { operation, position, bias, mapped } of vectors.map_position) {
    test(`map ${position} through ${JSON.stringify(operation)}, ${bias}`, () => {
      expect(from_wire(operation).map_position(position, bias)).toBe(mapped);
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

  test('transformed operations converge, fit, and carry positions alike on random histories', () => {
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
      expect(mine.compose(moved?.theirs as TextOperation)?.apply(base)).toBe(one);
      let last = 0;
      for (let position = 0; position <= base.length; ++position) {
        const before = mine.map_position(position, 'before') as number;
        const after = mine.map_position(position, 'after') as number;
        expect(last <= before && before <= after && after <= mine.target_length()).toBe(true);
        last = after;
      }
    }
  });
});
