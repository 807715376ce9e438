// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { FakeServer } from '../testing/fake_server';
import { Approval, is_loopback, user_code } from './approval';

const asking = { client: 'berth-desktop 0.1.0', address: '192.0.2.7', created: 1 };

describe('Approval', () => {
  test('a program’s sign-in goes back to its own address on this machine, and to no other', async () => {
    let redirect = 'http://127.0.0.1:4567/cb?code=c&state=s';
    const server = new FakeServer({
      'GET auth/native/r': () => asking,
      'POST auth/native/r': () => ({ redirect }),
    });
    const left: string[] = [];
    const approval = new Approval('native', server.rest, (address) => left.push(address));
    await approval.find('r');
    expect(approval.asking).toEqual(asking);
    await approval.decide(true);
    expect(server.body('POST auth/native/r')).toEqual({ allow: true });
    expect(left).toEqual([redirect]);
    expect(approval.answer).toBe('allowed');
    redirect = 'https://evil.example/';
    await expect(approval.decide(true)).rejects.toThrow('not on this machine');
    expect(left.length).toBe(1);
  });

  test('a device’s code is asked for as it is meant, however it is typed', async () => {
    const server = new FakeServer({ 'GET auth/device/ABCD-EFGH': () => asking, 'POST auth/device/*': () => undefined });
    const approval = new Approval('device', server.rest);
    await approval.find('abcd efgh');
    expect(approval.asking).toEqual(asking);
    await approval.decide(false);
    expect(server.body('POST auth/device/ABCD-EFGH')).toEqual({ allow: false });
    expect(approval.answer).toBe('denied');
  });

  test('what can’t be a code is not asked for, and an unknown one is told', async () => {
    const server = new FakeServer({});
    const approval = new Approval('device', server.rest);
    await approval.find('ABC');
    expect([approval.problem.includes('eight'), server.asked.length]).toEqual([true, 0]);
    await approval.find('ABCD-EFGX');
    expect([approval.asking, approval.problem === '']).toEqual([undefined, false]);
  });

  test.each([
    ['http://127.0.0.1:1234/x', true],
    ['http://[::1]:1234/x', true],
    ['https://127.0.0.1/x', false],
    ['http://127.0.0.1.evil.example/', false],
    ['http://user@127.0.0.1/', false],
    ['http://localhost:80/', false],
    ['javascript:alert(1)', false],
    ['/relative', false],
  ])('%s is of this machine: %s', (address, own) => {
    expect(is_loopback(address)).toBe(own);
  });

  test('codes have eight letters or digits', () => {
    expect([user_code(' ab-cd ef.gh '), user_code('abcdefg'), user_code('abcdefghi')]).toEqual(['ABCD-EFGH', '', '']);
  });
});
