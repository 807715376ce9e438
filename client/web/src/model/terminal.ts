// SPDX-License-Identifier: GPL-3.0-or-later
// One terminal as this window sees it: output from the exact byte it has or from a painted screen, keys that arrive exactly
// once, credits that follow what the view has drawn, and a size that several windows agree on. The view is a TerminalScreen;
// this file knows nothing of xterm.js.
import type { WorkspaceConnection } from '../connection/workspace_connection';
import { has_code, sentence_of } from '../connection/berth_error';
import { DeliveryRate, DrainRate, ReceiveWindow } from '../protocol/flow_window';
import type { TerminalAttachResult, TerminalInfo } from '../protocol/messages';
import { Observable } from './observable';
import { TerminalKeys } from './terminal_keys';
import { t } from './translation';

export interface TerminalScreen {
  /** Calls `parsed` once the bytes are on the screen's grid; with the ms of work that it took, where that was measured. */
  write(bytes: Uint8Array, parsed: (worked?: number) => void): void;
  /** Empties the screen behind what was written so far: it is painted anew. */
  reset(): void;
  /** What was written since `reset` was a picture of what had been; what follows happens. */
  painted(): void;
  /** Changes its size behind what was written so far. */
  resize(columns: number, rows: number): void;
}

/** Whoever wants to know when keys have arrived. */
export interface KeyWatcher {
  /** The runner has all keys below `offset`; it took `round_trip` ms to say so. */
  arrived(offset: number, round_trip: number): void;
  /** Keys and screen start over: older offsets mean nothing. */
  forget(): void;
}

export interface TerminalSize {
  columns: number;
  rows: number;
}

const usual_round_trip = 20; // ms, before one was measured
/**
 * Bytes that may come at once on a connection that nothing is known of yet: what the view can take says nothing of a slow
 * link, on which keys' echoes come behind it.
 */
const opening_window = 64 << 10;
const piece = 16 << 10; // bytes that are parsed at once
const most_failures = 3; // attaching again in a row
const failures_forgotten = 10_000; // ms
const most_probes = 32; // questions about keys under way

export class Terminal extends Observable {
  /** Its program ended or its output did. */
  ended = false;
  /** Its bell rang and nobody has looked since. */
  rang = false;
  /** Why its output stands still, though there is a connection. */
  problem: string | undefined;
  /** Scrollback lines asked for with a painted screen. */
  scrollback: number | undefined;

  private screen_: TerminalScreen | undefined;
  private channel_: number | undefined;
  private screen_channel_: number | undefined; // while the screen is painted
  private receive_: ReceiveWindow | undefined;
  private readonly work_ = new DrainRate();
  private readonly pace_ = new DrainRate(DrainRate.pace);
  private busy_since_ = 0; // ms; when the screen began with what it has
  private undrawn_ = 0; // bytes handed to the screen and not yet parsed
  private delivery_ = new DeliveryRate();
  private held_: Uint8Array[] | undefined; // output behind a screen that is still being painted
  private attaching_ = false;
  private failures_ = 0;
  private failed_at_ = 0; // ms

  private readonly keys_ = new TerminalKeys();
  private watcher_: KeyWatcher | undefined;
  private probes_ = 0;
  private probed_ = 0; // the offset last asked about

  private own_size_: TerminalSize | undefined; // what this window has room for
  private told_size_: TerminalSize; // the runner's newest word
  private resizes_ = 0; // under way

  constructor(
    public info: TerminalInfo,
    private readonly connection_: WorkspaceConnection,
  ) {
    super();
    this.told_size_ = size_of(info);
  }

  /** Shows the terminal on `screen` from now on; bytes begin to flow. */
  show_on(screen: TerminalScreen): void {
    this.screen_ = screen;
    void this.attach();
  }

  ring(): void {
    this.rang = true;
    this.changed();
  }
  /** The person looks at it. */
  seen(): void {
    if (!this.rang) return;
    this.rang = false;
    this.changed();
  }

  watch_keys(watcher: KeyWatcher | undefined): void {
    this.watcher_ = watcher;
  }

  on_info(info: TerminalInfo): void {
    this.told_size_ = size_of(info);
    const shown = size_of(this.info);
    // While this window alone decides, its newest wish is ahead of what is told.
    this.info = this.resizes_ > 0 && this.is_alone(info) ? { ...info, ...shown } : info;
    this.follow_size(shown);
    this.changed();
  }

  /** The connection is back. */
  on_connected(resumed: boolean): void {
    this.channel_ = this.screen_channel_ = undefined;
    this.attaching_ = false;
    this.failures_ = 0;
    this.problem = undefined;
    if (!resumed) {
      this.keys_.forget_sent();
      this.watcher_?.forget();
    }
    if (this.screen_) void this.attach();
  }

  /** The person wants to see whether its output comes now. */
  try_again(): void {
    this.failures_ = 0;
    this.problem = undefined;
    this.changed();
    void this.attach();
  }

  /** False when too much is waiting already: the rest of a huge paste is refused rather than half-kept. */
  type(bytes: Uint8Array): boolean {
    if (!this.info.running || !this.may_type()) return true;
    if (!this.keys_.add(bytes)) return false;
    this.pump();
    return true;
  }
  /** The offset behind the last key. */
  typed(): number {
    return this.keys_.end();
  }

  /** This window has room for so many cells; the terminal has the smallest room of all windows, or the leader's. */
  set_room(columns: number, rows: number): void {
    if (this.own_size_?.columns === columns && this.own_size_.rows === rows) return;
    this.own_size_ = { columns, rows };
    if (!this.may_type()) return;
    if (this.is_alone(this.info)) {
      const before = size_of(this.info);
      this.info = { ...this.info, columns, rows };
      this.follow_size(before);
      this.changed();
    }
    if (this.connection_.phase === 'connected') void this.tell_room({ columns, rows });
  }
  room(): TerminalSize | undefined {
    return this.own_size_;
  }

  /** Makes this window's size the terminal's, or gives that up. */
  async lead(lead: boolean): Promise<void> {
    await this.connection_.request('terminal/lead', { terminal: this.info.terminal, lead });
  }
  leads(): boolean {
    return this.info.leader !== undefined && this.info.leader === this.session();
  }

  /** The other windows that show it, by session. */
  others(): string[] {
    return (this.info.viewers ?? []).filter((viewer) => viewer !== this.session());
  }
  /** The sessions that may have set its size, when it isn't this window's. */
  sized_by(): string[] {
    const { own_size_: own, info } = this;
    if (!own || this.leads() || (own.columns === info.columns && own.rows === info.rows)) return [];
    return info.leader === undefined ? this.others() : [info.leader];
  }
  /** Programs ask the screen questions; when several show it, only the first of them answers. */
  answers(): boolean {
    const first = this.info.viewers?.[0];
    return this.may_type() && (first === undefined || first === this.session());
  }
  may_type(): boolean {
    return this.connection_.hello?.role !== 'viewer';
  }

  private session(): string | undefined {
    return this.connection_.hello?.session;
  }
  private is_alone({ viewers, leader }: TerminalInfo): boolean {
    const session = this.session();
    return (leader === undefined || leader === session) && (viewers ?? []).every((viewer) => viewer === session);
  }

  private follow_size(before: TerminalSize): void {
    if (this.held_) return; // a picture is made for one size: what came since is taken behind it
    const { columns, rows } = this.info;
    if (columns !== before.columns || rows !== before.rows) this.screen_?.resize(columns, rows);
  }

  private async tell_room(size: TerminalSize): Promise<void> {
    const before = this.told_size_;
    ++this.resizes_;
    try {
      await this.connection_.request('terminal/resize', { terminal: this.info.terminal, ...size });
    } catch {
      // Lost connection or ended program: the next attach tells it again.
    }
    --this.resizes_;
    // Told anew since: that holds, whatever was wished.
    if (this.resizes_ === 0 && this.told_size_ !== before) this.on_info({ ...this.info, ...this.told_size_ });
  }

  private async attach(): Promise<void> {
    if (this.channel_ !== undefined || this.attaching_ || this.connection_.phase !== 'connected') return;
    this.attaching_ = true;
    this.delivery_ = new DeliveryRate(); // another road, perhaps
    const credit = Math.min(this.window(), opening_window);
    const channels = this.connection_.channels;
    // A screen that was painted in part is worth nothing.
    const had = this.held_ ? undefined : this.receive_?.received();
    try {
      const attached = await this.connection_.request('terminal/attach', {
        terminal: this.info.terminal,
        credit,
        deflate: true,
        ...(had === undefined ? {} : { output_offset: had }),
        ...this.own_size_,
        ...(this.scrollback === undefined ? {} : { scrollback: this.scrollback }),
      });
      if (channels !== this.connection_.channels) return; // dropped again meanwhile
      this.take(attached, credit);
    } catch (error) {
      // Lost again, or closed meanwhile: on_connected or terminal/closed says what next.
      if (channels === this.connection_.channels && !has_code(error, 'unavailable', 'not_found'))
        this.stand_still(sentence_of(error));
    } finally {
      if (channels === this.connection_.channels) this.attaching_ = false;
    }
  }

  private take(attached: TerminalAttachResult, credit: number): void {
    const { channels } = this.connection_;
    if (attached.lost || attached.screen !== undefined) {
      this.screen_?.reset();
      this.watcher_?.forget();
    }
    this.held_ = undefined;
    this.on_info(attached.terminal);
    if (attached.screen !== undefined) {
      this.screen_?.resize(attached.terminal.columns, attached.terminal.rows);
      this.paint(attached.screen, credit);
    } else {
      this.screen_?.painted();
    }
    this.channel_ = attached.channel;
    const window = (this.receive_ = new ReceiveWindow(credit, attached.output_offset));
    if (!this.keys_.resume(attached.input_offset, attached.input_limit)) this.watcher_?.forget();
    channels.open(attached.channel, {
      on_data: (offset, payload) => {
        if (!window.on_data(offset, payload.length)) this.attach_anew();
        else if (this.held_) this.held_.push(payload);
        else this.write(attached.channel, window, payload);
      },
      on_credit: (limit) => {
        this.keys_.on_credit(limit);
        this.pump();
      },
      on_end: () => {
        this.ended = true;
        this.changed();
      },
      on_abort: () => this.attach_anew(),
    });
    this.pump();
    this.probe();
  }

  /** The screen as it is comes on a channel of its own; what follows it waits until it is whole. */
  private paint(screen: number, credit: number): void {
    const { channels } = this.connection_;
    const window = new ReceiveWindow(credit);
    this.held_ = [];
    this.screen_channel_ = screen;
    channels.open(screen, {
      on_data: (offset, payload) => {
        if (window.on_data(offset, payload.length)) this.write(screen, window, payload);
        else this.attach_anew();
      },
      on_end: (length) => {
        if (length !== window.received()) return this.attach_anew();
        channels.close(screen);
        this.screen_channel_ = undefined;
        const held = this.held_ ?? [];
        this.held_ = undefined;
        this.screen_?.painted();
        this.screen_?.resize(this.info.columns, this.info.rows);
        if (this.channel_ === undefined || !this.receive_) return;
        for (const payload of held) this.write(this.channel_, this.receive_, payload);
      },
      on_abort: () => this.attach_anew(),
    });
  }

  /**
   * Output or picture broke off: out of step, damaged, or the runner gave it up. Once more from what the screen has, but not
   * for ever: what is damaged each time is told.
   */
  private attach_anew(): void {
    const { channels } = this.connection_;
    for (const channel of [this.screen_channel_, this.channel_])
      if (channel !== undefined && channels.is_open(channel)) channels.send_abort(channel);
    this.channel_ = this.screen_channel_ = undefined;
    // Where it is the connection that ends, its phase says so by then.
    queueMicrotask(() => {
      if (this.connection_.phase !== 'connected' || this.channel_ !== undefined) return;
      const now = Date.now();
      this.failures_ = now - this.failed_at_ > failures_forgotten ? 1 : this.failures_ + 1;
      this.failed_at_ = now;
      if (this.failures_ > most_failures) this.stand_still(t('This terminal’s output arrives damaged.'));
      else void this.attach();
    });
  }

  private stand_still(problem: string): void {
    this.problem = problem;
    this.changed();
  }

  /** In pieces, so that the first are credited while the last are still parsed. */
  private write(channel: number, window: ReceiveWindow, payload: Uint8Array): void {
    const arrived = performance.now();
    if (this.undrawn_ === 0) this.busy_since_ = arrived;
    this.undrawn_ += payload.length;
    for (let at = 0; at < payload.length; at += piece) {
      const bytes = payload.subarray(at, at + piece);
      this.screen_?.write(bytes, (worked) => this.on_parsed(channel, window, bytes.length, arrived, worked));
    }
  }

  private on_parsed(channel: number, window: ReceiveWindow, bytes: number, arrived: number, worked?: number): void {
    const { channels } = this.connection_;
    const now = performance.now();
    this.undrawn_ -= bytes;
    this.pace_.on_drained(bytes, now - this.busy_since_);
    this.busy_since_ = now;
    if (worked !== undefined) this.work_.on_drained(bytes, worked);
    this.delivery_.on_drained(bytes, now - arrived, now);
    window.resize(channel === this.screen_channel_ ? Math.min(this.window(), opening_window) : this.window());
    const limit = window.on_consumed(bytes);
    if (limit !== undefined && channels.is_open(channel)) channels.send_credit(channel, limit);
  }

  /** Output that may be under way, bytes. */
  private window(): number {
    const round_trip = this.connection_.least_round_trip() ?? usual_round_trip;
    return this.delivery_.window(round_trip, Math.min(this.work_.window(), this.pace_.window()));
  }

  private pump(): void {
    const channel = this.channel_;
    if (channel === undefined) return;
    const before = this.keys_.sent();
    this.keys_.pump((offset, bytes) => this.connection_.channels.send_data(channel, offset, bytes));
    if (this.keys_.sent() !== before) this.probe();
  }

  /** What is asked now is answered after the keys before it were taken: one WebSocket keeps the order. */
  private probe(): void {
    if (!this.watcher_ || this.probes_ >= most_probes || this.channel_ === undefined) return;
    const sent = this.keys_.sent();
    const asked = performance.now();
    ++this.probes_;
    this.probed_ = sent;
    this.connection_
      .request('session/ping', {})
      .then(() => this.watcher_?.arrived(sent, performance.now() - asked))
      .catch(() => {}) // lost: the next attach asks again
      .finally(() => {
        --this.probes_;
        if (this.probed_ < this.keys_.sent()) this.probe(); // too many were under way
      });
  }
}

function size_of({ columns, rows }: TerminalInfo): TerminalSize {
  return { columns, rows };
}
