// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { FakeServer, Refusal } from '../testing/fake_server';
import { AccessTokens, day } from './access_tokens';
import { Identities } from './identities';
import { SecondFactor } from './second_factor';
import { client_name, SignIns } from './sign_ins';

describe('SignIns', () => {
  const sign_in = (id: string, last_used: number, current = false) => ({
    id,
    client: 'x',
    address: '::1',
    created: 0,
    last_used,
    current,
    by_administrator: false,
  });

  test('this one is first, then the last used; an ended one goes, a refused one stays', async () => {
    const server = new FakeServer({
      'GET me/sign_ins': () => ({ sign_ins: [sign_in('old', 1), sign_in('new', 9), sign_in('this', 5, true)] }),
      'DELETE me/sign_ins/*': (_: never, path: string) => {
        if (path.endsWith('old')) throw new Refusal(404, 'not_found', 'It has ended already.');
      },
    });
    const list = new SignIns(server.rest);
    await list.load();
    const ids = () => list.items?.map(({ id }) => id);
    expect(ids()).toEqual(['this', 'new', 'old']);
    await list.end(sign_in('new', 9));
    await expect(list.end(sign_in('old', 1))).rejects.toThrow('ended already');
    expect(ids()).toEqual(['this', 'old']);
    expect(list.ending.size).toBe(0);
    list.forget();
    expect(list.items).toBeUndefined();
  });

  test('a failure is told and the list stays', async () => {
    let up = true;
    const server = new FakeServer({
      'GET me/sign_ins': () => {
        if (!up) throw new Refusal(503, 'unavailable', 'Busy.');
        return { sign_ins: [sign_in('a', 1)] };
      },
    });
    const list = new SignIns(server.rest);
    await list.load();
    up = false;
    await list.load();
    expect([list.items?.length, list.problem]).toEqual([1, 'Busy.']);
  });

  test.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
    [
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
      'Chrome on Windows',
    ],
    ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0', 'Edge on Windows'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile/1 Safari/604',
      'Safari on iOS',
    ],
    ['Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36', 'Chrome on Android'],
    ['berth-desktop 0.1.0', 'berth-desktop 0.1.0'],
    ['', 'Unknown client'],
  ])('%s is %s', (agent, name) => {
    expect(client_name(agent)).toBe(name);
  });
});

describe('AccessTokens', () => {
  const token = { id: 't1', name: 'ci', scopes: ['connect'], created: 5 };

  test('a new one’s secret is there until it is dismissed or the token deleted', async () => {
    const server = new FakeServer({
      'GET me/tokens': () => ({ tokens: [] }),
      'POST me/tokens': () => ({ token, secret: 'berth_pat_x' }),
      'DELETE me/tokens/t1': () => undefined,
    });
    const tokens = new AccessTokens(server.rest, () => 1000);
    await tokens.load();
    await tokens.create({ name: 'ci', scopes: ['connect'], days: 30 });
    expect(server.body('POST me/tokens')).toEqual({ name: 'ci', scopes: ['connect'], expires: 1000 + 30 * day });
    expect(tokens.made?.secret).toBe('berth_pat_x');
    expect(tokens.items?.map(({ id }) => id)).toEqual(['t1']);
    await tokens.end({ ...token, scopes: ['connect'] });
    expect([tokens.made, tokens.items]).toEqual([undefined, []]);
  });

  test('one without an end says so by leaving it out; one without a scope is not asked for', async () => {
    const server = new FakeServer({ 'POST me/tokens': () => ({ token, secret: 's' }) });
    const tokens = new AccessTokens(server.rest);
    await tokens.create({ name: 'ci', scopes: ['connect'], days: undefined });
    expect(server.body('POST me/tokens')).toEqual({ name: 'ci', scopes: ['connect'] });
    await expect(tokens.create({ name: 'ci', scopes: [], days: 1 })).rejects.toThrow('at least one');
    expect(server.asked.length).toBe(1);
    tokens.forget();
    expect(tokens.made).toBeUndefined();
  });
});

test('the only way in is known where there is no password', async () => {
  const identity = { id: 'i', provider: 'g', provider_name: 'G', email: 'a@b', linked: 0 };
  let password = false;
  const server = new FakeServer({ 'GET me/identities': () => ({ identities: [identity], password }) });
  const identities = new Identities(server.rest);
  expect(identities.password).toBe(true);
  await identities.load();
  expect(identities.is_only_way_in()).toBe(true);
  password = true;
  await identities.load();
  expect(identities.is_only_way_in()).toBe(false);
});

describe('SecondFactor', () => {
  const codes = { recovery_codes: ['aaaaa-bbbbb', 'ccccc-ddddd'] };

  test('it is on after the first code, with recovery codes that are shown until they are kept', async () => {
    const server = new FakeServer({
      'GET me/second_factor': () => ({ enabled: false, recovery_codes_left: 0 }),
      'POST me/second_factor/begin': () => ({ secret: 'ABC', uri: 'otpauth://totp/x' }),
      'POST me/second_factor/confirm': ({ code }: { code: string }) => {
        if (code !== '123456') throw new Refusal(403, 'permission_denied', 'This code is wrong.');
        return codes;
      },
    });
    const factor = new SecondFactor(server.rest);
    await factor.load();
    expect(factor.state).toBe('off');
    await factor.begin('password');
    expect(factor.beginning?.secret).toBe('ABC');
    await expect(factor.confirm('999999')).rejects.toThrow('wrong');
    expect([factor.state, factor.beginning === undefined]).toEqual(['off', false]);
    await factor.confirm('123 456');
    expect([factor.state, factor.beginning, factor.recovery_codes_left]).toEqual(['on', undefined, 2]);
    expect(factor.recovery_codes).toEqual(codes.recovery_codes);
    factor.codes_kept();
    expect(factor.recovery_codes).toBeUndefined();
  });

  test('it stays on where turning it off is refused, and is off after', async () => {
    let right = false;
    const server = new FakeServer({
      'GET me/second_factor': () => ({ enabled: true, recovery_codes_left: 3 }),
      'POST me/second_factor/disable': () => {
        if (!right) throw new Refusal(403, 'permission_denied', 'The password is wrong.');
      },
    });
    const factor = new SecondFactor(server.rest);
    await factor.load();
    expect([factor.state, factor.recovery_codes_left]).toEqual(['on', 3]);
    await expect(factor.disable('p', '1')).rejects.toThrow('wrong');
    expect(factor.state).toBe('on');
    right = true;
    await factor.disable('p', '1');
    expect(factor.state).toBe('off');
  });
});
