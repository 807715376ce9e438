// SPDX-License-Identifier: GPL-3.0-or-later
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DocumentOpenResult } from '../protocol/messages';
import { TextOperation, type Run } from '../protocol/text_operation';
import { FakeRunner } from '../testing/fake_runner';
import { MemoryStorage } from '../testing/memory_storage';
import { random_of } from '../testing/random_text';
import type { Document } from './document';
import { Documents } from './documents';
import { longest_kept, UnsentTexts } from './unsent_texts';

/** What the runner has of the one file: it applies an operation once, whoever sends it again. */
class Journal {
  text = 'abc';
  version = 1;
  document = 'd1';
  readonly known = new Map<string, number>();

  opened(): DocumentOpenResult {
    return {
      document: this.document,
      path: 'project/main.py',
      version: this.version,
      text: this.text,
      length: this.text.length,
      encoding: 'utf8',
      line_ending: 'lf',
      read_only: false,
      disk_version: this.version,
      etag: 'e',
    };
  }
  change(operation: TextOperation): void {
    this.text = operation.apply(this.text) as string;
    ++this.version;
  }
  async answer_edit(runner: FakeRunner): Promise<void> {
    const params = runner.waiting('document/edit')[0]?.params as {
      document: string;
      base_version: number;
      operation_id: string;
      operation: Run[];
    };
    const version = this.known.get(params.operation_id);
    if (version !== undefined) return void (await runner.reply('document/edit', { version }));
    if (params.document !== this.document) return void (await runner.refuse('document/edit', 'not_found'));
    if (params.base_version !== this.version) return void (await runner.refuse('document/edit', 'stale_base'));
    this.change(TextOperation.from_wire(params.operation) as TextOperation);
    this.known.set(params.operation_id, this.version);
    await runner.reply('document/edit', { version: this.version });
  }
  /** Answers until nothing is asked. */
  async serve(runner: FakeRunner): Promise<void> {
    for (;;) {
      await runner.settle();
      if (runner.waiting('document/edit').length > 0) await this.answer_edit(runner);
      else if (runner.waiting('document/open').length > 0) await runner.reply('document/open', this.opened());
      else return;
    }
  }
}

let storage: MemoryStorage;
let journal: Journal;
let runners: FakeRunner[];

beforeEach(() => {
  vi.useFakeTimers();
  storage = new MemoryStorage();
  journal = new Journal();
  runners = [];
});
afterEach(() => {
  for (const runner of runners) runner.connection.close();
  vi.useRealTimers();
});

/** A page that has the file open; a second one stands for the same tab after a reload. */
async function page(scope = 'ada.abcdefghij') {
  const runner = new FakeRunner();
  runners.push(runner);
  const documents = new Documents(runner.connection, new UnsentTexts(scope, storage));
  runner.connection.start();
  await runner.accept({ session: `s${runners.length}` });
  const opening = documents.open('project/main.py');
  await runner.settle();
  await runner.reply('document/open', journal.opened());
  const document = await opening;
  return { runner, documents, document };
}

function insert(document: Document, at: number, text: string): void {
  const { length } = document.text();
  document.edit(
    new TextOperation()
      .retain(at)
      .insert(text)
      .retain(length - at),
  );
}

describe('UnsentTexts', () => {
  test('nothing is stored while answers are quick', async () => {
    const { runner, document } = await page();
    for (let key = 0; key < 50; ++key) {
      insert(document, 3, 'x');
      await journal.serve(runner);
      await vi.advanceTimersByTimeAsync(50);
      expect(storage.length).toBe(0);
    }
  });

  test('what waits longer is stored and goes once it is acknowledged', async () => {
    const { runner, documents, document } = await page();
    insert(document, 3, 'd');
    await vi.advanceTimersByTimeAsync(300);
    expect(documents.unsent_paths()).toEqual(['project/main.py']);
    await journal.serve(runner);
    expect(document.has_pending()).toBe(false);
    expect(storage.length).toBe(0);
  });

  test('after a reload typed text is there and arrives once, whether or not it had arrived', async () => {
    for (const arrived of [false, true]) {
      journal = new Journal();
      const before = await page();
      insert(before.document, 3, 'd');
      await before.runner.settle();
      const sent = before.runner.waiting('document/edit')[0];
      insert(before.document, 4, 'e'); // waits behind it
      if (arrived) {
        journal.change(TextOperation.from_wire(sent?.params['operation'] as Run[]) as TextOperation);
        journal.known.set(sent?.params['operation_id'] as string, journal.version);
      }
      before.documents.keep_unsent();

      const after = await page();
      expect(after.document.text()).toBe('abcde');
      await after.runner.settle();
      expect(after.runner.waiting('document/edit')[0]?.params['operation_id']).toBe(sent?.params['operation_id']);
      await journal.serve(after.runner);
      expect(journal.text).toBe('abcde');
      expect(after.document.text()).toBe('abcde');
      expect(after.document.conflict).toBeUndefined();
      expect(storage.length).toBe(0);
    }
  });

  test('others’ changes meanwhile stand beside it', async () => {
    const before = await page();
    insert(before.document, 3, 'd');
    before.documents.keep_unsent();
    journal.change(new TextOperation().insert('>> ').retain(3));
    const after = await page();
    await journal.serve(after.runner);
    expect(journal.text).toBe('>> abcd');
    expect(after.document.text()).toBe('>> abcd');
  });

  test('a change at the same place is the person’s to decide, also after the runner began anew', async () => {
    const before = await page();
    insert(before.document, 3, ' mine');
    before.documents.keep_unsent();
    journal.document = 'd9';
    journal.change(new TextOperation().retain(3).insert(' theirs'));
    journal.version = 1; // numbered anew: the same number, another text
    const after = await page();
    await journal.serve(after.runner);
    expect(journal.text).toBe('abc theirs');
    expect(after.document.text()).toBe('abc mine');
    expect(after.document.save_state()).toBe('conflict');
    after.documents.keep_unsent(); // reloaded again without a decision
    const third = await page();
    await journal.serve(third.runner);
    expect(third.document.save_state()).toBe('conflict');
    third.document.keep_mine();
    await journal.serve(third.runner);
    expect(journal.text).toBe('abc mine');
    expect(storage.length).toBe(0);
  });

  test('a file that went meanwhile is made again', async () => {
    const before = await page();
    insert(before.document, 3, 'd');
    before.documents.keep_unsent();
    const after = new FakeRunner();
    runners.push(after);
    const documents = new Documents(after.connection, new UnsentTexts('ada.abcdefghij', storage));
    after.connection.start();
    await after.accept();
    documents.open('project/main.py').catch(() => {}); // the page goes before it is answered
    await after.settle();
    expect(after.waiting('document/open')[0]?.params).toMatchObject({ path: 'project/main.py', create: true });
  });

  test('another account, or another workspace, is given nothing', async () => {
    const before = await page();
    insert(before.document, 3, 'd');
    before.documents.keep_unsent();
    for (const scope of ['eve.abcdefghij', 'ada.bbbbbbbbbb']) {
      const other = await page(scope);
      expect(other.document.text()).toBe('abc');
      expect(other.documents.unsent_paths()).toEqual([]);
    }
  });

  test('a text too long for it, or a full storage, leaves no older state behind', async () => {
    const { documents, document } = await page();
    insert(document, 3, 'd');
    documents.keep_unsent();
    expect(storage.length).toBe(1);
    storage.room = 10;
    documents.keep_unsent();
    expect(storage.length).toBe(0);
    storage.room = Infinity;
    insert(document, 4, 'x'.repeat(2 * longest_kept));
    documents.keep_unsent();
    expect(storage.length).toBe(0);
    expect(documents.any_at_risk()).toBe(true); // the page asks before it goes
  });

  test('pages that go or crash at any moment: everything kept arrives once, nothing twice', async () => {
    const random = random_of(11);
    const kept = new Set<string>();
    let next = 0;
    for (let visit = 0; visit < 60; ++visit) {
      const { runner, documents, document } = await page();
      const typed: string[] = [];
      for (let key = 0; key < 12; ++key) {
        const token = `<${next++}>`;
        typed.push(token);
        const places = [...document.text().matchAll(/<|$/g)].map((found) => found.index);
        insert(document, places[random(places.length)] as number, token);
        await runner.settle();
        const moment = random(5);
        if (moment === 0) await journal.serve(runner);
        else if (moment === 1) await vi.advanceTimersByTimeAsync(260);
        else if (moment === 2 && runner.waiting('document/edit').length > 0) await journal.answer_edit(runner);
      }
      if (random(2) === 0) {
        documents.keep_unsent();
        for (const token of typed) kept.add(token);
      }
    }
    const last = await page();
    await journal.serve(last.runner);
    expect(last.document.conflict).toBeUndefined();
    expect(last.document.text()).toBe(journal.text);
    for (let token = 0; token < next; ++token) {
      const times = journal.text.split(`<${token}>`).length - 1;
      expect(times, `<${token}>`).toBeLessThanOrEqual(1);
      if (kept.has(`<${token}>`)) expect(times, `<${token}>`).toBe(1);
    }
  });
});
