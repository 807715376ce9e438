// SPDX-License-Identifier: GPL-3.0-or-later
// An operation's id names one operation for ever, also where this browser kept less than was sent.
import { describe, expect, test, vi } from 'vitest';
import { TextOperation } from '../protocol/text_operation';
import { insert, journal, keep_time, page, store, use_unsent_stage } from '../testing/unsent_stage';

use_unsent_stage();

const author_of = (params: Record<string, unknown> | undefined) => String(params?.['operation_id']).split('-')[0];

describe('what an earlier page kept', () => {
  test('goes again as it was sent; what waited goes under another name', async () => {
    const before = await page();
    insert(before.document, 3, 'd');
    await before.runner.settle();
    const sent = before.runner.waiting('document/edit')[0]?.params;
    insert(before.document, 4, 'e');
    await keep_time();
    before.die();
    const after = await page();
    await after.runner.settle();
    expect(after.runner.waiting('document/edit')[0]?.params).toEqual(sent);
    await journal.answer_edit(after.runner);
    await after.runner.settle();
    const next = after.runner.waiting('document/edit')[0]?.params;
    expect(next?.['operation']).toEqual([4, 'e']);
    expect(author_of(next)).not.toBe(author_of(sent));
    // Of the two names one record is left: a page that dies now sends neither twice.
    expect([...store.records.keys()]).toEqual([author_of(next)]);
    expect([...store.bases.keys()]).toEqual([author_of(next)]);
    await journal.serve(after.runner);
    expect(journal.text).toBe('abcde');
    expect(store.records.size).toBe(0);
  });

  /** The store hangs before it hears of what goes out last, and the page dies. */
  async function page_with_stale_record() {
    const before = await page();
    insert(before.document, 3, ' one');
    await before.runner.settle();
    insert(before.document, 7, ' two');
    await keep_time();
    store.held = true;
    await journal.answer_edit(before.runner);
    await vi.advanceTimersByTimeAsync(2100);
    await journal.answer_edit(before.runner);
    expect(journal.text).toBe('abc one two');
    before.die();
    store.lose();
  }

  test('and is older than what it sent: nothing loops, and what may be there already is asked about', async () => {
    await page_with_stale_record();
    await vi.advanceTimersByTimeAsync(5000);
    const { document, runner } = await page();
    const asked = vi.spyOn(journal, 'opened');
    await journal.serve(runner);
    expect(asked.mock.calls.length).toBeLessThan(2);
    expect(document.save_state()).toBe('conflict');
    document.choose('theirs');
    await journal.serve(runner);
    expect(document.text()).toBe('abc one two');
    expect(journal.text).toBe('abc one two');
    expect(document.has_pending()).toBe(false);
  });

  test('and is over for the runner, as later ones were sent: the person is asked', async () => {
    const { document, runner } = await page();
    insert(document, 3, 'd');
    await runner.settle();
    const last = await runner.refuse('document/edit', 'conflict', 'A later edit of this author was applied.');
    expect(document.conflict?.reason).toMatch(/before the page was loaded again/);
    expect(document.text()).toBe('abcd');
    await journal.serve(runner);
    expect(journal.text).toBe('abc'); // nothing goes before the answer
    document.choose('mine');
    await runner.settle();
    const next = runner.waiting('document/edit')[0]?.params;
    expect(author_of(next)).not.toBe(author_of(last.params));
    await journal.serve(runner);
    expect(journal.text).toBe('abcd');
  });
});

describe('an id that the runner knows for another operation', () => {
  test('is given up with its author: the edit goes under a fresh one, once', async () => {
    const { document, runner } = await page();
    insert(document, 3, 'd');
    await runner.settle();
    await runner.notify('document/changed', { document: 'd1', version: 2, operation: ['>', 3], origin: 's7' });
    const first = await runner.reply('document/edit', { version: 2 });
    expect(runner.waiting('document/open')).toEqual([]);
    const again = await runner.reply('document/edit', { version: 3 });
    expect(again.params).toMatchObject({ base_version: 2, operation: [4, 'd'] });
    expect(author_of(again.params)).not.toBe(author_of(first.params));
    expect(document.text()).toBe('>abcd');
    expect(document.has_pending()).toBe(false);
    expect(document.version()).toBe(3);
  });

  test('is known by its version when the whole text comes', async () => {
    const { document, runner } = await page();
    insert(document, 3, 'd');
    await runner.settle();
    const first = runner.waiting('document/edit')[0]?.params;
    await runner.notify('document/changed', { document: 'd1', version: 2, operation: ['>', 3], origin: 's7' });
    await runner.notify('document/changed', { document: 'd1', version: 9, operation: [4], origin: 's7' }); // one was missed
    await runner.refuse('document/edit', 'timeout');
    const opened = { ...journal.opened(), version: 9, text: '>abc', operation_version: 2 };
    await runner.reply('document/open', opened);
    const again = await runner.reply('document/edit', { version: 10 });
    expect(again.params).toMatchObject({ base_version: 9, operation: [4, 'd'] });
    expect(author_of(again.params)).not.toBe(author_of(first));
    expect(document.text()).toBe('>abcd');
  });
});

describe('a record that can’t be written', () => {
  test('is removed, and the person is told once', async () => {
    const { document, documents, runner } = await page();
    await runner.drop();
    insert(document, 3, 'd');
    await keep_time();
    expect(store.records.size).toBe(1);
    expect(documents.unkept_news()).toBe(false);
    store.full = true;
    insert(document, 4, 'e');
    await keep_time();
    expect(store.records.size).toBe(0);
    expect(store.bases.size).toBe(0);
    expect(documents.unkept_news()).toBe(true);
    documents.unkept_told();
    insert(document, 5, 'f');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(documents.unkept_news()).toBe(false);
    expect(documents.any_at_risk()).toBe(true);
  });

  test('is tried again, with the text below it', async () => {
    const { document, documents, runner, die } = await page();
    await runner.drop();
    store.full = true;
    insert(document, 3, 'd');
    await keep_time();
    expect(documents.unkept_news()).toBe(true);
    store.full = false;
    await vi.advanceTimersByTimeAsync(5100);
    expect(documents.unkept_news()).toBe(false); // it is kept now
    expect(documents.keeps_nothing()).toBe(false);
    expect([...store.bases.values()]).toEqual(['abc']);
    die();
    const after = await page();
    expect(after.document.text()).toBe('abcd');
  });
});

test('what others do meanwhile is remembered up to a bound, then the text below is written anew', async () => {
  const { document, runner, die } = await page();
  insert(document, 3, 'd');
  await keep_time();
  for (let count = 0; count < 40; ++count) {
    const operation = journal.accept(new TextOperation().insert('x'.repeat(3000)).retain(journal.text.length), 's7');
    await runner.notify('document/changed', {
      document: 'd1',
      version: operation,
      operation: ['x'.repeat(3000), journal.text.length - 3000],
      origin: 's7',
    });
    await keep_time();
  }
  expect(store.base_puts).toBeGreaterThan(1);
  expect(store.base_puts).toBeLessThan(5);
  const kept =
    document
      .base_change()
      ?.runs()
      .reduce<number>((sum, run) => sum + String(run).length, 0) ?? 0;
  expect(kept).toBeLessThan(100_000);
  die();
  const after = await page();
  expect(after.document.text()).toBe(`${'x'.repeat(120_000)}abcd`);
});
