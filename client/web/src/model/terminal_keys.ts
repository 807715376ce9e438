// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of one terminal on their way to it: sent as the runner's credit allows, kept until it has been heard to take them,
// sent again after a drop from the byte the runner names. Numbered by their place in the stream.
import { SendWindow } from '../protocol/flow_window';

const largest_frame = 16 << 10; // bytes of a paste a frame
const largest_queue = 4 << 20; // bytes typed or pasted and not yet taken

export class TerminalKeys {
  private send_ = new SendWindow();
  // Bytes from `kept_from_` on that the runner has not been heard to take; `send_.sent()` is inside.
  private kept_ = new Uint8Array(0);
  private kept_from_ = 0;
  private window_ = 0; // the runner's; what an attach tells may be less by what it took and has not granted anew

  /** The number behind the last key. */
  end(): number {
    return this.kept_from_ + this.kept_.length;
  }
  /** The number behind the last key that was sent. */
  sent(): number {
    return this.send_.sent();
  }

  /** False when too much is waiting already: the rest of a huge paste is refused rather than half-kept. */
  add(bytes: Uint8Array): boolean {
    if (this.kept_.length + bytes.length > largest_queue) return false;
    const joined = new Uint8Array(this.kept_.length + bytes.length);
    joined.set(this.kept_);
    joined.set(bytes, this.kept_.length);
    this.kept_ = joined;
    return true;
  }

  /** Hands what may be sent to `send`, in order. */
  pump(send: (offset: number, bytes: Uint8Array) => void): void {
    for (;;) {
      const start = this.send_.sent() - this.kept_from_;
      const bytes = Math.min(this.kept_.length - start, this.send_.available(), largest_frame);
      if (bytes <= 0) return;
      send(this.send_.sent(), this.kept_.subarray(start, start + bytes));
      this.send_.on_sent(bytes);
    }
  }

  /** The runner takes keys below `limit`: all but its window's worth have reached the PTY. */
  on_credit(limit: number): void {
    this.send_.on_credit(limit);
    this.forget_below(Math.min(limit - this.window_, this.send_.sent()));
  }

  /** Attached: the runner wants the keys from `expected` on. False when it counts anew, so that older numbers mean nothing. */
  resume(expected: number, limit: number): boolean {
    this.window_ = Math.max(this.window_, limit - expected);
    const same = expected >= this.kept_from_ && expected <= this.end();
    if (same) this.forget_below(expected);
    else this.kept_from_ = expected; // another session's counting: whatever waits starts here
    this.send_ = new SendWindow(expected, limit);
    return same;
  }

  /** A new session: nobody knows which of the sent keys arrived, so none is sent twice. */
  forget_sent(): void {
    this.forget_below(this.send_.sent());
  }

  private forget_below(offset: number): void {
    const taken = Math.min(Math.max(0, offset - this.kept_from_), this.kept_.length);
    if (taken === 0) return;
    this.kept_ = this.kept_.slice(taken);
    this.kept_from_ += taken;
  }
}
