// SPDX-License-Identifier: GPL-3.0-or-later
// Byte credits of one direction of a channel, the twin of protocol/flow_window.hpp, and the size of a terminal's window.

/** What a sender may still send. */
export class SendWindow {
  private sent_: number;
  private limit_: number;
  constructor(sent = 0, limit = 0) {
    this.sent_ = sent;
    this.limit_ = limit;
  }
  available(): number {
    return Math.max(0, this.limit_ - this.sent_);
  }
  sent(): number {
    return this.sent_;
  }
  limit(): number {
    return this.limit_;
  }
  on_sent(bytes: number): void {
    this.sent_ += bytes;
  }
  /** A grant never takes back: lower limits are ignored. */
  on_credit(limit: number): void {
    this.limit_ = Math.max(this.limit_, limit);
  }
}

/** What a receiver has promised to take. */
export class ReceiveWindow {
  private window_: number;
  private received_: number;
  private consumed_: number;
  private granted_: number;
  constructor(window: number, start = 0) {
    this.window_ = window;
    this.received_ = start;
    this.consumed_ = start;
    this.granted_ = start + window;
  }
  /** False when the peer sent past its credit or out of order: the channel must be aborted. */
  on_data(offset: number, bytes: number): boolean {
    if (offset !== this.received_ || offset + bytes > this.granted_) return false;
    this.received_ += bytes;
    return true;
  }
  /** Call when `bytes` were consumed; returns a new limit to grant once half a window is free. */
  on_consumed(bytes: number): number | undefined {
    this.consumed_ += bytes;
    const limit = this.consumed_ + this.window_;
    if (limit < this.granted_ + Math.max(Math.floor(this.window_ / 2), 1)) return undefined;
    this.granted_ = limit;
    return limit;
  }
  /** Changes the window (adaptive drains); takes effect with the next grants, never revokes one. */
  resize(window: number): void {
    this.window_ = Math.max(window, 1);
  }
  received(): number {
    return this.received_;
  }
  limit(): number {
    return this.granted_;
  }
}

/**
 * The window that holds about so many ms of what the view drains: large enough to keep a fast view busy, small enough that
 * what Ctrl-C answers is never queued behind a flood.
 */
export class DrainRate {
  static readonly smallest = 16 << 10;
  static readonly largest = 1 << 20;
  /** ms of work; painting is none, as it happens once a frame however much was parsed. */
  static readonly target = 10;
  /** ms of time, painting and all: a view that is slow to paint gets less. */
  static readonly pace = 20;
  private rate_ = 0; // bytes/ms, moving average
  private bytes_ = 0;
  private milliseconds_ = 0;

  constructor(private readonly target_: number = DrainRate.target) {}

  /** `bytes` were parsed in `milliseconds`, without a pause; small samples are gathered first. */
  on_drained(bytes: number, milliseconds: number): void {
    this.bytes_ += bytes;
    this.milliseconds_ += milliseconds;
    if (this.bytes_ < 4096) return;
    const rate = this.bytes_ / Math.max(this.milliseconds_, 0.1);
    this.rate_ = this.rate_ === 0 ? rate : this.rate_ * 0.7 + rate * 0.3;
    this.bytes_ = 0;
    this.milliseconds_ = 0;
  }
  /** Bytes, 16 KiB..1 MiB. */
  window(): number {
    const bytes = Math.round(this.rate_ * this.target_);
    return Math.min(DrainRate.largest, Math.max(DrainRate.smallest, bytes));
  }
}

/**
 * The window that keeps the road full and little output waiting on it: where the network is slower than the view, DrainRate
 * alone would let a flood queue there. As in BBR (Cardwell et al., ACM Queue 14-5, 2016): the highest rate of delivery seen
 * lately, times the time that a window's worth of bytes takes when nothing queues.
 */
export class DeliveryRate {
  private static readonly sample = 50; // ms
  private static readonly remembered = 8; // samples
  private static readonly gain = 1.25; // so that a faster road is noticed
  private static readonly first_gain = 2.5; // until the rate has stopped to grow
  private static readonly patience = 3; // samples in which it did not
  private static readonly first = 64 << 10; // bytes, before anything was measured
  private static readonly most_delay = 100; // ms that busy ends may add to the measured round trip
  private rates_: number[] = []; // bytes/ms
  private bytes_ = 0;
  private began_ = 0;
  private last_ = 0;
  private drawing_ = 0; // ms from arrival to the screen, moving average
  private loop_ = 0; // ms in which a window's worth of bytes came, moving average; 0: unknown
  private least_loop_ = Infinity;
  private window_ = DeliveryRate.first;
  private best_ = 0; // rate
  private steady_ = 0; // samples since it grew by a quarter

  /** `bytes` that arrived `waited` ms ago are on the screen at `now`, ms. */
  on_drained(bytes: number, waited: number, now: number): void {
    this.drawing_ = this.drawing_ * 0.9 + waited * 0.1;
    if (now - this.last_ > DeliveryRate.sample * 4) {
      this.began_ = now; // a pause: nothing is known about the road
      this.bytes_ = 0;
    } else {
      this.bytes_ += bytes;
    }
    this.last_ = now;
    const elapsed = now - this.began_;
    if (elapsed < DeliveryRate.sample) return;
    const rate = this.bytes_ / elapsed;
    this.rates_ = [...this.rates_.slice(1 - DeliveryRate.remembered), rate];
    this.began_ = now;
    this.bytes_ = 0;
    if (rate > this.best_ * 1.25) {
      this.best_ = rate;
      this.steady_ = 0;
    } else {
      ++this.steady_;
    }
    const loop = this.window_ / rate;
    this.loop_ = this.loop_ === 0 ? loop : this.loop_ * 0.8 + loop * 0.2;
    this.least_loop_ = Math.min(this.least_loop_, this.loop_);
  }

  /** Bytes, at most `limit`; `round_trip` in ms is the least that was measured without a flood. */
  window(round_trip: number, limit: number): number {
    if (this.rates_.length === 0) return Math.min(limit, DeliveryRate.first);
    const quick = round_trip + this.drawing_;
    const loop = Math.min(Math.max(this.least_loop_, quick), quick + DeliveryRate.most_delay) + DrainRate.target;
    const gain = this.steady_ < DeliveryRate.patience ? DeliveryRate.first_gain : DeliveryRate.gain;
    const bytes = Math.round(gain * Math.max(...this.rates_) * loop);
    this.window_ = Math.min(limit, Math.max(DrainRate.smallest, bytes));
    return this.window_;
  }
}
