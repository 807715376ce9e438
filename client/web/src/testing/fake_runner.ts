// SPDX-License-Identifier: GPL-3.0-or-later
// The other end of a WorkspaceConnection for tests: sockets that open, answer and drop when told, and a server that says
// the workspace runs. Nothing here waits on real time.
import { RestClient } from '../connection/rest_client';
import { WorkspaceConnection } from '../connection/workspace_connection';
import { BackOff } from '../connection/back_off';
import { decode_frame, encode_frame, type Frame } from '../protocol/frame';
import type { Notifications, Requests, SessionHelloResult, Workspace } from '../protocol/messages';

interface Sent {
  id: number;
  method: string;
  params: Record<string, unknown>;
}

export class FakeSocket {
  readonly OPEN = 1;
  readyState = 0;
  binaryType = '';
  onopen: () => void = () => {};
  onmessage: (event: { data: string | ArrayBuffer }) => void = () => {};
  onclose: () => void = () => {};
  readonly requests: Sent[] = [];
  readonly frames: Frame[] = [];

  send(data: string | Uint8Array<ArrayBuffer>): void {
    if (typeof data === 'string') {
      this.requests.push(JSON.parse(data) as Sent);
      return;
    }
    const frame = decode_frame(data.slice().buffer);
    if (!frame) throw new Error('the client sent a broken frame');
    this.frames.push(frame);
  }
  close(): void {
    this.readyState = 3;
  }
}

export const hello: SessionHelloResult = {
  protocol_major: 1,
  protocol_minor: 0,
  runner: 'fake',
  session: 's1',
  resumed: false,
  workspace: 'abcdefghij',
  user_name: 'Ada',
  role: 'owner',
  home: '/home/berth',
  limits: {
    text_frame: 8 << 20,
    binary_payload: 256 << 10,
    open_channels: 256,
    pending_requests: 256,
    inline_document: 256 << 10,
    editable_document: 64 << 20,
  },
  capabilities: [],
};

export const running: Workspace = {
  id: 'abcdefghij',
  name: 'Test',
  template_id: 'python',
  state: 'running',
  reason: '',
  created: 0,
  last_used: 0,
  run_command: 'python3 main.py',
  open_file: 'project/main.py',
  role: 'owner',
  owner: { id: 'ada', name: 'Ada', email: 'ada@example.org', team: false },
  shared: false,
  public_link: false,
  team_template: false,
};

export function json_response(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status });
}

export class FakeRunner {
  readonly sockets: FakeSocket[] = [];
  /** What GET /workspaces/{id} answers. */
  answer: () => Response = () => json_response(running);
  readonly connection: WorkspaceConnection;

  constructor() {
    const rest = new RestClient(() => Promise.resolve(this.answer()), undefined, undefined);
    rest.ensure_fresh = () => Promise.resolve();
    this.connection = new WorkspaceConnection('abcdefghij', {
      rest,
      back_off: new BackOff(() => 0),
      open_socket: () => {
        const socket = new FakeSocket();
        this.sockets.push(socket);
        return socket as unknown as WebSocket;
      },
    });
  }

  socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }

  /** Lets everything that is ready happen. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 30; ++turn) await Promise.resolve();
  }

  /** Whom the client is for the runner now. */
  session(): string {
    return this.connection.hello?.session ?? '';
  }

  /** Accepts the newest socket and answers its hello. */
  async accept(result: Partial<SessionHelloResult> = {}): Promise<void> {
    await this.settle();
    const socket = this.socket();
    socket.readyState = 1;
    socket.onopen();
    await this.settle();
    await this.reply('session/hello', { ...hello, ...result });
  }

  /** Requests of a kind that were not answered yet, oldest first. */
  waiting(method: keyof Requests): Sent[] {
    return this.socket().requests.filter((sent) => sent.method === method);
  }

  async reply<Method extends keyof Requests>(method: Method, result: Requests[Method]['result']): Promise<Sent> {
    const sent = this.take(method);
    this.push({ jsonrpc: '2.0', id: sent.id, result });
    await this.settle();
    return sent;
  }

  async refuse(method: keyof Requests, code: string, message = code): Promise<Sent> {
    const sent = this.take(method);
    this.push({ jsonrpc: '2.0', id: sent.id, error: { code: -32000, message, data: { code } } });
    await this.settle();
    return sent;
  }

  async notify<Method extends keyof Notifications>(method: Method, params: Notifications[Method]): Promise<void> {
    this.push({ jsonrpc: '2.0', method, params });
    await this.settle();
  }

  async frame(header: Parameters<typeof encode_frame>[0], payload?: Uint8Array): Promise<void> {
    this.socket().onmessage({ data: encode_frame(header, payload).buffer });
    await this.settle();
  }

  /** The network goes. */
  async drop(): Promise<void> {
    const socket = this.socket();
    socket.readyState = 3;
    socket.onclose();
    await this.settle();
  }

  private take(method: keyof Requests): Sent {
    const { requests } = this.socket();
    const at = requests.findIndex((sent) => sent.method === method);
    const sent = requests[at];
    if (!sent)
      throw new Error(
        `the client did not ask for ${method}, but for ${requests.map((other) => other.method).join(', ')}`,
      );
    requests.splice(at, 1);
    return sent;
  }

  private push(message: unknown): void {
    this.socket().onmessage({ data: JSON.stringify(message) });
  }
}
