// SPDX-License-Identifier: GPL-3.0-or-later
// What can be shown of a file besides its text.
import type { EditorTab } from './editor_tabs';

/** What the browser shows of a file whose bytes nobody wants to read. */
export type Medium = 'image' | 'audio' | 'video' | 'pdf';

const media: readonly (readonly [Medium, RegExp])[] = [
  ['image', /\.(png|jpe?g|gif|webp|avif|ico|bmp)$/i],
  ['audio', /\.(mp3|ogg|oga|opus|wav|flac|m4a|aac|weba)$/i],
  ['video', /\.(mp4|m4v|webm|ogv|mov|mkv)$/i],
  ['pdf', /\.pdf$/i],
];
export function medium_of(path: string): Medium | undefined {
  return media.find(([, names]) => names.test(path))?.[0];
}

export type Drawing = 'markdown' | 'table';

export function drawing_of(path: string): Drawing | undefined {
  if (/\.(md|markdown|mdown|mkd)$/i.test(path)) return 'markdown';
  if (/\.(csv|tsv|tab)$/i.test(path)) return 'table';
  return undefined;
}

export function has_preview(tab: EditorTab): boolean {
  return tab.state === 'text' && drawing_of(tab.path) !== undefined;
}
