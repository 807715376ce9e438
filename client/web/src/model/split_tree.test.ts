// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { groups_of, parse_split, split, without } from './split_tree';

describe('split_tree', () => {
  test('a group is split to any side', () => {
    expect(split(1, 1, 'right', 2)).toEqual({ direction: 'row', parts: [1, 2] });
    expect(split(1, 1, 'left', 2)).toEqual({ direction: 'row', parts: [2, 1] });
    expect(split(1, 1, 'down', 2)).toEqual({ direction: 'column', parts: [1, 2] });
    expect(split(1, 1, 'up', 2)).toEqual({ direction: 'column', parts: [2, 1] });
  });
  test('a split the same way lies beside the others, the other way within', () => {
    const two = split(1, 1, 'right', 2);
    expect(split(two, 1, 'right', 3)).toEqual({ direction: 'row', parts: [1, 3, 2] });
    expect(split(two, 2, 'down', 3)).toEqual({ direction: 'row', parts: [1, { direction: 'column', parts: [2, 3] }] });
  });
  test('what is left of a part takes its place', () => {
    const three = split(split(1, 1, 'right', 2), 2, 'down', 3);
    expect(without(three, 3)).toEqual({ direction: 'row', parts: [1, 2] });
    expect(without(three, 1)).toEqual({ direction: 'column', parts: [2, 3] });
    expect(without(1, 1)).toBeUndefined();
  });
  test('parts that come to lie the same way become one', () => {
    const tree = {
      direction: 'row' as const,
      parts: [1, { direction: 'column' as const, parts: [2, { direction: 'row' as const, parts: [3, 4] }] }],
    };
    expect(without(tree, 2)).toEqual({ direction: 'row', parts: [1, 3, 4] });
  });
  test('what was remembered is read as far as it makes sense', () => {
    const known = new Set([1, 2, 3]);
    const tree = split(split(1, 1, 'right', 2), 2, 'down', 3);
    expect(parse_split(JSON.parse(JSON.stringify(tree)), known)).toEqual(tree);
    expect(parse_split({ direction: 'row', parts: [1, 1, 9, 'x', null, { parts: [2] }] }, known)).toEqual({
      direction: 'row',
      parts: [1, 2],
    });
    for (const wrong of [undefined, null, 'x', {}, { parts: 3 }, [], 9])
      expect(parse_split(wrong, known)).toBeUndefined();
    expect(groups_of(tree)).toEqual([1, 2, 3]);
  });
});
