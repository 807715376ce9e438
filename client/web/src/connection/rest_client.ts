// SPDX-License-Identifier: GPL-3.0-or-later
// REST calls with cookie sign-in. A 401 is answered by one refresh for all tabs (a Web Lock), then the call is repeated
// once; when the refresh fails too, the sign-in is over and `on_signed_out` is called.
import { routes, type ErrorCode, type Routes, type SignedIn } from '../protocol/messages';
import { BerthError } from './berth_error';
import { t } from '../model/translation';
import { send_upload, type SendUpload, type UploadOptions } from './upload_request';

export interface CallOptions<Body> {
  parameters?: Record<string, string>;
  query?: Record<string, string | number | undefined>;
  body?: Body;
  signal?: AbortSignal;
}

/** An answer with the tag by which the server knows it again. */
export interface Tagged<Result> {
  result: Result;
  tag: string | undefined;
}

/** How often a request whose answer was lost is asked for again while the server is still at it. */
const most_asked_again = 8;
const longest_pause = 4000; // ms

const expires_key = 'berth.access_expires'; // Unix ms; shared by the tabs, no secret

/** Calls that make or end a sign-in: their 401 is an answer, not an expired token. */
const without_refresh: ReadonlySet<keyof Routes> = new Set([
  'GetServer',
  'Setup',
  'Register',
  'SignIn',
  'Refresh',
  'FinishSignIn',
  'VerifyEmail',
  'ForgotPassword',
  'ResetPassword',
  'LinkIdentity',
  'GetPublic',
  'ListPublicFiles',
  'GetPublicFile',
]);

/** Requests that make something, or start or stop it: each has a key, by which a server that did it already tells it again
 * instead of doing it twice. The server's table is NamedRequests in protocol/rest_routes.hpp. */
const named_requests: ReadonlySet<keyof Routes> = new Set([
  'CreateWorkspace',
  'StartWorkspace',
  'StopWorkspace',
  'CreateVersion',
  'RestoreVersion',
  'AddMember',
  'CreateLink',
  'Join',
  'TransferWorkspace',
  'CreatePortLink',
  'CreateToken',
  'ConfirmSecondFactor',
  'RenewRecoveryCodes',
  'ResetAccount',
  'CreateTeam',
  'AddTeamMember',
  'JoinTeam',
]);

export class RestClient {
  on_signed_out: () => void = () => {};

  constructor(
    private readonly fetch_: typeof fetch = (input, init) => fetch(input, init),
    private readonly storage_: Storage | undefined = usable_storage(),
    private readonly locks_: LockManager | undefined = globalThis.navigator?.locks,
    private readonly send_upload_: SendUpload = send_upload,
  ) {}

  async call<Name extends keyof Routes>(
    name: Name,
    options: CallOptions<Routes[Name]['body']> = {},
  ): Promise<Routes[Name]['result']> {
    const response = await this.respond(name, options);
    const result = (response.status === 204 ? {} : await response.json()) as Routes[Name]['result'];
    if ('access_expires' in result) this.remember(result as SignedIn);
    if (name === 'SignOut' || name === 'SignOutEverywhere') this.signed_out();
    return result;
  }

  /** call() of a GET that is asked again and again: `known` itself, where nothing has changed since. */
  async call_again<Name extends keyof Routes>(
    name: Name,
    options: Omit<CallOptions<never>, 'body'>,
    known?: Tagged<Routes[Name]['result']>,
  ): Promise<Tagged<Routes[Name]['result']>> {
    const response = await this.respond(name, options, known?.tag);
    if (response.status === 304 && known) return known;
    return {
      result: (await response.json()) as Routes[Name]['result'],
      tag: response.headers.get('ETag') ?? undefined,
    };
  }

  /** A route whose body is a file of any size. The sign-in is renewed before: a body is not sent twice. */
  async upload<Name extends keyof Routes>(
    name: Name,
    query: Record<string, string>,
    body: Blob,
    options: UploadOptions,
  ): Promise<Routes[Name]['result']> {
    await this.ensure_fresh();
    const response = await this.send_upload_(routes[name].method, this.address(name, { query }), body, options);
    if (response.status === 401) this.signed_out();
    if (!response.ok) throw await error_of(response);
    return (await response.json()) as Routes[Name]['result'];
  }

  /** The bytes of a route that answers with a file. */
  async read(name: keyof Routes, options: Omit<CallOptions<unknown>, 'body'>): Promise<Blob> {
    return await (await this.respond(name, options)).blob();
  }

  /** Undefined when there is more; then no more than that was fetched. `largest` in bytes. */
  async read_up_to(
    largest: number,
    name: keyof Routes,
    options: Omit<CallOptions<unknown>, 'body'>,
  ): Promise<Blob | undefined> {
    const { body } = await this.respond(name, options);
    const parts: Uint8Array<ArrayBuffer>[] = [];
    const reader = body?.getReader();
    for (let size = 0; reader;) {
      const { value } = await reader.read();
      if (!value) break;
      size += value.length;
      if (size > largest) {
        await reader.cancel();
        return undefined;
      }
      parts.push(value);
    }
    return new Blob(parts);
  }

  /** An address with parameters and query filled in, also for links (downloads). */
  address(name: keyof Routes, options: Pick<CallOptions<unknown>, 'parameters' | 'query'>): string {
    const path = routes[name].path.replace(/\{(\w+)\}/g, (_, key: string) =>
      encodeURIComponent(options.parameters?.[key] ?? ''),
    );
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(options.query ?? {}))
      if (value !== undefined) query.set(key, String(value));
    const text = query.toString();
    return text ? `${path}?${text}` : path;
  }

  /** Makes sure the access cookie lives for another half minute: called before each WebSocket upgrade, which can't answer 401. */
  async ensure_fresh(): Promise<void> {
    const expires = this.expires();
    if (expires !== undefined && expires - Date.now() > 30_000) return;
    await this.refresh();
  }

  /** False when there was never a sign-in in this browser, or it was ended: no need to ask. */
  may_be_signed_in(): boolean {
    return this.expires() !== undefined;
  }

  /** The browser goes to a provider and may come back signed in, which no script can see: the next load asks. */
  expect_sign_in(): void {
    if (!this.may_be_signed_in()) this.storage_?.setItem(expires_key, '0');
  }

  /** `tag`: of an answer that is known; status 304 then says that it still holds. */
  private async respond(name: keyof Routes, options: CallOptions<unknown>, tag?: string): Promise<Response> {
    const key = named_requests.has(name) ? random_key() : undefined;
    const send = () => this.send(name, options, tag, key);
    let lost = false;
    // Its answer may have been lost on the way, and nobody would know whether it was done: with its key it may be sent again.
    const send_twice = async () => {
      try {
        return await send();
      } catch (error) {
        if (!key || !is_lost(error)) throw error;
        lost = true;
        return await send();
      }
    };
    // The server may still be at the one whose answer was lost, and says 503 until then: whoever were told that it failed
    // would press again, with another key, and have it twice.
    const patient = async () => {
      let response = await send_twice();
      for (let asked = 0; lost && response.status === 503 && asked < most_asked_again; ++asked) {
        await pause(Math.min(longest_pause, 500 * 2 ** asked), options.signal);
        response = await send_twice();
      }
      return response;
    };
    let response = await patient();
    if (response.status === 401 && !without_refresh.has(name)) {
      if (await this.refresh()) response = await patient();
      if (response.status === 401) this.signed_out();
    }
    if (!response.ok && !(response.status === 304 && tag)) throw await error_of(response);
    return response;
  }

  private async refresh(): Promise<boolean> {
    const before = this.expires();
    const trade = async () => {
      const now = this.expires();
      if (now !== undefined && now !== before && now > Date.now()) return true; // another tab was faster
      const response = await this.send('Refresh', { body: {} });
      if (response.ok) {
        this.remember((await response.json()) as SignedIn);
        return true;
      }
      if (response.status === 401) return false;
      throw await error_of(response);
    };
    return this.locks_ ? await this.locks_.request('berth.refresh', trade) : await trade();
  }

  private async send(name: keyof Routes, options: CallOptions<unknown>, tag?: string, key?: string): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (tag) headers['If-None-Match'] = tag;
    if (key) headers['Idempotency-Key'] = key;
    const init: RequestInit = { method: routes[name].method, credentials: 'same-origin', cache: 'no-store', headers };
    if (options.signal) init.signal = options.signal;
    if (options.body instanceof Blob) {
      init.body = options.body;
    } else if (options.body !== undefined) {
      headers['Content-Type'] = 'application/json';
      init.body = JSON.stringify(options.body);
    }
    try {
      return await this.fetch_(this.address(name, options), init);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new BerthError('unavailable', t('The server cannot be reached. Check the network and try again.'));
    }
  }

  private expires(): number | undefined {
    const text = this.storage_?.getItem(expires_key);
    return text ? Number(text) : undefined;
  }

  private remember(signed_in: SignedIn): void {
    this.storage_?.setItem(expires_key, String(signed_in.access_expires));
  }

  private signed_out(): void {
    this.storage_?.removeItem(expires_key);
    this.on_signed_out();
  }
}

function random_key(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Ends early when the signal does: what follows is refused by it. */
function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, signal?.aborted ? 0 : milliseconds);
    signal?.addEventListener('abort', done);
  });
}

function is_lost(error: unknown): boolean {
  return error instanceof BerthError && error.code === 'unavailable';
}

async function error_of(response: Response): Promise<BerthError> {
  try {
    const { error } = (await response.json()) as {
      error: { code: ErrorCode; message: string; data?: Record<string, string> };
    };
    return new BerthError(error.code, error.message, error.data);
  } catch {
    const code: ErrorCode = response.status >= 500 ? 'unavailable' : 'internal';
    return new BerthError(code, t`The server answered with ${response.status}. Try again.`);
  }
}

function usable_storage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
