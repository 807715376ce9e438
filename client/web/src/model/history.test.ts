// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { RestClient } from '../connection/rest_client';
import { json_response } from '../testing/fake_runner';
import type { Version } from '../protocol/messages';
import { History, day_of } from './history';

function version(id: string, created: number, more: Partial<Version> = {}): Version {
  const counts = { files: 3, bytes: 30, added: 0, modified: 1, deleted: 0, problems: 0 };
  return { id, created, kind: 'automatic', name: '', author: '', restored_from: '', ...counts, ...more };
}

/** A server with two versions of one file; `asked` are the calls it got. */
function server() {
  const asked: string[] = [];
  const versions = [version('v2', 2000), version('v1', 1000, { added: 1, modified: 0 })];
  const answer = (url: string, method: string, body: string): Response => {
    const { pathname, searchParams } = new URL(url, 'http://berth.test');
    asked.push(
      `${method} ${pathname.replace('/api/v1/workspaces/w', '')}${searchParams.size ? `?${searchParams}` : ''} ${body}`.trim(),
    );
    if (pathname.endsWith('/versions') && method === 'GET') {
      return searchParams.get('cursor') === 'more'
        ? json_response({ versions: versions.slice(1) })
        : json_response({ versions: versions.slice(0, 1), cursor: 'more' });
    }
    if (pathname.endsWith('/changes'))
      return json_response({
        against: 'v1',
        changes: [{ path: 'project/main.py', kind: 'modified', size_before: 4, size: 5 }],
        truncated: false,
      });
    if (pathname.endsWith('/file'))
      return new Response(
        pathname.includes('/versions/v1/') ? 'one' : pathname.includes('/versions/v2/') ? 'two' : 'now',
      );
    if (pathname.endsWith('/files')) {
      const path = searchParams.get('path') ?? '';
      const entry = { name: 'old.py', type: 'file', size: 9, modified: 0, mode: 0o644 };
      if (path === 'project') return json_response({ entries: [entry], total: 1 });
      const code = path === 'project/main.py' ? 'invalid_argument' : 'not_found';
      return json_response({ error: { code, message: 'no folder', data: {} } }, 404);
    }
    if (pathname.endsWith('/restore'))
      return json_response({ version: version('v3', 3000), problems: [{ path: 'a', reason: 'A chunk is damaged.' }] });
    return json_response({ error: { code: 'not_found', message: 'No such version.', data: {} } }, 404);
  };
  const fetch_here: typeof fetch = (input, init) =>
    Promise.resolve(answer(input as string, init?.method ?? 'GET', typeof init?.body === 'string' ? init.body : ''));
  const rest = new RestClient(fetch_here, undefined, undefined);
  return { asked, history: new History('w', rest, 'project/gone/deeper') };
}

describe('history', () => {
  test('shows the newest version and the file that it changed, both texts beside each other', async () => {
    const { history } = server();
    history.show('project/main.py');
    await history.load();
    expect(history.chosen?.id).toBe('v2');
    expect(history.file?.path).toBe('project/main.py');
    expect(history.comparison?.texts).toEqual({ left: 'one', right: 'two' });
  });

  test('compares with what is there now', async () => {
    const { history } = server();
    history.show('project/main.py');
    await history.load();
    history.against = 'now';
    await history.compare(history.changes[0]!);
    expect(history.comparison?.texts).toEqual({ left: 'two', right: 'now' });
  });

  test('goes on to earlier versions', async () => {
    const { history } = server();
    await history.load();
    await history.load_more();
    expect(history.versions.map(({ id }) => id)).toEqual(['v2', 'v1']);
    expect(history.more).toBeUndefined();
  });

  test('restores one path and tells what could not be brought back', async () => {
    const { history, asked } = server();
    await history.load();
    const problems = await history.restore(history.versions[0]!, 'project/main.py');
    expect(problems).toEqual([{ path: 'a', reason: 'A chunk is damaged.' }]);
    expect(asked).toContain('POST /versions/v2/restore {"path":"project/main.py"}');
    expect(history.busy).toBe(false);
  });

  test('lists everything in a version, from the nearest folder that it has', async () => {
    const { history } = server();
    await history.load();
    history.list('files');
    await expect.poll(() => history.folder?.state).toBe('ready');
    expect(history.folder?.path).toBe('project');
    expect(history.folder?.entries.map(({ name }) => name)).toEqual(['old.py']);
    // A file that did not change in the version can be looked at all the same.
    history.look_at(history.folder!.entries[0]!);
    await expect.poll(() => history.comparison?.texts).toEqual({ left: 'one', right: 'two' });
    expect(history.file?.path).toBe('project/old.py');
  });

  test('shows a file’s folder when only its own versions are listed', async () => {
    const { history } = server();
    history.show('project/main.py');
    history.list('files');
    await history.load();
    await expect.poll(() => history.folder?.state).toBe('ready');
    expect(history.folder?.path).toBe('project');
  });

  test('a refused call leaves the timeline as it was', async () => {
    const { history } = server();
    await history.load();
    await expect(history.rename(history.versions[0]!, 'x')).rejects.toThrow('No such version.');
    expect(history.versions[0]?.name).toBe('');
    expect(history.busy).toBe(false);
  });

  test('names days as people do', () => {
    const now = new Date(2026, 10, 21, 12);
    expect(day_of(new Date(2026, 10, 21, 0, 5).getTime(), now)).toBe('Today');
    expect(day_of(new Date(2026, 10, 20, 23, 55).getTime(), now)).toBe('Yesterday');
    expect(day_of(new Date(2026, 10, 1).getTime(), now)).toMatch(/2026/);
  });
});
