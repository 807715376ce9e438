// SPDX-License-Identifier: GPL-3.0-or-later
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RestClient } from '../connection/rest_client';
import type { Role, Workspace } from '../protocol/messages';
import { opened } from '../testing/document_stage';
import { FakeSocket, hello, json_response, running } from '../testing/fake_runner';
import { Notices } from './notices';
import { WorkspaceSession } from './workspace_session';

let sockets: FakeSocket[];
let workspace: Workspace;
let start_answer: () => Response;
let calls: string[];
let notices: Notices;
let session: WorkspaceSession;

const settle = async () => {
  for (let turn = 0; turn < 60; ++turn) await Promise.resolve();
};
const asked = (method: string) => sockets.at(-1)?.requests.filter((sent) => sent.method === method) ?? [];

async function answer(method: string, result: unknown): Promise<void> {
  const socket = sockets.at(-1);
  const sent = asked(method)[0];
  if (!socket || !sent) throw new Error(`${method} was not asked`);
  socket.requests.splice(socket.requests.indexOf(sent), 1);
  socket.onmessage({ data: JSON.stringify({ jsonrpc: '2.0', id: sent.id, result }) });
  await settle();
}

async function connect(role: Role = 'owner'): Promise<void> {
  await settle();
  const socket = sockets.at(-1);
  if (!socket) throw new Error('no socket');
  socket.readyState = 1;
  socket.onopen();
  await settle();
  await answer('session/hello', { ...hello, role });
}

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  calls = [];
  workspace = running;
  start_answer = () => json_response((workspace = running));
  const rest = new RestClient(
    ((input: string, init: RequestInit) => {
      calls.push(`${init.method ?? ''} ${input.replace('/api/v1/workspaces/abcdefghij', '')}`);
      return Promise.resolve(input.endsWith('/start') ? start_answer() : json_response(workspace));
    }) as unknown as typeof fetch,
    undefined,
    undefined,
  );
  rest.ensure_fresh = () => Promise.resolve();
  notices = new Notices();
  session = new WorkspaceSession('abcdefghij', rest, notices, () => {}, {
    open_socket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
  });
});
afterEach(() => {
  session.close();
  vi.useRealTimers();
});

describe('WorkspaceSession', () => {
  test('a running workspace is connected to, shows its first file and opens a shell', async () => {
    await session.open();
    await connect();
    expect(calls).toEqual(['GET ']);
    expect(asked('document/open')[0]?.params['path']).toBe('project/main.py');
    await answer('terminal/list', { terminals: [] });
    expect(asked('terminal/open').length).toBe(1);
  });

  test('terminals that are there are shown instead of a new one', async () => {
    await session.open();
    await connect();
    const info = { terminal: 't1', title: 'bash', command: '', columns: 80, rows: 24, running: true, created: 1 };
    await answer('terminal/list', { terminals: [info] });
    expect(asked('terminal/open').length).toBe(0);
    expect(session.terminals.active?.info.terminal).toBe('t1');
  });

  test('a first terminal that is refused is told', async () => {
    await session.open();
    await connect();
    await answer('terminal/list', { terminals: [] });
    const [sent] = asked('terminal/open');
    const error = { code: -32000, message: 'The disk is full.', data: { code: 'limit_exceeded' } };
    sockets.at(-1)?.onmessage({ data: JSON.stringify({ jsonrpc: '2.0', id: sent?.id, error }) });
    await settle();
    expect(notices.list.map(({ text }) => text)).toEqual(['The disk is full.']);
  });

  test('a stopped workspace is started before it is dialled', async () => {
    workspace = { ...running, state: 'stopped' };
    await session.open();
    await settle();
    expect(calls).toEqual(['GET ', 'POST /start']);
    expect(sockets.length).toBe(1);
  });

  test('a viewer starts nothing, and waits for somebody who does', async () => {
    workspace = { ...running, role: 'viewer', state: 'stopped' };
    await session.open();
    await settle();
    expect(calls).toEqual(['GET ']);
    sockets.at(-1)?.onclose(); // nothing to connect to
    await settle();
    expect(session.connection.phase).toBe('stopped');
    workspace = { ...workspace, state: 'running' };
    await vi.advanceTimersByTimeAsync(3000);
    await connect('viewer');
    expect(session.connection.phase).toBe('connected');
    expect(calls.some((call) => call.endsWith('/start'))).toBe(false);
  });

  test('a role that changed is told once the connection is back with it, and holds everywhere', async () => {
    await session.open();
    await connect('editor');
    expect(notices.list).toEqual([]);
    expect(session.workspace?.role).toBe('editor');
    for (const [role, told] of [
      ['viewer', 'You may look at this workspace but not change it.'],
      ['editor', 'You may edit this workspace now.'],
    ] as const) {
      sockets.at(-1)?.onclose();
      await vi.advanceTimersByTimeAsync(500);
      await connect(role);
      expect(session.workspace?.role).toBe(role);
      expect(notices.list.at(-1)?.text).toBe(told);
    }
    sockets.at(-1)?.onclose();
    await vi.advanceTimersByTimeAsync(500);
    await connect('editor');
    expect(notices.list.length).toBe(2);
  });

  test('a refused start is told and leaves nothing half-open', async () => {
    workspace = { ...running, state: 'stopped' };
    start_answer = () =>
      json_response({ error: { code: 'limit_exceeded', message: 'Stop another workspace first.' } }, 429);
    await session.open();
    await settle();
    expect(notices.list.map((notice) => notice.text)).toEqual(['Stop another workspace first.']);
    expect(session.starting).toBe(false);
    expect(session.connection.phase).toBe('idle');
    expect(sockets.length).toBe(0);
  });

  test('run opens the template’s command once and stop presses Ctrl-C in it', async () => {
    await session.open();
    await connect();
    await answer('terminal/list', { terminals: [] });
    await answer('terminal/open', {
      terminal: { terminal: 't1', title: 'bash', command: '', columns: 80, rows: 24, running: true, created: 1 },
    });
    void session.run();
    await settle();
    expect(asked('terminal/open')[0]?.params).toMatchObject({ command: 'python3 main.py', cwd: 'project' });
    const info = {
      terminal: 't2',
      title: 'Run',
      command: 'python3 main.py',
      columns: 80,
      rows: 24,
      running: true,
      created: 2,
    };
    await answer('terminal/open', { terminal: info });
    expect(session.run_terminal()?.info.terminal).toBe('t2');
    void session.run();
    await settle();
    expect(asked('terminal/open').length).toBe(0);
    session.stop();
    await vi.advanceTimersByTimeAsync(3100); // the program ignores it: its terminal is hung up
    expect(asked('terminal/close')[0]?.params).toEqual({ terminal: 't2' });
  });

  test('run saves what is not on disk, and leaves alone what is told of a file that is', async () => {
    const tell = async (more: object) => {
      const file = { document: 'd1', path: 'project/main.py', encoding: 'utf8', line_ending: 'lf' };
      const params = { ...file, read_only: false, deleted: false, journalled_version: 2, ...more };
      sockets.at(-1)?.onmessage({ data: JSON.stringify({ jsonrpc: '2.0', method: 'document/state', params }) });
      await settle();
    };
    const terminal = { title: 'bash', command: '', columns: 80, rows: 24, running: true, created: 1 };
    await session.open();
    await connect();
    await answer('terminal/list', { terminals: [{ ...terminal, terminal: 't1' }] });
    await answer('document/open', opened('abc', 2));
    await tell({ disk_version: 2, problem: 'What was typed is in main.py.rescued.' });
    void session.run();
    await settle();
    expect(asked('document/save').length).toBe(0);
    await answer('terminal/open', { terminal: { ...terminal, terminal: 't2' } });

    await tell({ disk_version: 1, problem: 'The disk is full.' });
    void session.run();
    await settle();
    expect(asked('document/save').map(({ params }) => params)).toEqual([{ document: 'd1' }]);
    expect(asked('terminal/open').length).toBe(0); // the file first
  });

  test('the file to begin with is opened once an import has brought it', async () => {
    const push = async (method: string, params: unknown) => {
      sockets.at(-1)?.onmessage({ data: JSON.stringify({ jsonrpc: '2.0', method, params }) });
      await settle();
    };
    const refuse_open = async () => {
      const sent = asked('document/open')[0];
      if (!sent) throw new Error('nothing was opened');
      const socket = sockets.at(-1)!;
      socket.requests.splice(socket.requests.indexOf(sent), 1);
      const error = { code: -32000, message: 'no such file', data: { code: 'not_found' } };
      socket.onmessage({ data: JSON.stringify({ jsonrpc: '2.0', id: sent.id, error }) });
      await settle();
    };
    void session.open();
    await connect();
    await push('workspace/import', { text: 'Cloning', finished: false });
    await refuse_open();
    expect(session.tabs.tabs).toEqual([]);
    await push('workspace/import', { text: 'Cloned', finished: true });
    expect(session.tabs.tabs.map(({ path }) => path)).toEqual(['project/main.py']);

    // The import ends while the answer of before is still under way.
    await push('workspace/import', { text: 'Cloned', finished: true });
    await refuse_open();
    expect(session.tabs.tabs.map(({ path }) => path)).toEqual(['project/main.py']);
    expect(asked('document/open')).toHaveLength(1);
  });
});
