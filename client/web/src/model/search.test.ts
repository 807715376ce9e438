// SPDX-License-Identifier: GPL-3.0-or-later
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SearchFile } from '../protocol/messages';
import { FakeRunner } from '../testing/fake_runner';
import { globs_of, Search } from './search';

let runner: FakeRunner;
let search: Search;

function file(path: string, ...lines: number[]): SearchFile {
  return {
    path,
    lines: lines.map((line) => ({ line, text: 'a word here', cut: 0, matches: [{ start: 2, end: 6 }] })),
  };
}
const shown = () => search.rows().map((row) => (row.kind === 'file' ? row.file.path : row.line.line));

beforeEach(async () => {
  runner = new FakeRunner();
  search = new Search(runner.connection);
  runner.connection.start();
  await runner.accept();
});
afterEach(() => runner.connection.close());

test('globs are parted by commas, but not within braces', () => {
  expect(globs_of('src/**, *.ts')).toEqual(['src/**', '*.ts']);
  expect(globs_of(' *.{js,ts} ,, a')).toEqual(['*.{js,ts}', 'a']);
  expect(globs_of('{a,b')).toEqual(['{a,b']);
  expect(globs_of(' , ')).toEqual([]);
});

test('what is found is listed by files, in parts, and in order at the end', async () => {
  search.set({ pattern: 'word', include: '*.py' });
  void search.run();
  await runner.settle();
  expect(runner.waiting('search/text')[0]?.params).toEqual({ query: { pattern: 'word', include: ['*.py'] } });
  // Told before the answer that names it, and of a search that is over.
  await runner.notify('search/found', { search: 7, files: [file('project/b', 3)] });
  await runner.notify('search/found', { search: 6, files: [file('project/old', 1)] });
  await runner.reply('search/text', { search: 7 });
  await runner.notify('search/found', { search: 7, files: [file('project/a', 1), file('project/b', 9)] });
  expect(shown()).toEqual(['project/b', 3, 9, 'project/a', 1]);
  await runner.notify('search/ended', { search: 7, files: 2, matches: 3, cut: true });
  expect(shown()).toEqual(['project/a', 1, 'project/b', 3, 9]);
  expect([search.state, search.matches, search.cut]).toEqual(['done', 3, true]);
});

test('an older answer does not end a newer search', async () => {
  search.set({ pattern: 'one' });
  void search.run();
  await runner.settle();
  search.set({ pattern: 'two' });
  void search.run();
  await runner.settle();
  await runner.reply('search/text', { search: 1 });
  await runner.reply('search/text', { search: 2 });
  await runner.notify('search/ended', { search: 1, files: 0, matches: 0, cut: false });
  expect(search.state).toBe('running');
  await runner.notify('search/found', { search: 2, files: [file('project/a', 1)] });
  expect(search.matches).toBe(1);
});

test('what is left out is not replaced, and files that failed stay in the list', async () => {
  search.set({ pattern: 'word', replacing: true, replacement: 'term' });
  void search.run();
  await runner.settle();
  await runner.reply('search/text', { search: 1 });
  await runner.notify('search/found', {
    search: 1,
    files: [file('project/a', 1, 2), file('project/b', 5), file('project/c', 8)],
  });
  await runner.notify('search/ended', { search: 1, files: 3, matches: 4, cut: false });
  const [, first] = search.rows();
  if (first) search.leave_out(first);
  const last = search.rows().at(-2);
  if (last) search.leave_out(last);
  expect(shown()).toEqual(['project/a', 2, 'project/b', 5]);
  const done = search.replace();
  await runner.settle();
  expect(runner.waiting('search/replace')[0]?.params).toMatchObject({
    replacement: 'term',
    files: [
      { path: 'project/a', only_lines: [2] },
      { path: 'project/b', only_lines: [5] },
    ],
  });
  await runner.reply('search/replace', {
    replacement: 'r1',
    files: 1,
    matches: 1,
    problems: [{ path: 'project/b', reason: 'It may not be written.' }],
  });
  await done;
  expect(shown()).toEqual(['project/b', 5]);
  expect(search.last_replacement).toEqual({ id: 'r1', files: 1, matches: 1 });
  expect(search.problems).toHaveLength(1);
});
