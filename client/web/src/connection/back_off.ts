// SPDX-License-Identifier: GPL-3.0-or-later
// How long to wait before the next attempt to connect.

/** Doubles from 250 ms to 10 s; each wait is 50..100 % of that, so that many clients do not return at the same moment. */
export class BackOff {
  private attempts_ = 0;
  constructor(private readonly random_: () => number = Math.random) {}
  /** ms */
  next(): number {
    const full = Math.min(250 * 2 ** this.attempts_, 10_000);
    ++this.attempts_;
    return Math.round(full * (0.5 + this.random_() / 2));
  }
  reset(): void {
    this.attempts_ = 0;
  }
}
