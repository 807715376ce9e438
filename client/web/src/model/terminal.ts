// SPDX-License-Identifier: GPL-3.0-or-later
// One terminal as this window sees it: output from the exact byte it has, keys that arrive exactly once, credits that
// follow what the view has drawn. The view is a TerminalScreen; this file knows nothing of xterm.js.
import type { WorkspaceConnection } from '../connection/workspace_connection';
import { DrainRate, ReceiveWindow, SendWindow } from '../protocol/flow_window';
import type { TerminalInfo } from '../protocol/messages';
import { Observable } from './observable';

export interface TerminalScreen {
  /** Calls `parsed` once the bytes are on the screen's grid. */
  write(bytes: Uint8Array, parsed: () => void): void;
  /** Empties the screen: bytes were lost and a repaint follows. */
  reset(): void;
}

const largest_key_frame = 16 << 10; // bytes of a paste a frame
const largest_queue = 4 << 20; // bytes typed or pasted and not yet taken

export class Terminal extends Observable {
  /** Its program ended or its output did. */
  ended = false;

  private screen_: TerminalScreen | undefined;
  private channel_: number | undefined;
  private receive_: ReceiveWindow | undefined;
  private send_ = new SendWindow();
  private readonly drain_ = new DrainRate();
  private busy_since_ = 0; // ms; when the screen began to work on what it has
  private undrawn_ = 0; // bytes handed to the screen and not yet parsed

  // Keys: bytes from `kept_from_` on that the runner has not been heard to take; `send_.sent()` is inside.
  private kept_ = new Uint8Array(0);
  private kept_from_ = 0;
  private input_window_ = 0;
  private attaching_ = false;

  constructor(
    public info: TerminalInfo,
    private readonly connection_: WorkspaceConnection,
  ) {
    super();
  }

  /** Shows the terminal on `screen` from now on; bytes begin to flow. */
  show_on(screen: TerminalScreen): void {
    this.screen_ = screen;
    void this.attach();
  }

  on_info(info: TerminalInfo): void {
    this.info = info;
    this.changed();
  }

  /** The connection is back. */
  on_connected(resumed: boolean): void {
    this.channel_ = undefined;
    this.attaching_ = false;
    if (!resumed) this.forget_sent_keys();
    if (this.screen_) void this.attach();
  }

  /** False when too much is waiting already: the rest of a huge paste is refused rather than half-kept. */
  type(bytes: Uint8Array): boolean {
    if (!this.info.running) return true;
    if (this.kept_.length + bytes.length > largest_queue) return false;
    const joined = new Uint8Array(this.kept_.length + bytes.length);
    joined.set(this.kept_);
    joined.set(bytes, this.kept_.length);
    this.kept_ = joined;
    this.pump();
    return true;
  }

  resize(columns: number, rows: number): void {
    if (columns === this.info.columns && rows === this.info.rows) return;
    this.info = { ...this.info, columns, rows };
    this.connection_.request('terminal/resize', { terminal: this.info.terminal, columns, rows }).catch(() => {
      // Lost connection or ended program: the next attach asks again.
    });
  }

  private async attach(): Promise<void> {
    if (this.channel_ !== undefined || this.attaching_ || this.connection_.phase !== 'connected') return;
    this.attaching_ = true;
    const credit = this.drain_.window();
    const channels = this.connection_.channels;
    const had = this.receive_?.received();
    try {
      const attached = await this.connection_.request('terminal/attach', {
        terminal: this.info.terminal,
        credit,
        ...(had === undefined ? {} : { output_offset: had }),
      });
      if (channels !== this.connection_.channels) return; // dropped again meanwhile
      if (attached.lost) this.screen_?.reset();
      this.channel_ = attached.channel;
      this.receive_ = new ReceiveWindow(credit, attached.output_offset);
      this.take_input_state(attached.input_offset, attached.input_limit);
      channels.open(attached.channel, {
        on_data: (offset, payload) => this.on_data(offset, payload),
        on_credit: (limit) => this.on_credit(limit),
        on_end: () => {
          this.ended = true;
          this.changed();
        },
        on_abort: () => {
          this.channel_ = undefined;
        },
      });
      this.on_info(attached.terminal);
      this.pump();
    } catch {
      // Lost again, or closed meanwhile: on_connected or terminal/closed says what next.
    } finally {
      if (channels === this.connection_.channels) this.attaching_ = false;
    }
  }

  private on_data(offset: number, payload: Uint8Array): void {
    const channel = this.channel_;
    if (channel === undefined || !this.receive_) return;
    if (!this.receive_.on_data(offset, payload.length)) {
      // Out of step: attach anew from what the screen has.
      this.connection_.channels.send_abort(channel);
      this.channel_ = undefined;
      void this.attach();
      return;
    }
    const window = this.receive_;
    if (this.undrawn_ === 0) this.busy_since_ = performance.now();
    this.undrawn_ += payload.length;
    this.screen_?.write(payload, () => this.on_parsed(window, payload.length));
  }

  private on_parsed(window: ReceiveWindow, bytes: number): void {
    this.undrawn_ -= bytes;
    const now = performance.now();
    this.drain_.on_drained(bytes, now - this.busy_since_);
    this.busy_since_ = now;
    if (window !== this.receive_) return; // of an earlier attachment
    window.resize(this.drain_.window());
    const limit = window.on_consumed(bytes);
    if (limit !== undefined && this.channel_ !== undefined) this.connection_.channels.send_credit(this.channel_, limit);
  }

  /** The runner takes keys below `limit`: all but its window's worth have reached the PTY. */
  private on_credit(limit: number): void {
    this.send_.on_credit(limit);
    this.forget_keys_below(Math.min(limit - this.input_window_, this.send_.sent()));
    this.pump();
  }

  private take_input_state(expected: number, limit: number): void {
    this.input_window_ = Math.max(0, limit - expected);
    if (expected < this.kept_from_ || expected > this.kept_from_ + this.kept_.length) {
      this.kept_from_ = expected; // another session's counting: whatever waits starts here
    } else {
      this.forget_keys_below(expected);
    }
    this.send_ = new SendWindow(expected, limit);
  }

  /** A new session: nobody knows which of the sent keys arrived, so none is sent twice. */
  private forget_sent_keys(): void {
    this.forget_keys_below(this.send_.sent());
  }

  private forget_keys_below(offset: number): void {
    const taken = Math.min(Math.max(0, offset - this.kept_from_), this.kept_.length);
    if (taken === 0) return;
    this.kept_ = this.kept_.slice(taken);
    this.kept_from_ += taken;
  }

  private pump(): void {
    if (this.channel_ === undefined) return;
    for (;;) {
      const start = this.send_.sent() - this.kept_from_;
      const bytes = Math.min(this.kept_.length - start, this.send_.available(), largest_key_frame);
      if (bytes <= 0) return;
      this.connection_.channels.send_data(this.channel_, this.send_.sent(), this.kept_.subarray(start, start + bytes));
      this.send_.on_sent(bytes);
    }
  }
}
