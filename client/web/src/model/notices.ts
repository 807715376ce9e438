// SPDX-License-Identifier: GPL-3.0-or-later
// Short messages to the person: they go by themselves unless they need an answer.
import { Observable } from './observable';

export interface Notice {
  id: number;
  kind: 'info' | 'success' | 'problem';
  text: string;
  action: { label: string; run: () => void } | undefined;
}

export class Notices extends Observable {
  list: Notice[] = [];
  private next_ = 1;

  show(
    text: string,
    options: { kind?: Notice['kind']; action?: Notice['action']; milliseconds?: number } = {},
  ): number {
    const notice: Notice = { id: this.next_++, kind: options.kind ?? 'info', text, action: options.action };
    this.list = [...this.list.slice(-3), notice];
    this.changed();
    setTimeout(
      () => this.dismiss(notice.id),
      options.milliseconds ?? (notice.kind === 'problem' || notice.action ? 9000 : 4500),
    );
    return notice.id;
  }

  problem(text: string): void {
    if (this.list.some((notice) => notice.text === text)) return; // said already
    this.show(text, { kind: 'problem' });
  }

  readonly dismiss = (id: number): void => {
    const rest = this.list.filter((notice) => notice.id !== id);
    if (rest.length === this.list.length) return;
    this.list = rest;
    this.changed();
  };
}
