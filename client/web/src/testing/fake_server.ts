// SPDX-License-Identifier: GPL-3.0-or-later
// The server's end of REST calls for tests: answers by method and path, and what it was asked.
import { RestClient } from '../connection/rest_client';
import { MemoryStorage } from './memory_storage';

interface Asked {
  call: string;
  body: unknown;
  headers: Record<string, string>;
}
type Answer = (body: never, path: string) => unknown;

/** Thrown by an answer: what the server refuses with. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message = code,
    readonly data: Record<string, string> = {},
  ) {
    super(message);
  }
}

export class FakeServer {
  readonly asked: Asked[] = [];
  readonly storage = new MemoryStorage();
  readonly rest: RestClient;

  /** `answers`: "GET me/tokens" and what it gives (a Response as it is), or throws; a path may have `*` for one part. */
  constructor(readonly answers: Record<string, Answer>) {
    this.rest = new RestClient((input, init) => this.answer(input as string, init), this.storage, undefined);
  }

  calls(): string[] {
    return this.asked.map(({ call }) => call);
  }
  /** What was sent with the newest call of this name. */
  body(call: string): unknown {
    return this.asked.findLast((one) => one.call === call)?.body;
  }

  private answer(input: string, init: RequestInit = {}): Promise<Response> {
    const path = input.replace('/api/v1/', '');
    const call = `${init.method ?? 'GET'} ${path}`;
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    this.asked.push({ call, body, headers: { ...(init.headers as Record<string, string> | undefined) } });
    const found = Object.entries(this.answers).find(([pattern]) =>
      new RegExp(`^${pattern.replace(/[.?]/g, '\\$&').replaceAll('*', '[^/?]+')}$`).test(call.split('?')[0] ?? ''),
    );
    try {
      if (!found) throw new Refusal(404, 'not_found', `nothing answers ${call}`);
      const result = found[1](body as never, path);
      if (result instanceof Response) return Promise.resolve(result);
      if (result instanceof Blob) return Promise.resolve(new Response(result));
      return Promise.resolve(new Response(result === undefined ? '{}' : JSON.stringify(result)));
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      const { code, message, data, status } = refusal;
      return Promise.resolve(new Response(JSON.stringify({ error: { code, message, data } }), { status }));
    }
  }
}
