// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { json_response } from '../testing/fake_runner';
import { RestClient } from './rest_client';

class MemoryStorage {
  readonly items = new Map<string, string>();
  getItem = (key: string) => this.items.get(key) ?? null;
  setItem = (key: string, value: string) => void this.items.set(key, value);
  removeItem = (key: string) => void this.items.delete(key);
}

/** Locks as the browser's: one holder at a time, for all clients that share it. */
class FakeLocks {
  private last_: Promise<unknown> = Promise.resolve();
  request = <T>(_name: string, work: () => Promise<T>): Promise<T> => {
    const turn = this.last_.then(work);
    this.last_ = turn.catch(() => {});
    return turn;
  };
}

const account = { id: 'a', email: 'a@b', name: 'A', administrator: false, created: 0 };
const unauthenticated = () => json_response({ error: { code: 'unauthenticated', message: 'Sign in.', data: {} } }, 401);

function server() {
  const state = { access_ok: false, refresh_ok: true, refreshes: 0, calls: [] as string[] };
  const fetch_ = ((input: string, init: RequestInit) => {
    state.calls.push(`${init.method ?? 'GET'} ${input}`);
    if (input.endsWith('/auth/refresh')) {
      ++state.refreshes;
      if (!state.refresh_ok) return Promise.resolve(unauthenticated());
      state.access_ok = true;
      return Promise.resolve(json_response({ account, access_expires: Date.now() + 900_000 }));
    }
    return Promise.resolve(state.access_ok ? json_response(account) : unauthenticated());
  }) as unknown as typeof fetch;
  return { state, fetch_ };
}

function client(fetch_: typeof fetch, storage = new MemoryStorage(), locks = new FakeLocks()) {
  return new RestClient(fetch_, storage as unknown as Storage, locks as unknown as LockManager);
}

describe('RestClient', () => {
  test('reads no more of a file than was asked for', async () => {
    let made = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (sink) => {
        ++made;
        sink.enqueue(new Uint8Array(1000));
      },
    });
    const bodies = [endless, 'abc', ''];
    const files = client(() => Promise.resolve(new Response(bodies.shift())));
    const read = () => files.read_up_to(2500, 'GetFile', { parameters: { id: 'w' }, query: { path: 'a' } });
    expect(await read()).toBeUndefined();
    expect(made).toBeLessThan(6);
    expect(await (await read())?.text()).toBe('abc');
    expect(await (await read())?.text()).toBe('');
  });

  test('an expired access token is refreshed and the call repeated', async () => {
    const { state, fetch_ } = server();
    expect(await client(fetch_).call('GetMe')).toEqual(account);
    expect(state.calls).toEqual(['GET /api/v1/me', 'POST /api/v1/auth/refresh', 'GET /api/v1/me']);
  });

  test('two tabs refresh once', async () => {
    const { state, fetch_ } = server();
    const storage = new MemoryStorage();
    const locks = new FakeLocks();
    const tabs = [client(fetch_, storage, locks), client(fetch_, storage, locks)];
    await Promise.all(tabs.map((tab) => tab.call('GetMe')));
    expect(state.refreshes).toBe(1);
  });

  test('a refused refresh ends the sign-in', async () => {
    const { state, fetch_ } = server();
    state.refresh_ok = false;
    const storage = new MemoryStorage();
    storage.setItem('berth.access_expires', '1');
    const rest = client(fetch_, storage);
    let ended = 0;
    rest.on_signed_out = () => ++ended;
    await expect(rest.call('GetMe')).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(ended).toBe(1);
    expect(rest.may_be_signed_in()).toBe(false);
  });

  test('a wrong password is an answer, not an expired token', async () => {
    const { state, fetch_ } = server();
    await expect(client(fetch_).call('SignIn', { body: { email: 'a', password: 'b' } })).rejects.toMatchObject({
      message: 'Sign in.',
    });
    expect(state.refreshes).toBe(0);
  });

  test('an unreachable server is a sentence', async () => {
    const rest = client(() => Promise.reject(new TypeError('fetch failed')));
    await expect(rest.call('GetServer')).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('parameters and query are escaped', () => {
    const { fetch_ } = server();
    const address = client(fetch_).address('GetFile', {
      parameters: { id: 'a/b' },
      query: { path: 'project/a b&c.txt' },
    });
    expect(address).toBe('/api/v1/workspaces/a%2Fb/file?path=project%2Fa+b%26c.txt');
  });
});
