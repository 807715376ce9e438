// SPDX-License-Identifier: GPL-3.0-or-later
// A folder of the person's as one tar archive (POSIX ustar, GNU's long names) to be uploaded: a Blob made of the files
// themselves, so that nothing of them is in memory before the browser sends it.
import type { UploadItem } from './uploads';
import { t } from './translation';

const block = 512; // bytes; everything in a tar is a multiple of it
const longest_name = 100; // bytes in a header; a longer one has a record of its own
const largest_file = 8 ** 11 - 1; // bytes; what eleven octal digits hold
const read_at_once = 32; // files whose first bytes are looked at

/** What can be a script by its name. Only these are opened: a folder may have a hundred thousand files. */
const may_be_script = /(^|\/)([^./]+|[^/]+\.(sh|bash|zsh|fish|py|pl|rb|php|js|mjs|cjs|ts|awk|sed|tcl|lua|r))$/i;

/** The folder's own name where all files lie in one, and their paths below it. */
export function split_top_folder(items: UploadItem[]): { folder: string | undefined; items: UploadItem[] } {
  const folder = items[0]?.name.includes('/') ? items[0].name.split('/', 1)[0] : undefined;
  if (folder === undefined || !items.every(({ name }) => name.startsWith(`${folder}/`)))
    return { folder: undefined, items };
  return { folder, items: items.map(({ name, content }) => ({ name: name.slice(folder.length + 1), content })) };
}

export function total_size(items: UploadItem[]): number {
  return items.reduce((sum, { content }) => sum + content.size, 0);
}

/**
 * Browsers do not tell which files may be run, so those that begin with "#!" may be. Rejects when the person cancels
 * (AbortError) or a file can't be read any more.
 */
export async function folder_archive(items: UploadItem[], signal?: AbortSignal): Promise<Blob> {
  const scripts = await find_scripts(items, signal);
  const parts: BlobPart[] = [];
  for (const item of items) {
    const { name, content } = item;
    if (content.size > largest_file) throw new Error(t`${name} is too large to be uploaded.`);
    const bytes = new TextEncoder().encode(name);
    if (bytes.length > longest_name) {
      const record = new Uint8Array([...bytes, 0]);
      parts.push(header(new TextEncoder().encode('././@LongLink'), 'L', record.length, 0o644, 0));
      parts.push(record, padding(record.length));
    }
    const modified = content instanceof File ? Math.floor(content.lastModified / 1000) : 0;
    const mode = scripts.has(item) ? 0o755 : 0o644;
    parts.push(header(bytes.subarray(0, longest_name), '0', content.size, mode, modified));
    parts.push(content, padding(content.size));
  }
  parts.push(new Uint8Array(2 * block));
  return new Blob(parts, { type: 'application/x-tar' });
}

async function find_scripts(items: UploadItem[], signal: AbortSignal | undefined): Promise<Set<UploadItem>> {
  const scripts = new Set<UploadItem>();
  const candidates = items.filter(({ name, content }) => content.size > 2 && may_be_script.test(name));
  for (let at = 0; at < candidates.length; at += read_at_once) {
    signal?.throwIfAborted();
    const look = async (item: UploadItem) => {
      const [first, second] = new Uint8Array(await item.content.slice(0, 2).arrayBuffer());
      if (first === 0x23 && second === 0x21) scripts.add(item);
    };
    await Promise.all(candidates.slice(at, at + read_at_once).map(look));
  }
  return scripts;
}

function padding(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array((block - (size % block)) % block);
}

/** POSIX.1-1988 ustar header; `name` is at most 100 bytes. */
function header(
  name: Uint8Array,
  type: '0' | 'L',
  size: number,
  mode: number,
  modified: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(block);
  const text = (at: number, value: string) => bytes.set(new TextEncoder().encode(value), at);
  const octal = (at: number, length: number, value: number) =>
    text(at, `${value.toString(8).padStart(length - 1, '0')}\0`);
  bytes.set(name, 0);
  octal(100, 8, mode);
  octal(108, 8, 0); // owner and group: whoever unpacks it
  octal(116, 8, 0);
  octal(124, 12, size);
  octal(136, 12, Math.max(0, modified));
  text(148, ' '.repeat(8)); // the sum is made with spaces in its own place
  text(156, type);
  text(257, 'ustar\u000000');
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  text(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return bytes;
}
