// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { RestClient } from '../connection/rest_client';
import { json_response, running } from '../testing/fake_runner';
import { FakeServer } from '../testing/fake_server';
import { AccountStorage, level_of } from './account_storage';

test('how full the account’s storage is has a name', () => {
  expect(level_of(5, 0)).toBe('unlimited');
  expect(level_of(79, 100)).toBe('fine');
  expect(level_of(80, 100)).toBe('near');
  expect(level_of(98, 100)).toBe('full');
  expect(level_of(120, 100)).toBe('full');
});

test('the workspaces that hold the most come first, those without versions not at all', async () => {
  const bytes: Record<string, number> = { small: 10, large: 9000 };
  const storage = new AccountStorage(
    new RestClient((input) => {
      const id = /workspaces\/(\w+)\//.exec(input as string)?.[1] ?? '';
      if (id === 'gone')
        return Promise.resolve(json_response({ error: { code: 'not_found', message: '', data: {} } }, 404));
      const versions = id in bytes ? [{ bytes: bytes[id], files: 1 }] : [];
      return Promise.resolve(json_response(id ? { versions } : { used: 85, limit: 100 }));
    }, undefined),
  );
  await storage.refresh();
  expect([storage.used, storage.limit, storage.level]).toEqual([85, 100, 'near']);
  await storage.look_at(['small', 'new', 'gone', 'large'].map((id) => ({ ...running, id })));
  expect(storage.held?.map(({ workspace }) => workspace.id)).toEqual(['large', 'small']);
});

test('all of a person’s own are looked at, page by page, and nobody else’s', async () => {
  const server = new FakeServer({
    'GET workspaces': (_: never, path: string) =>
      path.includes('cursor=2')
        ? { workspaces: [{ ...running, id: 'b' }] }
        : {
            workspaces: [
              { ...running, id: 'a' },
              { ...running, id: 't', owner: { id: 'team', name: 'T', email: '', team: true } },
            ],
            next: '2',
          },
    'GET workspaces/*/versions': () => ({ versions: [{ bytes: 1, files: 1 }] }),
  });
  const storage = new AccountStorage(server.rest);
  await storage.look_at_those_of('ada');
  expect(storage.held?.map(({ workspace }) => workspace.id)).toEqual(['a', 'b']);
  expect(server.calls()[0]).toBe('GET workspaces?owner=ada&limit=200');
});

test('what the server said last stays while it can’t be asked', async () => {
  let reachable = true;
  const storage = new AccountStorage(
    new RestClient(() => {
      if (!reachable) return Promise.reject(new TypeError('no network'));
      return Promise.resolve(json_response({ used: 1, limit: 100 }));
    }, undefined),
  );
  await storage.refresh();
  reachable = false;
  await storage.refresh();
  expect(storage.level).toBe('fine');
  expect(storage.problem).toContain('cannot be reached');
});
