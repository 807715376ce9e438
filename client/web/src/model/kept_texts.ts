// SPDX-License-Identifier: GPL-3.0-or-later
// Typed text that waits in this browser, for a page that can't reach the server: whoever typed it can read it and take it away.
import { TextOperation } from '../protocol/text_operation';
import type { UnsentRecord } from './unsent_store';

export interface KeptText {
  author: string;
  path: string;
  workspace: string;
  kept_at: number; // ms
  text: string;
}

export interface ReadsUnsent {
  everything(): Promise<UnsentRecord[]>;
  base(author: string): Promise<string | undefined>;
}

/** The text as it stood in the editor; undefined where what is kept does not fit together. */
export function text_of(record: UnsentRecord, base: string): string | undefined {
  let text: string | undefined = base;
  for (const runs of [record.base_change, record.in_flight?.operation, record.waiting]) {
    if (runs === undefined || text === undefined) continue;
    text = TextOperation.from_wire(runs)?.apply(text);
  }
  return text;
}

/** Of this account, the newest first. */
export async function kept_texts(account: string, store: ReadsUnsent): Promise<KeptText[]> {
  const own = (await store.everything()).filter(({ scope }) => scope.startsWith(`${account}.`));
  const texts: KeptText[] = [];
  for (const record of own) {
    const { author, path, kept_at } = record;
    const text = text_of(record, (await store.base(author)) ?? '');
    if (text !== undefined)
      texts.push({ author, path, kept_at, text, workspace: record.scope.slice(account.length + 1) });
  }
  return texts.sort((a, b) => b.kept_at - a.kept_at);
}
