// SPDX-License-Identifier: GPL-3.0-or-later
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Notifications, Requests } from '../protocol/messages';
import { FakeRunner, json_response, running } from '../testing/fake_runner';
import { read_vectors } from '../testing/vectors';

interface Messages {
  requests: Record<keyof Requests, { params: never; result: never }>;
  notifications: Record<keyof Notifications, never>;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('WorkspaceConnection', () => {
  test('every golden request is sent as it stands and its result handed back', async () => {
    const runner = new FakeRunner();
    runner.connection.start();
    await runner.accept();
    const { requests } = read_vectors<Messages>('messages.json');
    for (const [method, { params, result }] of Object.entries(requests) as [
      keyof Requests,
      Messages['requests'][keyof Requests],
    ][]) {
      const answer = runner.connection.request(method, params);
      await runner.settle();
      if (method === 'session/ping') runner.socket().requests.shift(); // the connection's own
      const sent = await runner.reply(method, result);
      expect(sent.params).toEqual(params);
      expect(await answer).toEqual(result);
    }
    runner.connection.close();
  });

  test('every golden notification reaches its listener', async () => {
    const runner = new FakeRunner();
    runner.connection.start();
    await runner.accept();
    const notifications = read_vectors<Partial<Messages>>('messages.json').notifications ?? {};
    for (const [method, params] of Object.entries(notifications) as [keyof Notifications, never][]) {
      const heard: unknown[] = [];
      const stop = runner.connection.on(method, (value) => heard.push(value));
      await runner.notify(method, params);
      stop();
      await runner.notify(method, params);
      expect(heard).toEqual([params]);
    }
    expect(Object.keys(notifications).length).toBeGreaterThan(5);
    runner.connection.close();
  });

  test('reconnects after a drop and asks for its session', async () => {
    const runner = new FakeRunner();
    const resumed: boolean[] = [];
    runner.connection.on_connected((value) => resumed.push(value));
    runner.connection.start();
    await runner.accept();
    await runner.drop();
    expect(runner.connection.phase).toBe('waiting');
    expect(runner.connection.retry_at).toBeDefined();
    await vi.advanceTimersByTimeAsync(200);
    expect(runner.sockets.length).toBe(2);
    await runner.settle();
    const socket = runner.socket();
    socket.readyState = 1;
    socket.onopen();
    await runner.settle();
    expect(runner.waiting('session/hello')[0]?.params['session']).toBe('s1');
    await runner.reply('session/hello', { ...(await import('../testing/fake_runner')).hello, resumed: true });
    expect(resumed).toEqual([false, true]);
    runner.connection.close();
  });

  test('requests under way fail as unavailable when the connection drops, and at once while there is none', async () => {
    const runner = new FakeRunner();
    runner.connection.start();
    await runner.accept();
    const under_way = runner.connection.request('terminal/list', {});
    const expectation = expect(under_way).rejects.toMatchObject({ code: 'unavailable' });
    await runner.drop();
    await expectation;
    await expect(runner.connection.request('terminal/list', {})).rejects.toMatchObject({ code: 'unavailable' });
    runner.connection.close();
  });

  test('an error answer keeps its code and its facts', async () => {
    const runner = new FakeRunner();
    runner.connection.start();
    await runner.accept();
    const answer = runner.connection.request('file/stat', { path: 'x' });
    const expectation = expect(answer).rejects.toMatchObject({ code: 'not_found', message: 'no such file' });
    await runner.settle();
    await runner.refuse('file/stat', 'not_found', 'no such file');
    await expectation;
    runner.connection.close();
  });

  test('a peer that no longer answers pings is given up', async () => {
    const runner = new FakeRunner();
    runner.connection.start();
    await runner.accept();
    await vi.advanceTimersByTimeAsync(8_300);
    expect(runner.sockets.length).toBeGreaterThan(1);
    runner.connection.close();
  });

  test('a message that is none ends the connection, not the page', async () => {
    for (const data of ['{"jsonrpc":', '7', 'null']) {
      const runner = new FakeRunner();
      runner.connection.start();
      await runner.accept();
      expect(() => runner.socket().onmessage({ data })).not.toThrow();
      await runner.settle();
      expect(runner.connection.phase).toBe('waiting');
      expect(runner.connection.reason).toMatch(/does not understand/);
      runner.connection.close();
    }
  });

  test('a stopped workspace is not dialled again until it runs', async () => {
    const runner = new FakeRunner();
    runner.connection.start();
    await runner.accept();
    runner.answer = () => json_response({ ...running, state: 'stopped', reason: 'Idle for 30 minutes.' });
    await runner.drop();
    expect(runner.connection.phase).toBe('stopped');
    expect(runner.connection.workspace?.reason).toBe('Idle for 30 minutes.');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(runner.sockets.length).toBe(1);
    runner.answer = () => json_response(running);
    await vi.advanceTimersByTimeAsync(3_100);
    expect(runner.sockets.length).toBe(2);
    runner.connection.close();
  });

  test('ends when the sign-in is over', async () => {
    const runner = new FakeRunner();
    runner.connection.start();
    await runner.accept();
    runner.answer = () => json_response({ error: { code: 'unauthenticated', message: 'Sign in.' } }, 401);
    await runner.drop();
    expect(runner.connection.phase).toBe('ended');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(runner.sockets.length).toBe(1);
  });

  test('frames reach their channel in order, deflated ones too', async () => {
    vi.useRealTimers();
    const runner = new FakeRunner();
    runner.connection.start();
    await runner.accept();
    const heard: [number, string][] = [];
    const { channels } = runner.connection;
    channels.open(7, { on_data: (offset, payload) => heard.push([offset, new TextDecoder().decode(payload)]) });
    const plain = new TextEncoder().encode('hello ');
    const stream = new Blob([plain]).stream().pipeThrough(new CompressionStream('deflate-raw'));
    const deflated = new Uint8Array(await new Response(stream).arrayBuffer());
    await runner.frame({ kind: 'data', deflated: true, channel: 7, offset: 0 }, deflated);
    await runner.frame({ kind: 'data', deflated: false, channel: 7, offset: 6 }, new TextEncoder().encode('world'));
    await vi.waitFor(() =>
      expect(heard).toEqual([
        [0, 'hello '],
        [6, 'world'],
      ]),
    );
    runner.connection.close();
  });
});
