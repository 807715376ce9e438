// SPDX-License-Identifier: GPL-3.0-or-later
// What can be shown of a file besides its text.
import type { EditorTab } from './editor_tabs';

export type Drawing = 'markdown' | 'table';

export function drawing_of(path: string): Drawing | undefined {
  if (/\.(md|markdown|mdown|mkd)$/i.test(path)) return 'markdown';
  if (/\.(csv|tsv|tab)$/i.test(path)) return 'table';
  return undefined;
}

export function has_preview(tab: EditorTab): boolean {
  return tab.state === 'text' && drawing_of(tab.path) !== undefined;
}
