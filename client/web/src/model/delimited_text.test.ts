// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { delimiter_of, parse_table } from './delimited_text';

const rows = (text: string) => parse_table(text).rows;

describe('parse_table', () => {
  test('reads fields, quotes, doubled quotes and line ends within them', () => {
    expect(rows('a,b\r\n1,"x, ""y""\nz"\n')).toEqual([
      ['a', 'b'],
      ['1', 'x, "y"\nz'],
    ]);
  });
  test('empty fields, also at the ends of lines and of the text', () => {
    expect(rows('a,,\n,b,\n')).toEqual([
      ['a', '', ''],
      ['', 'b', ''],
    ]);
    expect(rows('a,')).toEqual([['a', '']]);
    expect(rows('a\n\nb')).toEqual([['a'], [''], ['b']]);
    expect(rows('')).toEqual([]);
  });
  test('rows may be of different lengths', () => {
    expect(parse_table('a,b,c\n1\n')).toEqual({ rows: [['a', 'b', 'c'], ['1']], columns: 3, cut: false });
  });
  test('the delimiter is found, not looked for in quotes', () => {
    expect(delimiter_of('a;b;c\n"1,2,3,4,5,6";2;3\n')).toBe(';');
    expect(delimiter_of('a\tb\n')).toBe('\t');
    expect(delimiter_of('one\n')).toBe(',');
  });
  test('damaged quotes and endless rows end', () => {
    expect(rows('"a,b\nc')).toEqual([['a,b\nc']]);
    expect(rows('"a"b,c\n')).toEqual([['ab', 'c']]);
    const many = parse_table('x\n'.repeat(60_000));
    expect([many.rows.length, many.cut]).toEqual([50_000, true]);
    expect(parse_table(`${','.repeat(5000)}\n`).cut).toBe(true);
  });
});
