// SPDX-License-Identifier: GPL-3.0-or-later
// A text that is changed often and read rarely: changes are composed (cost of the change) and applied when it is read
// (cost of the text), so a keystroke in a 64 MiB document costs what it costs in a short one.
import type { TextOperation } from '../protocol/text_operation';

const most_runs = 512; // past this, composing costs more than applying

export class LazyText {
  private since_: TextOperation | undefined;

  constructor(private base_: string) {}

  length(): number {
    return this.since_ ? this.since_.target_length() : this.base_.length;
  }

  /** False when the operation does not fit: the text is unchanged then. */
  apply(operation: TextOperation): boolean {
    const composed = this.since_ ? this.since_.compose(operation) : operation;
    if (!composed || operation.base_length() !== this.length()) return false;
    this.since_ = composed;
    if (composed.runs().length > most_runs) this.read();
    return true;
  }

  read(): string {
    if (this.since_) {
      // Lengths were checked on the way in; only a split surrogate pair could fail, and such an edit is never acknowledged.
      this.base_ = this.since_.apply(this.base_) ?? this.base_;
      this.since_ = undefined;
    }
    return this.base_;
  }
}
