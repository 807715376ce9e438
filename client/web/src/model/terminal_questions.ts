// SPDX-License-Identifier: GPL-3.0-or-later
// What a terminal asks the person: whether programs may put text into the clipboard (once a workspace, remembered), and
// whether many lines may be pasted into a program that would run each of them.
import { Observable } from './observable';

export type TerminalQuestion =
  { kind: 'clipboard'; text: string } | { kind: 'paste'; text: string; lines: number; paste: () => void };

export class TerminalQuestions extends Observable {
  current: TerminalQuestion | undefined;

  /** Under `key` this browser remembers the answer. */
  constructor(
    private readonly key_: string,
    private readonly storage_: Storage | undefined,
    private readonly copy_: (text: string) => void,
  ) {
    super();
  }

  /** undefined until the person has said. */
  clipboard_allowed(): boolean | undefined {
    try {
      const stored = this.storage_?.getItem(this.key_);
      return stored === 'allow' ? true : stored === 'deny' ? false : undefined;
    } catch {
      return undefined;
    }
  }

  /** A program wants `text` in the clipboard. */
  copy(text: string): void {
    const allowed = this.clipboard_allowed();
    if (allowed) this.copy_(text);
    else if (allowed === undefined) this.ask({ kind: 'clipboard', text });
  }

  /** The person's word on it, for this and every later text. */
  allow_clipboard(allowed: boolean): void {
    try {
      this.storage_?.setItem(this.key_, allowed ? 'allow' : 'deny');
    } catch {
      // Storage is off or full: asked again next time.
    }
    const { current } = this;
    if (current?.kind === 'clipboard') {
      if (allowed) this.copy_(current.text);
      this.current = undefined;
    }
    this.changed();
  }

  ask(question: TerminalQuestion): void {
    this.current = question;
    this.changed();
  }
  dismiss(): void {
    this.current = undefined;
    this.changed();
  }
}
