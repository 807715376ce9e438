// SPDX-License-Identifier: GPL-3.0-or-later
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RestClient } from '../connection/rest_client';
import type { ServerLoad } from '../protocol/messages';
import { json_response } from '../testing/fake_runner';
import { FakeServer, Refusal } from '../testing/fake_server';
import { Administration, rates } from './administration';
import { PagedList } from './paged_list';

const load: ServerLoad = {
  id: 'r1',
  address: 'a:7070',
  release: '1',
  answers: true,
  since: 1000,
  at: 10_000,
  memory: 1,
  processor: 5,
  machine_load: 1,
  processors: 2,
  machine_memory: 8,
  machine_free: 4,
  windows: 3,
  previews: 0,
  requests: 100,
  requests_failed: 0,
  requests_running: 1,
  sent: 1000,
  received: 500,
};

const account = {
  id: 'ann',
  email: 'ann@example.org',
  name: 'Ann',
  administrator: false,
  created: 1,
  disabled: false,
  last_used: 2,
  workspaces: 1,
  running: 0,
  stored_bytes: 10,
  quota: {},
  team: false,
  members: 0,
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('pages follow one another, and a search begins anew', async () => {
  const asked: string[] = [];
  const list = new PagedList(
    ({ query }: { query: string }, cursor) => {
      asked.push(`${query}/${cursor ?? ''}`);
      return Promise.resolve(cursor ? { items: ['c'] } : { items: ['a', 'b'], next: 'b' });
    },
    { query: '' },
  );
  await list.load();
  expect([list.items, list.more]).toEqual([['a', 'b'], true]);
  await list.load_more();
  expect([list.items, list.more]).toEqual([['a', 'b', 'c'], false]);
  await list.load_more(); // there is nothing more to ask for
  await list.load({ query: 'x' });
  expect(list.items).toEqual(['a', 'b']);
  expect(asked).toEqual(['/', '/b', 'x/']);
});

test('the answer to an older search never replaces a newer one', async () => {
  const answers: ((items: string[]) => void)[] = [];
  const list = new PagedList<string, { query: string }>(
    () => new Promise((resolve) => answers.push((items) => resolve({ items }))),
    { query: '' },
  );
  const slow = list.load({ query: 'a' });
  const quick = list.load({ query: 'ab' });
  answers[1]?.(['ab']);
  await quick;
  answers[0]?.(['a']);
  await slow;
  expect([list.items, list.busy]).toEqual([['ab'], false]);
});

test('what can’t be loaded says why and keeps what was there', async () => {
  let works = true;
  const list = new PagedList(
    () => (works ? Promise.resolve({ items: [1] }) : Promise.reject(new Error('The database does not answer.'))),
    {},
  );
  await list.load();
  works = false;
  await list.load();
  expect([list.items, list.problem, list.busy]).toEqual([[1], 'The database does not answer.', false]);
});

test('a changed account is changed in the list, and the others stay', async () => {
  const calls: [string, string | undefined, unknown][] = [];
  const administration = new Administration(
    new RestClient((input, init) => {
      calls.push([input as string, init?.method, init?.body ? JSON.parse(init.body as string) : undefined]);
      if (init?.method === 'PATCH') return Promise.resolve(json_response({ ...account, disabled: true }));
      return Promise.resolve(json_response({ accounts: [account, { ...account, id: 'bob' }] }));
    }, undefined),
  );
  await administration.accounts.load({ query: 'example' });
  await administration.update_account('ann', { disabled: true });
  expect(administration.accounts.items?.map(({ id, disabled }) => [id, disabled])).toEqual([
    ['ann', true],
    ['bob', false],
  ]);
  expect(calls).toEqual([
    ['/api/v1/admin/accounts?query=example', 'GET', undefined],
    ['/api/v1/admin/accounts/ann', 'PATCH', { disabled: true }],
  ]);
});

test('the audit log is fetched for what is asked, and nothing empty is asked', () => {
  const administration = new Administration(new RestClient(() => Promise.reject(new Error('not asked')), undefined));
  expect(administration.audit_address({ actor: '', action: 'SignIn', since: 5 })).toBe(
    '/api/v1/admin/audit/export?action=SignIn&since=5',
  );
});

test('rates compare two looks at one run of a server', () => {
  const later = { ...load, at: 12_000, processor: 6, requests: 110, sent: 5000, received: 500 };
  expect(rates(load, later)).toEqual({ processor: 0.5, requests: 5, sent: 2000, received: 0 });
  expect(rates(undefined, later)).toBeUndefined();
  expect(rates(load, { ...later, since: 11_000 })).toBeUndefined(); // begun anew
  expect(rates(load, load)).toBeUndefined();
});

test('the load is looked at while somebody watches, and not afterwards', async () => {
  let looks = 0;
  const administration = new Administration(
    new RestClient(() => {
      ++looks;
      const servers = [{ ...load, at: 10_000 + looks * 3000, windows: looks, requests: 100 + looks * 30 }];
      return Promise.resolve(
        json_response({ at: 1, servers, workspaces: { running: 1 }, accounts: 2, disabled_accounts: 0, backend: 'x' }),
      );
    }, undefined),
  );
  const stop = administration.load.watch();
  await vi.advanceTimersByTimeAsync(6500);
  expect(looks).toBe(3);
  expect(administration.load.servers[0]?.windows).toEqual([1, 2, 3]);
  expect(administration.load.servers[0]?.rates?.requests).toBe(10);
  stop();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(looks).toBe(3);
});

describe('what administrators change', () => {
  const provider = {
    id: 'corp',
    name: 'Corp',
    kind: 'oidc',
    issuer: 'https://id.example.org',
    client_id: 'berth',
    has_secret: true,
    scopes: [],
    enabled: true,
    fixed: false,
    redirect: 'https://b/api/v1/auth/providers/corp/callback',
    identities: 0,
  };
  const put = { name: 'Corp', kind: 'oidc' as const, issuer: '', client_id: 'x', scopes: [], enabled: true };

  test('a new provider stands among the others, a changed one in its place, and one that was taken away nowhere', async () => {
    let all = [provider];
    const server = new FakeServer({
      'GET admin/providers': () => ({ providers: all }),
      'PUT admin/providers/*': (body: object, path: string) => {
        const made = { ...provider, ...body, id: path.split('/').at(-1) ?? '' };
        all = [...all.filter(({ id }) => id !== made.id), made];
        return made;
      },
      'DELETE admin/providers/corp': () => {
        all = all.filter(({ id }) => id !== 'corp');
      },
    });
    const administration = new Administration(server.rest);
    const shown = () => administration.providers.items?.map(({ id, name }) => `${id} ${name}`);
    await administration.providers.load();
    await administration.put_provider('corp', { ...put, name: 'Corporation' });
    expect(shown()).toEqual(['corp Corporation']);
    // Without a secret the one before stays: nothing is sent for it.
    expect(server.body('PUT admin/providers/corp')).toEqual({ ...put, name: 'Corporation' });
    await administration.put_provider('github', { ...put, kind: 'github', name: 'GitHub', client_secret: 's' });
    expect(shown()).toEqual(['corp Corporation', 'github GitHub']);
    await administration.remove_provider('corp');
    expect(shown()).toEqual(['github GitHub']);
  });

  test('a provider that is refused changes nothing', async () => {
    const server = new FakeServer({
      'GET admin/providers': () => ({ providers: [provider] }),
      'PUT admin/providers/corp': () => {
        throw new Refusal(400, 'invalid_argument', 'The issuer does not answer.');
      },
    });
    const administration = new Administration(server.rest);
    await administration.providers.load();
    await expect(administration.put_provider('corp', { ...put, name: 'Other' })).rejects.toThrow('does not answer');
    expect(administration.providers.items?.map(({ name }) => name)).toEqual(['Corp']);
  });

  test('accounts are asked for by kind, and a template’s image is set and given back', async () => {
    const template = { id: 'python', name: 'Python', description: '', enabled: true, workspaces: 0 };
    const server = new FakeServer({
      'GET admin/accounts': () => ({ accounts: [{ ...account, team: true, members: 3 }] }),
      'GET admin/templates': () => ({ templates: [{ ...template, image: 'python:1', image_is_set: false }] }),
      'PATCH admin/templates/python': ({ image }: { image: string }) => ({
        ...template,
        image: image || 'python:1',
        image_is_set: image !== '',
      }),
    });
    const administration = new Administration(server.rest);
    await administration.accounts.load({ query: 'crew', kind: 'team' });
    expect(server.calls()).toEqual(['GET admin/accounts?query=crew&kind=team']);
    await administration.templates.load();
    await administration.update_template('python', { image: 'python:2' });
    expect(administration.templates.items?.map(({ image, image_is_set }) => [image, image_is_set])).toEqual([
      ['python:2', true],
    ]);
    await administration.update_template('python', { image: '' });
    expect(server.body('PATCH admin/templates/python')).toEqual({ image: '' });
    expect(administration.templates.items?.[0]?.image_is_set).toBe(false);
  });
});
