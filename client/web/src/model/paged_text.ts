// SPDX-License-Identifier: GPL-3.0-or-later
// A file that is too large to be a document, read a page at a time. A few neighbouring pages are kept, so memory is theirs
// whatever the file's size.
import { sentence_of } from '../connection/berth_error';
import type { DocumentPageParams, DocumentPageResult, Encoding } from '../protocol/messages';
import { Observable } from './observable';

const page_bytes = 128 << 10;
const most_pages = 8;
const margin = 400; // lines on either side of those shown, to scroll into while the next page comes
const most_columns = 5000; // of one row; the rest of a longer line is left out of the view

interface Page {
  offset: number;
  next: number;
  lines: string[];
}

export class PagedText extends Observable {
  size = 0;
  problem = '';
  /** Another etag came: what is shown may be of two states of the file. */
  changed_on_disk = false;
  private pages_: Page[] = [];
  private top_ = 0; // a line of `pages_`
  private rows_ = 1; // that the view has
  private encoding_: Encoding | undefined;
  private etag_ = '';
  private loading_ = false;
  private jumps_ = 0;

  constructor(
    readonly path: string,
    private readonly ask_: (params: DocumentPageParams) => Promise<DocumentPageResult>,
  ) {
    super();
  }

  /** The lines from the top on, at most `count`. */
  rows(count: number): string[] {
    const rows: string[] = [];
    let skip = this.top_;
    for (const page of this.pages_) {
      if (skip < page.lines.length) rows.push(...page.lines.slice(skip, skip + count - rows.length));
      skip = Math.max(0, skip - page.lines.length);
      if (rows.length >= count) break;
    }
    return rows.map((row) => (row.length > most_columns ? `${row.slice(0, most_columns)} …` : row));
  }

  /** Where the top is: 0 at the start of the file, 1 at its end. */
  position(): number {
    if (this.size === 0) return 0;
    let line = this.top_;
    for (const page of this.pages_) {
      if (line < page.lines.length)
        return (page.offset + (page.next - page.offset) * (line / page.lines.length)) / this.size;
      line -= page.lines.length;
    }
    return 1;
  }
  is_loading(): boolean {
    return this.loading_;
  }

  /** How many rows the view shows. */
  show(rows: number): void {
    if (rows === this.rows_) return;
    this.rows_ = Math.max(1, rows);
    this.scroll(0);
  }

  scroll(lines: number): void {
    const last = Math.max(0, this.line_count() - (this.reaches_end() ? this.rows_ : 1));
    this.top_ = Math.min(last, Math.max(0, this.top_ + lines));
    this.changed();
    void this.load_around();
  }

  /** Begins anew at a place of the file, 0 to 1. */
  async jump(position: number): Promise<void> {
    const jump = ++this.jumps_;
    const to_end = position >= 1;
    const at = Math.min(Math.max(0, this.size - (to_end ? page_bytes / 2 : 1)), Math.floor(position * this.size));
    const page = await this.read(Math.max(0, at));
    if (!page || jump !== this.jumps_) return;
    this.pages_ = [page];
    this.top_ = to_end ? page.lines.length : 0;
    this.scroll(0);
  }

  /** The file as it is now, at the same place. */
  async read_again(): Promise<void> {
    this.etag_ = '';
    this.encoding_ = undefined;
    this.changed_on_disk = false;
    await this.jump(this.position());
  }

  private line_count(): number {
    return this.pages_.reduce((sum, page) => sum + page.lines.length, 0);
  }
  private reaches_end(): boolean {
    const last = this.pages_.at(-1);
    return last !== undefined && last.next >= this.size;
  }

  /** Reads on while the lines around those shown are too few. */
  private async load_around(): Promise<void> {
    if (this.loading_) return;
    this.loading_ = true;
    while (await this.load_one());
    this.loading_ = false;
    this.changed();
  }

  /** False when nothing is missing, or it did not come. */
  private async load_one(): Promise<boolean> {
    const first = this.pages_[0];
    const last = this.pages_.at(-1);
    if (!first || !last) return false;
    const jump = this.jumps_;
    if (!this.reaches_end() && this.line_count() - this.top_ < this.rows_ + margin) {
      const page = await this.read(last.next);
      if (!page || page.next <= last.next) return false;
      if (jump !== this.jumps_) return true;
      this.pages_.push(page);
      if (this.pages_.length > most_pages) this.top_ -= this.pages_.shift()?.lines.length ?? 0;
      this.changed();
      return true;
    }
    if (first.offset > 0 && this.top_ < margin) {
      const page = await this.read_before(first.offset);
      if (!page) return false;
      if (jump !== this.jumps_) return true;
      this.pages_.unshift(page);
      this.top_ += page.lines.length;
      if (this.pages_.length > most_pages) this.pages_.pop();
      this.changed();
      return true;
    }
    return false;
  }

  /** What ends at `end`, from the start of a line as far as that is near. */
  private async read_before(end: number): Promise<Page | undefined> {
    const begin = await this.read(Math.max(0, end - page_bytes / 2), 1024);
    if (!begin || begin.offset >= end) return undefined;
    const page = await this.read(begin.offset, end - begin.offset);
    // A page that ends before had a line end in it only where the line after it is cut by `end`.
    if (!page || page.next === end) return page;
    const rest = await this.read(page.next, end - page.next);
    return rest && { offset: page.offset, next: end, lines: [...page.lines, ...rest.lines] };
  }

  private async read(offset: number, length = page_bytes): Promise<Page | undefined> {
    try {
      const encoding = this.encoding_ && { encoding: this.encoding_ };
      const answer = await this.ask_({ path: this.path, offset, length, ...encoding });
      this.problem = '';
      this.size = answer.size;
      this.encoding_ ??= answer.encoding;
      if (this.etag_ !== '' && answer.etag !== this.etag_) this.changed_on_disk = true;
      this.etag_ = answer.etag;
      const lines = answer.text.split('\n');
      if (lines.length > 1 && lines.at(-1) === '') lines.pop();
      return { offset: answer.offset, next: answer.next, lines };
    } catch (error) {
      this.problem = sentence_of(error);
      this.changed();
      return undefined;
    }
  }
}
