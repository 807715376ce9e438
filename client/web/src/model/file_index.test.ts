// SPDX-License-Identifier: GPL-3.0-or-later
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FileEntry } from '../protocol/messages';
import { FakeRunner } from '../testing/fake_runner';
import * as file_index from './file_index';
import { FileIndex } from './file_index';

const entry = (name: string, type: FileEntry['type'], more: Partial<FileEntry> = {}): FileEntry => ({
  name,
  type,
  size: 0,
  modified: 0,
  mode: 0o644,
  ...more,
});

describe('FileIndex', () => {
  let runner: FakeRunner;
  let index: FileIndex;
  beforeEach(async () => {
    runner = new FakeRunner();
    index = new FileIndex(runner.connection, 'project');
    runner.connection.start();
    await runner.accept();
  });
  afterEach(() => runner.connection.close());

  test('walks the folders of the project, but not into installed packages or links', async () => {
    const walk = index.walk();
    await runner.settle();
    await runner.reply('file/list', {
      entries: [
        entry('node_modules', 'directory'),
        entry('src', 'directory'),
        entry('up', 'symlink', { target: '..', target_type: 'directory' }),
        entry('main.py', 'file'),
        entry('linked.py', 'symlink', { target: 'main.py', target_type: 'file' }),
      ],
      total: 5,
    });
    const asked = await runner.reply('file/list', { entries: [entry('deep.py', 'file')], total: 1 });
    expect(asked.params['path']).toBe('project/src');
    await walk;
    expect(index.files).toEqual(['project/main.py', 'project/linked.py', 'project/src/deep.py']);
    expect(index.cut).toBe(false);
  });

  test('a folder that can’t be read is passed over, and what was found before stays until the end', async () => {
    index.files = ['project/old.py', 'project/older.py'];
    const walk = index.walk();
    await runner.settle();
    await runner.reply('file/list', { entries: [entry('a', 'directory'), entry('b', 'directory')], total: 2 });
    expect(index.files).toEqual(['project/old.py', 'project/older.py']);
    await runner.refuse('file/list', 'permission_denied');
    await runner.reply('file/list', { entries: [entry('in_b.py', 'file')], total: 1 });
    await walk;
    expect(index.files).toEqual(['project/b/in_b.py']);
  });
});

describe('best_matches', () => {
  const best_matches = (...asked: Parameters<typeof file_index.best_matches>) =>
    file_index.best_matches(...asked).map(({ item }) => item);
  const files = ['project/readme.md', 'project/src/main.py', 'project/src/domain.py', 'project/tests/main_test.py'];
  test('names before folders, beginnings before middles, short before long', () => {
    expect(best_matches('main', files, [], 9)).toEqual([
      'project/src/main.py',
      'project/tests/main_test.py',
      'project/src/domain.py',
    ]);
    expect(best_matches('MAIN.PY', files, [], 9)[0]).toBe('project/src/main.py');
    expect(best_matches('tmt', files, [], 9)).toEqual(['project/tests/main_test.py']);
    expect(best_matches('src/m', files, [], 9)[0]).toBe('project/src/main.py');
    expect(best_matches('zzz', files, [], 9)).toEqual([]);
  });
  test('with nothing typed, what was looked at last comes first, once', () => {
    expect(best_matches('', files, ['project/src/domain.py'], 2)).toEqual([
      'project/src/domain.py',
      'project/readme.md',
    ]);
  });
  test('letters out of order are no match, nor is the name that all share', () => {
    expect(best_matches('niam', files, [], 9)).toEqual([]);
    expect(best_matches('project', files, [], 9)).toEqual([]);
  });
});
