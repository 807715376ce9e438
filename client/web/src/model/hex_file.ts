// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of any file, sixteen a row, read a page at a time: memory is that of the pages around what is looked at.
import { BerthError, has_code, sentence_of } from '../connection/berth_error';
import type { WorkspaceConnection } from '../connection/workspace_connection';
import { ReceiveWindow } from '../protocol/flow_window';
import { Observable } from './observable';
import { message, t } from './translation';

export const row_bytes = 16;
const page_bytes = 32 << 10;
const credit = page_bytes + 1; // the end is told only while something may be sent
const most_pages = 16;
const changed_words = message('The file has changed while you read it.');

export interface HexRow {
  offset: number;
  /** Undefined while its page is on the way. */
  bytes: Uint8Array | undefined;
}

export class HexFile extends Observable {
  /** Undefined until the first page came. */
  size: number | undefined;
  problem = '';
  top = 0; // row
  private readonly pages_ = new Map<number, Uint8Array>(); // by their number, least recently used first
  private readonly asked_ = new Set<number>();
  private etag_ = '';

  constructor(
    readonly path: string,
    private readonly connection_: WorkspaceConnection,
  ) {
    super();
    void this.fetch(0);
  }

  row_count(): number {
    return Math.ceil((this.size ?? 0) / row_bytes);
  }

  /** The rows from the top on; asks for pages that are not here. */
  rows(count: number): HexRow[] {
    const rows: HexRow[] = [];
    for (let row = this.top; row < Math.min(this.row_count(), this.top + count); ++row) {
      const offset = row * row_bytes;
      const number = Math.floor(offset / page_bytes);
      const page = this.pages_.get(number);
      const start = offset - number * page_bytes;
      rows.push({ offset, bytes: page?.subarray(start, start + row_bytes) });
    }
    return rows;
  }

  /** What these rows need is fetched. */
  look_at(count: number): void {
    const first = Math.floor((this.top * row_bytes) / page_bytes);
    const last = Math.floor(((this.top + count) * row_bytes) / page_bytes);
    for (let number = first; number <= last; ++number)
      if (number * page_bytes < (this.size ?? 0)) void this.fetch(number);
  }

  /** `rows` that the view shows stay full at the end. */
  scroll_to(row: number, rows: number): void {
    const top = Math.max(0, Math.min(Math.trunc(row), this.row_count() - rows));
    if (top === this.top) return;
    this.top = top;
    this.look_at(rows);
    this.changed();
  }

  /** Asks whether the file is still the one whose bytes are here; says so if it is not. */
  async check(): Promise<void> {
    if (this.etag_ === '' || this.problem !== '') return;
    try {
      const { etag } = await this.connection_.request('file/stat', { path: this.path });
      if (etag === this.etag_ || this.etag_ === '') return;
      this.problem = t(changed_words);
    } catch (error) {
      if (!has_code(error, 'not_found')) return; // without a connection nothing is known
      this.problem = t('The file is not there any more.');
    }
    this.changed();
  }

  /** From the disk anew. */
  read_again(): void {
    this.pages_.clear();
    this.asked_.clear();
    this.problem = '';
    this.etag_ = '';
    this.top = 0;
    void this.fetch(0);
    this.changed();
  }

  private async fetch(number: number): Promise<void> {
    if (this.pages_.has(number) || this.asked_.has(number)) return;
    this.asked_.add(number);
    try {
      const { bytes, size, etag } = await this.read(number * page_bytes);
      if (this.etag_ !== '' && etag !== this.etag_) {
        // Pages of two states of the file side by side would lie.
        this.pages_.clear();
        this.problem = t(changed_words);
      }
      this.etag_ = etag;
      this.size = size;
      this.pages_.set(number, bytes);
      for (const old of this.pages_.keys()) {
        if (this.pages_.size <= most_pages) break;
        this.pages_.delete(old);
      }
    } catch (error) {
      this.problem = sentence_of(error);
    }
    this.asked_.delete(number);
    this.changed();
  }

  private async read(offset: number): Promise<{ bytes: Uint8Array; size: number; etag: string }> {
    const { channels } = this.connection_;
    const asked = { path: this.path, credit, offset, length: page_bytes };
    const { channel, size, etag } = await this.connection_.request('file/read', asked);
    const window = new ReceiveWindow(credit);
    const bytes = await new Promise<Uint8Array>((resolve, reject) => {
      const parts: Uint8Array[] = [];
      channels.open(channel, {
        on_data: (at, payload) => {
          if (!window.on_data(at, payload.length)) {
            channels.send_abort(channel);
            reject(new BerthError('internal', t('The file did not arrive whole. Try again.')));
            return;
          }
          parts.push(payload.slice());
        },
        on_end: () => {
          channels.close(channel);
          resolve(joined(parts));
        },
        on_abort: () => reject(new BerthError('unavailable', t('The connection was lost while the file was read.'))),
      });
    });
    return { bytes, size, etag };
  }
}

function joined(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** "48 65 6c …", padded to a row, with a gap in the middle. */
export function hex_text(bytes: Uint8Array): string {
  const pairs = Array.from({ length: row_bytes }, (_, at) => {
    const byte = bytes[at];
    return byte === undefined ? '  ' : byte.toString(16).padStart(2, '0');
  });
  return `${pairs.slice(0, 8).join(' ')}  ${pairs.slice(8).join(' ')}`;
}

/** Printable ASCII as it is, a dot for the rest. */
export function ascii_text(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
}
