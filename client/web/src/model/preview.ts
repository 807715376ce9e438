// SPDX-License-Identifier: GPL-3.0-or-later
// One preview: which port and path it shows, and the one-time URLs it is signed in with.
import { sentence_of } from '../connection/berth_error';
import type { RestClient } from '../connection/rest_client';
import { Observable } from './observable';
import type { Ports } from './ports';
import { PreviewConsole } from './preview_console';
import { size_of, type Size } from './preview_device';
import { t } from './translation';

let last_key = 0;

/** What is remembered of it. */
export interface PreviewPlace {
  port: number | undefined;
  to: string;
  path_form: boolean;
  device: Size | undefined;
}

export class Preview extends Observable {
  port: number | undefined;
  /** Path and query, as typed or first shown. */
  to = '/';
  /** The plain address, for the address bar. */
  address = '';
  /** What the frame loads: good once. */
  url = '';
  /** Grows with each loading, so that the frame is made anew. */
  loads = 0;
  state: 'empty' | 'loading' | 'shown' | 'failed' = 'empty';
  problem = '';
  /** The sandboxed form for browsers and networks where the host form fails. */
  path_form = false;
  /** The window that the page is shown in; undefined: the pane. */
  device: Size | undefined;
  /** Of this one alone, as long as the page lives. */
  readonly key = ++last_key;
  readonly console = new PreviewConsole();
  private was_listening_ = false;
  private call_ = 0;
  private readonly leave_ports_: () => void;

  constructor(
    private readonly workspace_: string,
    private readonly rest_: RestClient,
    private readonly ports_: Ports,
    private readonly keep_: () => void = () => {},
  ) {
    super();
    this.leave_ports_ = ports_.subscribe(() => {
      if (this.port === undefined) return;
      const listening = ports_.is_listening(this.port);
      // The server came up under a page that said "nothing listens yet".
      if (listening && !this.was_listening_ && this.state !== 'empty') void this.go(this.port, this.to);
      this.was_listening_ = listening;
    });
  }

  async go(port: number, to = '/'): Promise<void> {
    const call = ++this.call_;
    this.port = port;
    this.was_listening_ = this.ports_.is_listening(port);
    this.to = to.startsWith('/') ? to : `/${to}`;
    this.state = 'loading';
    this.changed();
    try {
      const { url, address } = await this.rest_.call('CreatePreview', {
        parameters: { id: this.workspace_ },
        body: { port, to: this.to, ...(this.path_form ? { path_form: true } : {}) },
      });
      if (call !== this.call_) return;
      this.url = url;
      this.address = address;
      this.state = 'shown';
      ++this.loads;
      this.console.begin();
      this.keep_();
    } catch (error) {
      if (call !== this.call_) return;
      this.state = 'failed';
      this.problem = sentence_of(error);
    }
    this.changed();
  }

  place(): PreviewPlace {
    const { port, to, path_form, device } = this;
    return { port, to, path_form, device };
  }

  /** A place that was remembered; false when it is none. */
  restore(place: unknown): boolean {
    const { port, to, path_form, device } = (place ?? {}) as Record<string, unknown>;
    if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) return false;
    this.path_form = path_form === true;
    this.device = size_of(device);
    void this.go(port, typeof to === 'string' ? to : '/');
    return true;
  }

  set_device(device: Size | undefined): void {
    this.device = device;
    this.keep_();
    this.changed();
  }

  /** It is not listened to any more. */
  dispose(): void {
    ++this.call_;
    this.leave_ports_();
  }

  /** What the person typed: a path, a port, or a whole address of a port. */
  async go_to(text: string): Promise<void> {
    const typed = parse_address(text, this.port);
    if (typed) return this.go(typed.port, typed.to);
    this.state = 'failed';
    this.problem = t('Type a path such as /about, or a port such as :3000.');
    this.changed();
  }

  async reload(): Promise<void> {
    if (this.port !== undefined) await this.go(this.port, this.to);
  }

  async set_path_form(path_form: boolean): Promise<void> {
    this.path_form = path_form;
    await this.reload();
  }

  /** An address of this site that signs a new tab in to the preview. */
  outside_address(port = this.port, to = this.to): string {
    const query = new URLSearchParams({ workspace: this.workspace_, port: String(port ?? ''), to });
    return `/preview-sign-in?${query.toString()}`;
  }
}

/** "/path", ":3000/path", "3000", "localhost:3000/path", "http://3000--id.host/path". */
export function parse_address(text: string, port: number | undefined): { port: number; to: string } | undefined {
  const typed = text.trim();
  if (typed.startsWith('/') && port !== undefined) return { port, to: typed };
  const match = /^(?:https?:\/\/)?(?:(\d{1,5})--[^/]*|(?:localhost|127\.0\.0\.1|0\.0\.0\.0)?:?(\d{1,5}))(\/.*)?$/.exec(
    typed,
  );
  const number = Number(match?.[1] ?? match?.[2]);
  if (!match || !(number >= 1 && number <= 65_535)) return undefined;
  return { port: number, to: match[3] ?? '/' };
}
