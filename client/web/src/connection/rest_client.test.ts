// SPDX-License-Identifier: GPL-3.0-or-later
import { afterEach, describe, expect, test, vi } from 'vitest';
import german from '../translations/de.json';
import { use_language } from '../model/translation';
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
  afterEach(() => {
    vi.useRealTimers();
    use_language('en', {});
  });

  test('a request that makes something keeps its key, also where its answer was lost', async () => {
    const keys: (string | undefined)[] = [];
    let lost = 1;
    const fetch_ = ((_: string, init: RequestInit) => {
      keys.push((init.headers as Record<string, string>)['Idempotency-Key']);
      if (lost-- > 0) return Promise.reject(new TypeError('gone'));
      return Promise.resolve(
        json_response(
          keys.length === 2 ? { error: { code: 'unauthenticated', message: '' } } : account,
          keys.length === 2 ? 401 : 200,
        ),
      );
    }) as unknown as typeof fetch;
    const rest = client(fetch_);
    await rest.call('CreateWorkspace', { body: { name: 'w', template_id: 'empty' } });
    // Sent, lost, sent again; a new sign-in (which has no key), and the same request with the same key.
    expect(keys).toEqual([keys[0], keys[0], undefined, keys[0]]);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    await rest.call('StopWorkspace', { parameters: { id: 'w' } });
    expect(keys.at(-1)).not.toBe(keys[0]);
    await rest.call('GetMe');
    expect(keys.at(-1)).toBeUndefined();
    lost = 1;
    await expect(rest.call('GetMe')).rejects.toThrow('cannot be reached');
  });

  /** Of creations: `lost` for an answer that does not come, or its status. The last one holds on. */
  function creations(...answers: ('lost' | number)[]) {
    vi.useFakeTimers();
    const keys: string[] = [];
    const times: number[] = [];
    const begun = Date.now();
    const fetch_ = ((_: string, init: RequestInit) => {
      if (init.signal?.aborted) return Promise.reject(new DOMException('aborted', 'AbortError'));
      const answer = answers[Math.min(keys.length, answers.length - 1)];
      keys.push((init.headers as Record<string, string>)['Idempotency-Key'] ?? '');
      times.push(Date.now() - begun);
      if (answer === 'lost') return Promise.reject(new TypeError('gone'));
      const error = { code: 'unavailable', message: 'The same request is being answered.' };
      return Promise.resolve(answer === 200 ? json_response({ id: 'made' }) : json_response({ error }, answer));
    }) as unknown as typeof fetch;
    const create = (signal?: AbortSignal) =>
      client(fetch_).call('CreateWorkspace', {
        body: { name: 'w', template_id: 'empty' },
        ...(signal ? { signal } : {}),
      });
    return { keys, times, create };
  }

  test('a request whose answer was lost is asked for until the server has done it', async () => {
    const { keys, times, create } = creations('lost', 503, 503, 'lost', 503, 200);
    const made = create();
    await vi.runAllTimersAsync();
    expect(await made).toEqual({ id: 'made' });
    expect(new Set(keys)).toEqual(new Set([keys[0]])); // one key, so one workspace
    expect(times).toEqual([0, 0, 500, 1500, 1500, 3500]);
  });

  test('a server that never answers it is believed in the end', async () => {
    const { times, create } = creations('lost', 503);
    const made = expect(create()).rejects.toMatchObject({ message: 'The same request is being answered.' });
    await vi.runAllTimersAsync();
    await made;
    expect(times).toEqual([0, 0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500]);
  });

  test('a server that refuses at once is not asked again', async () => {
    const { keys, create } = creations(503);
    await expect(create()).rejects.toMatchObject({ code: 'unavailable' });
    expect(keys).toHaveLength(1);
  });

  test('who gives up does not wait for the next question', async () => {
    const { keys, create } = creations('lost', 503);
    const given_up = new AbortController();
    const made = expect(create(given_up.signal)).rejects.toMatchObject({ name: 'AbortError' });
    await vi.advanceTimersByTimeAsync(100);
    given_up.abort();
    await made;
    expect(keys).toHaveLength(2);
  });

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
    use_language('de', german);
    await expect(rest.call('GetServer')).rejects.toThrow('Der Server ist nicht erreichbar');
    const broken = client(() => Promise.resolve(new Response('<html>', { status: 502 })));
    await expect(broken.call('GetServer')).rejects.toThrow('Der Server hat mit 502 geantwortet');
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
