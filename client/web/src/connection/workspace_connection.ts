// SPDX-License-Identifier: GPL-3.0-or-later
// One WebSocket to one workspace's runner: JSON-RPC requests and notifications, channels, hello, resume. Reconnects on its
// own (back-off with jitter, at once when the network or the window comes back) until it is closed or the workspace ends.
import { Observable } from '../model/observable';
import {
  subprotocol,
  version,
  type ErrorCode,
  type Notifications,
  type Requests,
  type SessionHelloResult,
  type Workspace,
} from '../protocol/messages';
import { BackOff } from './back_off';
import { BerthError, has_code } from './berth_error';
import { Channels } from './channels';
import type { RestClient } from './rest_client';
import { message, t } from '../model/translation';

/**
 * idle: not started; connecting: no usable connection yet; connected; waiting: lost, tries again at `retry_at`;
 * stopped: the workspace does not run (see `workspace`); ended: no more attempts (signed out, deleted, closed).
 */
export type ConnectionPhase = 'idle' | 'connecting' | 'connected' | 'waiting' | 'stopped' | 'ended';

type Pending = {
  resolve: (result: never) => void;
  reject: (error: BerthError) => void;
  timer: ReturnType<typeof setTimeout>;
};
interface Message {
  id?: number;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string; data?: Record<string, string> };
}
type Listener = (params: never) => void;

const request_deadline = 30_000; // ms
const ping_period = 5_000;
const ping_deadline = 8_000;
const stopped_poll = 3_000;
const not_there = message('This workspace was deleted, or it is not shared with you any more.');
const not_understood = message('The workspace sent something this page does not understand.');

export interface ConnectionParts {
  rest: RestClient;
  open_socket?: (address: string, protocol: string) => WebSocket;
  back_off?: BackOff;
}

export class WorkspaceConnection extends Observable {
  phase: ConnectionPhase = 'idle';
  hello: SessionHelloResult | undefined;
  /** ms, the newest session/ping. */
  round_trip: number | undefined;
  private round_trips_: number[] = []; // of the last minute
  /** Unix ms of the next attempt, while waiting. */
  retry_at: number | undefined;
  /** Why there is no connection, for the person. */
  reason = '';
  /** The server's newest word on the workspace, once it was asked because of a failed connection. */
  workspace: Workspace | undefined;
  /** True once a connection was up: from then on losing it is news. */
  was_connected = false;
  channels = new Channels(() => {});

  private readonly rest_: RestClient;
  private readonly open_socket_: (address: string, protocol: string) => WebSocket;
  private readonly back_off_: BackOff;
  private readonly listeners_by_method_ = new Map<string, Set<Listener>>();
  private readonly connected_listeners_ = new Set<(resumed: boolean) => void>();
  private readonly pending_ = new Map<number, Pending>();
  private socket_: WebSocket | undefined;
  private session_: string | undefined;
  private next_id_ = 1;
  private attempt_ = 0; // guards against answers of earlier attempts
  private timer_: ReturnType<typeof setTimeout> | undefined;
  private ping_timer_: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly id: string,
    parts: ConnectionParts,
  ) {
    super();
    this.rest_ = parts.rest;
    this.open_socket_ = parts.open_socket ?? ((address, protocol) => new WebSocket(address, protocol));
    this.back_off_ = parts.back_off ?? new BackOff();
  }

  start(): void {
    globalThis.addEventListener?.('online', this.retry_now);
    globalThis.document?.addEventListener('visibilitychange', this.on_visible);
    void this.attempt();
  }

  /** Ends for good; the runner keeps the session for a while. */
  close(): void {
    this.finish('');
  }

  /** Attempts at once instead of at `retry_at`; also after the workspace was started again. */
  readonly retry_now = (): void => {
    if (this.phase === 'waiting' || this.phase === 'stopped') void this.attempt();
  };

  /** ms: what the way itself takes, without what may wait on it. */
  least_round_trip(): number | undefined {
    return this.round_trips_.length === 0 ? undefined : Math.min(...this.round_trips_);
  }

  on<Method extends keyof Notifications>(
    method: Method,
    listener: (params: Notifications[Method]) => void,
  ): () => void {
    let listeners = this.listeners_by_method_.get(method);
    if (!listeners) this.listeners_by_method_.set(method, (listeners = new Set()));
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Called after each hello; `resumed` says whether the runner still knew the session. */
  on_connected(listener: (resumed: boolean) => void): () => void {
    this.connected_listeners_.add(listener);
    return () => this.connected_listeners_.delete(listener);
  }

  /** Rejects with BerthError: the runner's, `unavailable` without a connection or when it drops, or `timeout`. */
  request<Method extends keyof Requests>(
    method: Method,
    params: Requests[Method]['params'],
    deadline = request_deadline,
  ): Promise<Requests[Method]['result']> {
    if (this.phase !== 'connected') {
      return Promise.reject(
        new BerthError('unavailable', t('Not connected to the workspace right now. Try again in a moment.')),
      );
    }
    return this.exchange(method, params, deadline);
  }

  private exchange<Method extends keyof Requests>(
    method: Method,
    params: Requests[Method]['params'],
    deadline: number,
  ): Promise<Requests[Method]['result']> {
    return new Promise((resolve, reject) => {
      const id = this.next_id_++;
      const timer = setTimeout(() => {
        this.pending_.delete(id);
        reject(new BerthError('timeout', t('The workspace did not answer in time. Try again.')));
      }, deadline);
      this.pending_.set(id, { resolve: resolve, reject, timer });
      this.socket_?.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  private async attempt(): Promise<void> {
    const attempt = ++this.attempt_;
    clearTimeout(this.timer_);
    this.phase = 'connecting';
    this.retry_at = undefined;
    this.changed();
    try {
      await this.rest_.ensure_fresh();
    } catch {
      // The attempt itself will tell what is wrong.
    }
    if (attempt !== this.attempt_) return;
    const socket = this.open_socket_(this.address(), subprotocol);
    socket.binaryType = 'arraybuffer';
    this.socket_ = socket;
    this.channels = new Channels((message) => {
      if (socket.readyState === socket.OPEN) socket.send(message);
    });
    socket.onopen = () => void this.greet(attempt);
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => {
      if (attempt === this.attempt_) this.receive(event.data);
    };
    socket.onclose = () => {
      if (attempt === this.attempt_) void this.lost();
    };
    // A dial that hangs (a firewall that drops packets) is given up.
    this.timer_ = setTimeout(() => {
      if (attempt === this.attempt_ && this.phase === 'connecting') void this.lost();
    }, 15_000);
  }

  private address(): string {
    const origin = globalThis.location?.origin ?? 'http://localhost';
    return `${origin.replace(/^http/, 'ws')}/api/v1/workspaces/${encodeURIComponent(this.id)}/connect`;
  }

  private async greet(attempt: number): Promise<void> {
    try {
      const hello = await this.exchange(
        'session/hello',
        {
          protocol_major: version.major,
          protocol_minor: version.minor,
          client: 'berth-web 0.1.0',
          ...(this.session_ ? { session: this.session_ } : {}),
        },
        10_000,
      );
      if (attempt !== this.attempt_) return;
      clearTimeout(this.timer_);
      this.hello = hello;
      this.session_ = hello.session;
      this.phase = 'connected';
      this.reason = '';
      this.was_connected = true;
      this.back_off_.reset();
      this.changed();
      for (const listener of [...this.connected_listeners_]) listener(hello.resumed);
      void this.ping(attempt);
    } catch (error) {
      if (attempt === this.attempt_) void this.lost(has_code(error, 'unsupported') ? error.message : '');
    }
  }

  private receive(data: string | ArrayBuffer): void {
    if (typeof data !== 'string') {
      if (!this.channels.receive(data)) void this.lost(t(not_understood));
      return;
    }
    const message = parse(data);
    if (!message) return void this.lost(t(not_understood));
    if (message.method !== undefined) {
      for (const listener of [...(this.listeners_by_method_.get(message.method) ?? [])])
        listener(message.params as never);
      return;
    }
    const pending = this.pending_.get(message.id ?? 0);
    if (!pending) return; // answered after its deadline
    this.pending_.delete(message.id ?? 0);
    clearTimeout(pending.timer);
    if (message.error) {
      const { code, ...data } = message.error.data ?? {};
      pending.reject(new BerthError((code as ErrorCode | undefined) ?? 'internal', message.error.message, data));
    } else {
      pending.resolve(message.result as never);
    }
  }

  private async ping(attempt: number): Promise<void> {
    if (attempt !== this.attempt_ || this.phase !== 'connected') return;
    const sent = performance.now();
    try {
      await this.request('session/ping', {}, ping_deadline);
    } catch (error) {
      if (attempt === this.attempt_ && has_code(error, 'timeout')) void this.lost();
      return;
    }
    if (attempt !== this.attempt_) return;
    this.round_trip = performance.now() - sent;
    this.round_trips_ = [...this.round_trips_.slice(1 - 60_000 / ping_period), this.round_trip];
    this.changed();
    this.ping_timer_ = setTimeout(() => void this.ping(attempt), ping_period);
  }

  /** Drops what is left of the connection, asks the server why, and plans what comes next. */
  private async lost(reason = ''): Promise<void> {
    this.discard();
    const attempt = this.attempt_;
    this.phase = 'waiting';
    this.reason = reason;
    this.round_trip = undefined;
    this.round_trips_ = [];
    this.changed();
    try {
      this.workspace = await this.rest_.call('GetWorkspace', { parameters: { id: this.id } });
    } catch (error) {
      if (attempt !== this.attempt_) return;
      if (has_code(error, 'unauthenticated')) return this.finish(t('You were signed out.'));
      if (has_code(error, 'not_found', 'permission_denied')) return this.finish(t(not_there));
      return this.plan(this.back_off_.next(), 'waiting');
    }
    if (attempt !== this.attempt_) return;
    const state = this.workspace.state;
    if (state === 'running' || state === 'starting')
      this.plan(state === 'running' ? this.back_off_.next() : 300, 'waiting');
    else this.plan(stopped_poll, 'stopped');
  }

  private plan(wait: number, phase: 'waiting' | 'stopped'): void {
    this.phase = phase;
    if (phase === 'waiting') {
      this.retry_at = Date.now() + wait;
      this.timer_ = setTimeout(() => void this.attempt(), wait);
    } else {
      this.session_ = undefined; // a stopped runner forgets its sessions
      this.timer_ = setTimeout(() => void this.look_again(), wait);
    }
    this.changed();
  }

  /** While stopped: another window may start the workspace. */
  private async look_again(): Promise<void> {
    const attempt = this.attempt_;
    try {
      this.workspace = await this.rest_.call('GetWorkspace', { parameters: { id: this.id } });
    } catch (error) {
      if (attempt === this.attempt_ && has_code(error, 'unauthenticated'))
        return this.finish(t('You were signed out.'));
      if (attempt === this.attempt_ && has_code(error, 'not_found', 'permission_denied'))
        return this.finish(t(not_there));
    }
    if (attempt !== this.attempt_) return;
    const state = this.workspace?.state;
    if (state === 'running' || state === 'starting') void this.attempt();
    else this.plan(stopped_poll, 'stopped');
  }

  private finish(reason: string): void {
    this.discard(1000); // a good-bye: the others see this window leave at once
    this.phase = 'ended';
    this.reason = reason;
    globalThis.removeEventListener?.('online', this.retry_now);
    globalThis.document?.removeEventListener('visibilitychange', this.on_visible);
    this.changed();
  }

  private discard(code?: number): void {
    ++this.attempt_;
    clearTimeout(this.timer_);
    clearTimeout(this.ping_timer_);
    this.retry_at = undefined;
    this.socket_?.close(code);
    this.socket_ = undefined;
    const pending = [...this.pending_.values()];
    this.pending_.clear();
    for (const { reject, timer } of pending) {
      clearTimeout(timer);
      reject(new BerthError('unavailable', t('The connection to the workspace was lost.')));
    }
    this.channels.drop();
  }

  private readonly on_visible = (): void => {
    if (globalThis.document?.visibilityState === 'visible' && this.phase === 'waiting') this.retry_now();
  };
}

function parse(data: string): Message | undefined {
  try {
    const message: unknown = JSON.parse(data);
    return typeof message === 'object' && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
}
