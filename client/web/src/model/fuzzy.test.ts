// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { fuzzy_filter, fuzzy_match, fuzzy_path } from './fuzzy';

const order = (typed: string, ...texts: string[]) =>
  fuzzy_filter(typed, texts, (text) => text, 99).map(({ item }) => item);
const paths = (typed: string, ...texts: string[]) =>
  fuzzy_filter(typed, texts, (text) => text, 99, fuzzy_path).map(({ item }) => item);

describe('fuzzy_match', () => {
  test('beginnings of words come before letters amid them', () => {
    expect(order('gtl', 'Toggle', 'Go to Line', 'getting older')).toEqual(['Go to Line', 'getting older']);
    expect(order('ot', 'Rotate', 'Open Terminal')).toEqual(['Open Terminal', 'Rotate']);
  });
  test('letters side by side come before letters far apart', () => {
    expect(order('view', 'vxixexw', 'overview')).toEqual(['overview', 'vxixexw']);
  });
  test('tells where the letters are, at the best of several places', () => {
    expect(fuzzy_match('main', 'my_admin_main')?.places).toEqual([9, 10, 11, 12]);
    expect(fuzzy_match('gtl', 'Go to Line')?.places).toEqual([0, 3, 6]);
    expect(fuzzy_match('fb', 'fooBar')?.places).toEqual([0, 3]);
  });
  test('case and white space do not matter; letters out of order do', () => {
    expect(fuzzy_match('OPEN set', 'Open Settings')).toBeDefined();
    expect(fuzzy_match('niam', 'main')).toBeUndefined();
    expect(fuzzy_match('mainn', 'main')).toBeUndefined();
  });
  test('nothing typed matches, and equal ones stay in their order', () => {
    expect(order('', 'b', 'a')).toEqual(['b', 'a']);
    expect(order('a', 'a1', 'a2')).toEqual(['a1', 'a2']);
  });
  test('letters that change their number in lower case move nothing', () => {
    expect(fuzzy_match('x', 'İİx')?.places).toEqual([2]);
  });
  test('hostile lengths end soon', () => {
    const began = performance.now();
    fuzzy_match('a'.repeat(10_000), 'a'.repeat(100_000));
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe('fuzzy_path', () => {
  test('the name comes before the folders, whole before begun, short before long', () => {
    expect(paths('main', 'p/main/x.py', 'p/src/domain.py', 'p/tests/main_test.py', 'p/src/main')).toEqual([
      'p/src/main',
      'p/tests/main_test.py',
      'p/src/domain.py',
      'p/main/x.py',
    ]);
  });
  test('letters may be spread over folders and name', () => {
    expect(paths('srcmn', 'p/src/main.py', 'p/mainsrc.py')).toEqual(['p/src/main.py']);
    expect(fuzzy_path('s/m', 'p/src/main.py')?.places).toEqual([2, 5, 6]);
  });
  test('fifty thousand paths are searched between two keys', () => {
    const many = Array.from(
      { length: 50_000 },
      (_, at) => `project/packages/module_${at % 97}/source/component_${at}.ts`,
    );
    const began = performance.now();
    expect(fuzzy_filter('comp499', many, (path) => path, 50, fuzzy_path)[0]?.item).toContain('component_499.ts');
    expect(performance.now() - began).toBeLessThan(3000); // on a busy machine; alone it takes less than 100 ms
  });
});
