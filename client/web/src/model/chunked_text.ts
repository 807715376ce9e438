// SPDX-License-Identifier: GPL-3.0-or-later
// A text in pieces: a key in a 64 MiB document costs some thousand additions, not a copy of the document, and what an
// edit removed is known at once. Positions in UTF-16 code units; nothing here minds surrogate pairs.
import { TextOperation } from '../protocol/text_operation';

const piece = 1 << 14; // units of a fresh piece

export class ChunkedText {
  private chunks_: string[];
  private length_: number;
  private whole_: string | undefined; // since the last change

  constructor(text: string) {
    this.chunks_ = cut(text);
    this.whole_ = text;
    this.length_ = text.length;
  }

  length(): number {
    return this.length_;
  }

  read(): string {
    if (this.whole_ === undefined) {
      this.whole_ = this.chunks_.join('');
      this.chunks_ = cut(this.whole_); // parts of one string again, not of all that were before
    }
    return this.whole_;
  }

  slice(begin: number, end: number): string {
    const parts: string[] = [];
    let at = 0;
    for (const chunk of this.chunks_) {
      if (at >= end) break;
      if (at + chunk.length > begin) parts.push(chunk.slice(Math.max(0, begin - at), end - at));
      at += chunk.length;
    }
    return parts.join('');
  }

  /** Changes the text; returns the operation that takes it back. Undefined, and no change, when the lengths differ. */
  apply(operation: TextOperation): TextOperation | undefined {
    if (operation.base_length() !== this.length_) return undefined;
    const inverse = new TextOperation();
    const walk = new ChunkWalk(this.chunks_);
    for (const run of operation.runs()) {
      if (typeof run === 'string') {
        walk.insert(run);
        inverse.remove(run.length);
      } else if (run > 0) {
        walk.keep(run);
        inverse.retain(run);
      } else {
        inverse.insert(walk.remove(-run));
      }
    }
    this.chunks_ = walk.rest();
    this.whole_ = undefined;
    this.length_ = operation.target_length();
    return inverse;
  }
}

/** The pieces of a text from left to right, changed on the way: whole pieces that are kept are not looked into. */
class ChunkWalk {
  private readonly done_: string[] = [];
  private index_ = 0;
  private used_ = 0; // units of the piece at index_

  constructor(private readonly chunks_: readonly string[]) {}

  keep(units: number): void {
    this.pass(units, (part) => this.put(part));
  }
  remove(units: number): string {
    const parts: string[] = [];
    this.pass(units, (part) => parts.push(part));
    return parts.join('');
  }
  insert(text: string): void {
    for (const part of cut(text)) this.put(part);
  }
  rest(): string[] {
    this.keep(Infinity);
    return this.done_;
  }

  private pass(units: number, take: (part: string) => void): void {
    while (units > 0 && this.index_ < this.chunks_.length) {
      const chunk = this.chunks_[this.index_] as string;
      const end = Math.min(chunk.length, this.used_ + units);
      units -= end - this.used_;
      take(this.used_ === 0 && end === chunk.length ? chunk : chunk.slice(this.used_, end));
      this.used_ = end === chunk.length ? 0 : end;
      if (this.used_ === 0) ++this.index_;
    }
  }

  /** Small neighbours become one, so that many small edits don't leave many small pieces. */
  private put(part: string): void {
    const last = this.done_.at(-1);
    if (last !== undefined && last.length + part.length <= piece) this.done_[this.done_.length - 1] = last + part;
    else if (part !== '') this.done_.push(part);
  }
}

function cut(text: string): string[] {
  const chunks: string[] = [];
  for (let at = 0; at < text.length; at += piece) chunks.push(text.slice(at, at + piece));
  return chunks;
}
