// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';
import type { DocumentPageParams, DocumentPageResult } from '../protocol/messages';
import { PagedText } from './paged_text';

/** A runner that pages an ASCII text by the rules of document/page. */
class FakeFile {
  etag = '1';
  asked = 0;
  fails = false;
  constructor(public text: string) {}

  read = (params: DocumentPageParams): Promise<DocumentPageResult> => {
    ++this.asked;
    if (this.fails) return Promise.reject(new Error('You are offline.'));
    const length = params.length ?? 256 << 10;
    const asked = Math.min(params.offset, this.text.length);
    const line = this.text.lastIndexOf('\n', asked - 1) + 1;
    const offset = asked === 0 || asked - line <= length / 2 ? (asked === 0 ? 0 : line) : asked;
    let next = Math.min(offset + length, this.text.length);
    if (next < this.text.length) {
      const end = this.text.lastIndexOf('\n', next - 1) + 1;
      if (end > offset) next = end;
    }
    return Promise.resolve({
      text: this.text.slice(offset, next),
      offset,
      next,
      size: this.text.length,
      encoding: 'utf8',
      etag: this.etag,
    });
  };
}

const settled = async (text: PagedText) => {
  do await new Promise((resolve) => setTimeout(resolve));
  while (text.is_loading());
};
const lines = (count: number) => Array.from({ length: count }, (_, at) => `line ${at} ${'x'.repeat(at % 90)}`);

async function opened(content: string): Promise<{ file: FakeFile; text: PagedText }> {
  const file = new FakeFile(content);
  const text = new PagedText('big.log', file.read);
  text.show(40);
  await text.jump(0);
  await settled(text);
  return { file, text };
}

describe('PagedText', () => {
  it('shows every line when scrolled from the start to the end and back', async () => {
    const all = lines(25_000);
    const { text } = await opened(`${all.join('\n')}\n`);
    let at = 0;
    for (; at + 250 < all.length; at += 250) {
      expect(text.rows(250)).toEqual(all.slice(at, at + 250));
      text.scroll(250);
      await settled(text);
    }
    await text.jump(1);
    await settled(text);
    for (let end = all.length; end > 250; end -= 250) {
      expect(text.rows(40)).toEqual(all.slice(end - 40, end));
      text.scroll(-250);
      await settled(text);
    }
    text.scroll(-300);
    expect(text.rows(2)).toEqual(all.slice(0, 2));
  });

  it('keeps a few pages only', async () => {
    const { text } = await opened(`${lines(100_000).join('\n')}\n`);
    for (let step = 0; step < 200; ++step) {
      text.scroll(400);
      await settled(text);
    }
    const kept = (text as unknown as { pages_: { offset: number; next: number }[] }).pages_;
    expect(kept.length).toBeLessThanOrEqual(8);
    expect(text.position()).toBeGreaterThan(0.7);
  });

  it('jumps to a place and knows where it is', async () => {
    const { text } = await opened(`${lines(100_000).join('\n')}\n`);
    await text.jump(0.5);
    await settled(text);
    expect(text.position()).toBeCloseTo(0.5, 2);
    expect(text.rows(1)[0]).toMatch(/^line \d+/);
  });

  it('reads lines that are longer than a page', async () => {
    const long = 'a'.repeat(300_000);
    const { text } = await opened(`${long}\nlast`);
    expect(text.rows(40).at(-1)).toBe('last');
  });

  it('says that the file changes, and what failed', async () => {
    const { file, text } = await opened(`${lines(60_000).join('\n')}\n`);
    file.etag = '2';
    await text.jump(0.9);
    expect(text.changed_on_disk).toBe(true);
    await text.read_again();
    expect(text.changed_on_disk).toBe(false);
    file.fails = true;
    await text.jump(0.1);
    expect(text.problem).toBe('You are offline.');
    file.fails = false;
    await text.jump(0.1);
    expect(text.problem).toBe('');
  });
});
