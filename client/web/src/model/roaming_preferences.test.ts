// SPDX-License-Identifier: GPL-3.0-or-later
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RestClient } from '../connection/rest_client';
import { json_response } from '../testing/fake_runner';
import { MemoryStorage } from '../testing/memory_storage';
import { AccountModel } from './account';
import { Preferences } from './preferences';
import { RoamingPreferences } from './roaming_preferences';
import { profile } from './terminal_profiles';

interface Kept {
  name: string;
  value: string;
  changed: number;
}

/** The server's side, by its rules, with two accounts. */
class Server {
  readonly kept = new Map<string, Kept[]>([
    ['ann', []],
    ['bob', []],
  ]);
  person = 'ann';
  reachable = true;
  refuses = false;
  refused_name = ''; // of a field whose value it does not take
  asked: string[] = [];

  answer(method: string, body: string): Response {
    this.asked.push(method);
    if (this.refuses) return json_response({ error: { code: 'invalid_argument', message: 'no', data: {} } }, 400);
    const kept = this.kept.get(this.person) ?? [];
    if (method === 'PATCH') {
      const { preferences } = JSON.parse(body) as { preferences: { name: string; value: string; age: number }[] };
      const wrong = preferences.findIndex(({ name }) => name === this.refused_name);
      const message = `body.preferences[${wrong}].value: longer than 4096 bytes`;
      if (wrong >= 0) return json_response({ error: { code: 'invalid_argument', message, data: {} } }, 400);
      for (const { name, value, age } of preferences) {
        const changed = Date.now() - age;
        const at = kept.findIndex((one) => one.name === name);
        if (at < 0) kept.push({ name, value, changed });
        else if ((kept[at]?.changed ?? 0) < changed) kept[at] = { name, value, changed };
      }
    }
    return json_response({ preferences: kept });
  }
}

const server = { current: new Server() };

function browser() {
  const rest = new RestClient((input, init) => {
    const path = input as string;
    if (!server.current.reachable) return Promise.reject(new TypeError('no network'));
    if (path.endsWith('/me/preferences'))
      return Promise.resolve(server.current.answer(init?.method ?? 'GET', (init?.body as string | undefined) ?? ''));
    const account = { id: server.current.person, email: 'a@example.org', name: 'A', administrator: false, created: 1 };
    return Promise.resolve(json_response({ account, access_expires: Date.now() + 900_000 }));
  }, undefined);
  const account = new AccountModel(rest);
  const preferences = new Preferences();
  const roaming = new RoamingPreferences(rest, account, preferences);
  const enter = async (person: string) => {
    server.current.person = person;
    await account.sign_in({ email: 'a@example.org', password: 'p' });
    await vi.advanceTimersByTimeAsync(1);
  };
  return { account, preferences, roaming, enter };
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  server.current = new Server();
  vi.stubGlobal('localStorage', new MemoryStorage());
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('what is chosen in one browser is so in the other', async () => {
  const one = browser();
  await one.enter('ann');
  one.preferences.set_theme('dark');
  one.preferences.set_terminal({ scrollback: 50_000 });
  await vi.advanceTimersByTimeAsync(600);
  expect(server.current.asked).toEqual(['GET', 'PATCH']); // both at once
  vi.stubGlobal('localStorage', new MemoryStorage());
  const other = browser();
  await other.enter('ann');
  expect(other.preferences.theme).toBe('dark');
  expect(other.preferences.terminal).toEqual({ echo: 'auto', scrollback: 50_000 });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.current.asked).toEqual(['GET', 'PATCH', 'GET']); // what came is not sent back
});

test('of two choices the later one counts, also when the earlier one arrives last', async () => {
  const one = browser();
  await one.enter('ann');
  server.current.reachable = false;
  one.preferences.set_theme('dark');
  await vi.advanceTimersByTimeAsync(600);
  const kept = server.current.kept.get('ann');
  kept?.push({ name: 'theme', value: '"light"', changed: Date.now() - 100 }); // by another client, after
  server.current.reachable = true;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(kept?.[0]?.value).toBe('"light"');
  expect(one.preferences.theme).toBe('light');
});

test('a choice outlives the page until it is sent, and is not the next person’s', async () => {
  const one = browser();
  await one.enter('ann');
  server.current.reachable = false;
  one.preferences.set_theme('dark');
  await vi.advanceTimersByTimeAsync(600);
  server.current.reachable = true;
  const reloaded = browser();
  await reloaded.enter('ann');
  expect(server.current.kept.get('ann')?.[0]?.value).toBe('"dark"');
  server.current.reachable = false;
  reloaded.preferences.set_theme('light');
  server.current.reachable = true;
  await reloaded.enter('bob');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.current.kept.get('bob')).toEqual([]);
});

test('what no release here knows, or the server does not take, does no harm', async () => {
  server.current.kept
    .get('ann')
    ?.push(
      { name: 'theme', value: '"sepia"', changed: 1 },
      { name: 'terminal.scrollback', value: '-4', changed: 1 },
      { name: 'terminal.echo', value: 'not json', changed: 1 },
      { name: 'keymap', value: '"vim"', changed: 1 },
    );
  const one = browser();
  await one.enter('ann');
  expect(one.preferences.theme).toBe('system');
  expect(one.preferences.terminal).toEqual({ echo: 'auto', scrollback: 10_000 });
  server.current.refuses = true;
  one.preferences.set_theme('dark');
  await vi.advanceTimersByTimeAsync(600);
  const asked = server.current.asked.length;
  await vi.advanceTimersByTimeAsync(120_000);
  expect(server.current.asked.length).toBe(asked); // not for ever
  expect(one.preferences.theme).toBe('dark');
});

test('a field that the server does not take takes no other with it', async () => {
  const one = browser();
  await one.enter('ann');
  server.current.refused_name = 'terminal.profiles';
  one.preferences.set_theme('dark');
  one.preferences.set_profiles([profile({ name: 'Long' })]);
  one.preferences.set_terminal({ scrollback: 50_000 });
  await vi.advanceTimersByTimeAsync(120_000);
  expect(server.current.kept.get('ann')?.map(({ name }) => name)).toEqual(['theme', 'terminal.scrollback']);
  expect(server.current.asked).toEqual(['GET', 'PATCH', 'PATCH']); // not for ever
});

test('a person’s profiles are not the next one’s in the same browser, sent or not', async () => {
  const one = browser();
  await one.enter('ann');
  one.preferences.set_profiles([profile({ name: 'Deploy', command: './deploy' })]);
  one.preferences.set_default_profile('Deploy');
  await vi.advanceTimersByTimeAsync(600);
  const reloaded = browser();
  await reloaded.enter('ann');
  expect(reloaded.preferences.default_profile).toBe('Deploy');
  await reloaded.enter('bob');
  expect(reloaded.preferences.profiles).toEqual([]);
  expect(reloaded.preferences.default_profile).toBe('');
  await reloaded.enter('ann'); // hers come back from the server
  await vi.advanceTimersByTimeAsync(600);
  expect(reloaded.preferences.profiles.map(({ name }) => name)).toEqual(['Deploy']);

  // Chosen without the network, in a page that is gone before anybody signs out.
  server.current.reachable = false;
  reloaded.preferences.set_profiles([profile({ name: 'Mine' })]);
  const other = browser();
  server.current.reachable = true;
  await other.enter('bob');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(other.preferences.profiles).toEqual([]);
  expect(server.current.kept.get('bob')).toEqual([]);
});
