// SPDX-License-Identifier: GPL-3.0-or-later
// The field at the top: files by their names, with ">" commands, with ":" a line; or a list that something asks about.
import type { FileIndex } from './file_index';
import { Observable } from './observable';

export interface PickItem {
  label: string;
  /** Beside the label, fainter. */
  detail?: string;
  chosen?: boolean;
  /** Called when it comes under the cursor: what it would look like. */
  look?: () => void;
  run: () => void;
}
export interface PickList {
  /** What is asked, for the field. */
  label: string;
  items: PickItem[];
  /** Nothing was chosen. */
  leave?: () => void;
}

export class QuickPick extends Observable {
  open = false;
  /** What stands in the field as it opens. */
  begins_with = '';
  list: PickList | undefined;

  constructor(private readonly index_: FileIndex) {
    super();
  }

  files(): void {
    this.show('');
  }
  commands(): void {
    this.show('>');
  }
  line(): void {
    this.show(':');
  }
  ask(list: PickList): void {
    this.list = list;
    this.begins_with = '';
    this.open = true;
    this.changed();
  }
  /** `chosen`: something was; else whoever asked is told that nothing was. */
  close(chosen = false): void {
    const { list } = this;
    this.open = false;
    this.list = undefined;
    this.changed();
    if (!chosen) list?.leave?.();
  }

  private show(begins_with: string): void {
    this.list?.leave?.();
    this.list = undefined;
    this.begins_with = begins_with;
    this.open = true;
    this.changed();
    void this.index_.walk();
  }
}

/** ":12", ":12:5" and ":12,5" name a line and a column, from 1; undefined while there is no number. */
export function parse_line(typed: string): { line: number; column: number } | undefined {
  const found = /^:?\s*(\d{1,9})(?:\s*[:,]\s*(\d{1,9}))?\s*$/.exec(typed);
  if (!found) return undefined;
  return { line: Math.max(1, Number(found[1])), column: Math.max(1, Number(found[2] ?? 1)) };
}

/** "src/main.py:12:5" is a file and a place in it. */
export function parse_place(typed: string): { name: string; line?: number; column?: number } {
  const found = /^(.*?\S):(\d{1,9})(?::(\d{1,9}))?:?$/.exec(typed.trim());
  if (!found) return { name: typed };
  return { name: found[1] as string, line: Number(found[2]), ...(found[3] ? { column: Number(found[3]) } : {}) };
}
