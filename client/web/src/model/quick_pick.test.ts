// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { FakeRunner } from '../testing/fake_runner';
import { FileIndex } from './file_index';
import { parse_line, parse_place, QuickPick } from './quick_pick';

test('lines and places are read as editors and compilers write them', () => {
  expect(parse_line(':12')).toEqual({ line: 12, column: 1 });
  expect(parse_line(': 12, 5')).toEqual({ line: 12, column: 5 });
  expect(parse_line(':0')).toEqual({ line: 1, column: 1 });
  for (const nothing of [':', ':x', ':1:', '']) expect(parse_line(nothing)).toBeUndefined();
  expect(parse_place('src/main.py:12:5')).toEqual({ name: 'src/main.py', line: 12, column: 5 });
  expect(parse_place('main.py:7:')).toEqual({ name: 'main.py', line: 7 });
  expect(parse_place('main.py')).toEqual({ name: 'main.py' });
  expect(parse_place(':7')).toEqual({ name: ':7' });
});

test('whoever asked is told once that nothing was chosen', () => {
  const pick = new QuickPick(new FileIndex(new FakeRunner().connection, 'project'));
  let left = 0;
  const list = { label: 'Theme', items: [], leave: () => ++left };
  pick.ask(list);
  pick.close(true);
  pick.ask(list);
  pick.close();
  pick.ask(list);
  pick.commands();
  expect(left).toBe(2);
});
