// SPDX-License-Identifier: GPL-3.0-or-later
import { beforeEach, describe, expect, test } from 'vitest';
import type { EntryType, FileEntry } from '../protocol/messages';
import { FakeRunner } from '../testing/fake_runner';
import { FileTree } from './file_tree';

const entry = (name: string, type: EntryType = 'file'): FileEntry => ({
  name,
  type,
  size: 1,
  modified: 1,
  mode: 0o644,
});
let runner: FakeRunner;
let tree: FileTree;
const names = () => tree.rows().map((row) => (row.kind === 'entry' ? row.path : row.kind));

async function list(entries: FileEntry[], total = entries.length, cursor?: string): Promise<void> {
  await runner.reply('file/watch', { degraded: false });
  await runner.reply('file/list', { entries, total, ...(cursor ? { cursor } : {}) });
}

beforeEach(async () => {
  runner = new FakeRunner();
  tree = new FileTree(runner.connection, 'project');
  runner.connection.start();
  await runner.accept();
  await list([entry('src', 'directory'), entry('B.txt'), entry('main.py')]);
});

describe('FileTree', () => {
  test('lists a directory only when it is opened, and watches it', async () => {
    expect(names()).toEqual(['project/src', 'project/B.txt', 'project/main.py']);
    const expanding = tree.expand('project/src');
    await runner.settle();
    expect(runner.waiting('file/watch')[0]?.params).toEqual({ path: 'project/src' });
    await list([entry('a.c')]);
    await expanding;
    expect(names()).toEqual(['project/src', 'project/src/a.c', 'project/B.txt', 'project/main.py']);
    tree.collapse('project/src');
    await runner.settle();
    expect(runner.waiting('file/unwatch')[0]?.params).toEqual({ path: 'project/src' });
    expect(names()).toEqual(['project/src', 'project/B.txt', 'project/main.py']);
  });

  test('changes are put where the runner would list them', async () => {
    await runner.notify('file/changed', {
      path: 'project',
      changes: [
        { name: 'a.txt', kind: 'created', entry: entry('a.txt') },
        { name: 'docs', kind: 'created', entry: entry('docs', 'directory') },
        { name: 'main.py', kind: 'deleted' },
        { name: 'C.txt', kind: 'created', entry: entry('C.txt') },
      ],
      overflow: false,
      degraded: false,
    });
    expect(names()).toEqual(['project/docs', 'project/src', 'project/a.txt', 'project/B.txt', 'project/C.txt']);
  });

  test('an overflow reads the directory again', async () => {
    await runner.notify('file/changed', { path: 'project', changes: [], overflow: true, degraded: false });
    await list([entry('only')]);
    expect(names()).toEqual(['project/only']);
  });

  test('further pages come one at a time, and what is watched beyond them waits for its page', async () => {
    await runner.notify('file/changed', { path: 'project', changes: [], overflow: true, degraded: false });
    await list([entry('a'), entry('b')], 4, 'c1');
    expect(names()).toEqual(['project/a', 'project/b', 'more']);
    await runner.notify('file/changed', {
      path: 'project',
      changes: [{ name: 'z', kind: 'created', entry: entry('z') }],
      overflow: false,
      degraded: false,
    });
    expect(names()).toEqual(['project/a', 'project/b', 'more']);
    void tree.load_more('project');
    void tree.load_more('project');
    await runner.settle();
    expect(runner.waiting('file/list').length).toBe(1);
    const asked = await runner.reply('file/list', { entries: [entry('c'), entry('d'), entry('z')], total: 5 });
    expect(asked.params['cursor']).toBe('c1');
    expect(names()).toEqual(['project/a', 'project/b', 'project/c', 'project/d', 'project/z']);
  });

  test('a polled directory says so', async () => {
    await runner.notify('file/changed', { path: 'project', changes: [], overflow: false, degraded: true });
    expect(tree.directories.get('project')?.degraded).toBe(true);
  });

  test('a directory that can’t be read says why', async () => {
    const expanding = tree.expand('project/src');
    await runner.settle();
    await runner.reply('file/watch', { degraded: false });
    await runner.refuse('file/list', 'permission_denied', 'You may not look into this folder.');
    await expanding;
    expect(tree.rows()[1]).toMatchObject({ kind: 'message', text: 'You may not look into this folder.' });
  });
});
