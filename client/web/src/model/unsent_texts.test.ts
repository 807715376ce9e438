// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test, vi } from 'vitest';
import { TextOperation } from '../protocol/text_operation';
import { random_of } from '../testing/random_text';
import {
  insert,
  journal,
  keep_time,
  new_journal,
  page,
  page_beside,
  path,
  store,
  use_unsent_stage,
  visit,
  windows,
} from '../testing/unsent_stage';

use_unsent_stage();

describe('UnsentTexts', () => {
  test('nothing is stored while answers are quick', async () => {
    const { runner, document } = await page();
    for (let key = 0; key < 50; ++key) {
      insert(document, 3, 'x');
      await journal.serve(runner);
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(store.puts).toBe(0);
  });

  test('what waits longer is stored within a quarter of a second and goes once it is acknowledged', async () => {
    const { runner, document } = await page();
    insert(document, 3, 'd');
    await vi.advanceTimersByTimeAsync(250);
    expect(store.records.size).toBe(1);
    await journal.serve(runner);
    expect(document.has_pending()).toBe(false);
    expect(store.records.size).toBe(0);
    expect(store.bases.size).toBe(0);
  });

  test('the text below is written once however long the typing goes on', async () => {
    const { runner, document } = await page();
    await runner.drop();
    for (let key = 0; key < 40; ++key) {
      insert(document, 3 + key, 'x');
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(store.puts).toBeGreaterThan(10);
    expect(store.base_puts).toBe(1);
  });

  test('after a reload typed text is there and arrives once, whether or not it had arrived', async () => {
    for (const arrived of [false, true]) {
      new_journal();
      const before = await page();
      insert(before.document, 3, 'd');
      await before.runner.settle();
      const sent = before.runner.waiting('document/edit')[0]?.params;
      insert(before.document, 4, 'e'); // waits behind it
      if (arrived) journal.edit(sent as never, 's1');
      before.documents.keep_unsent();
      await before.runner.settle();
      before.die();

      const after = await page();
      expect(after.document.text()).toBe('abcde');
      await after.runner.settle();
      const again = after.runner.waiting('document/edit')[0]?.params;
      if (arrived) expect(again).toMatchObject({ operation: [4, 'e'] });
      else expect(again).toMatchObject({ operation_id: sent?.['operation_id'], operation: [3, 'd'] });
      await journal.serve(after.runner);
      expect(journal.text).toBe('abcde');
      expect(after.document.text()).toBe('abcde');
      expect(after.document.conflict).toBeUndefined();
      expect(store.records.size).toBe(0);
      after.die();
    }
  });

  test('others’ changes meanwhile stand beside it', async () => {
    const before = await page();
    insert(before.document, 3, 'd');
    await keep_time();
    before.die();
    journal.accept(new TextOperation().insert('>> ').retain(3), 's9');
    const after = await page();
    await journal.serve(after.runner);
    expect(journal.text).toBe('>> abcd');
    expect(after.document.text()).toBe('>> abcd');
  });

  test('a change at the same place is the person’s to decide, also after the runner began anew', async () => {
    const before = await page();
    insert(before.document, 3, ' mine');
    await keep_time();
    before.die();
    await vi.advanceTimersByTimeAsync(60_000);
    journal.accept(new TextOperation().retain(3).insert(' theirs'), 's9');
    journal.begin_anew('d9', 1); // numbered anew: the same number, another text
    const after = await page();
    await journal.serve(after.runner);
    expect(journal.text).toBe('abc theirs');
    expect(after.document.text()).toBe('abc mine');
    expect(after.document.save_state()).toBe('conflict');
    after.documents.keep_unsent();
    await after.runner.settle();
    after.die(); // loaded again at once, without a decision
    const third = await page();
    await journal.serve(third.runner);
    expect(third.document.save_state()).toBe('conflict');
    third.document.choose('mine');
    await journal.serve(third.runner);
    expect(journal.text).toBe('abc mine');
    expect(store.records.size).toBe(0);
  });

  test('a file that went meanwhile is made again, with all of its text', async () => {
    const before = await page();
    insert(before.document, 3, 'd');
    await keep_time();
    before.die();
    new_journal('');
    journal.begin_anew('d2', 1);
    const after = await visit();
    const opening = after.documents.open(path);
    await vi.advanceTimersByTimeAsync(0);
    await after.runner.refuse('document/open', 'not_found');
    expect(after.runner.waiting('document/open')[0]?.params).toMatchObject({ path, create: true });
    await journal.serve(after.runner);
    const document = await opening;
    expect(document.made_anew).toBe(true);
    expect(document.conflict).toBeUndefined();
    await journal.serve(after.runner);
    expect(document.text()).toBe('abcd');
    expect(journal.text).toBe('abcd');
    expect(store.records.size).toBe(0);
  });

  test('a file that was moved meanwhile goes on under its new name, and so does what is kept of it', async () => {
    const before = await page();
    insert(before.document, 3, 'd');
    await keep_time();
    before.die();
    journal.path = 'project/moved.py';
    const after = await page();
    expect(after.document.path).toBe('project/moved.py');
    expect([...after.documents.all.keys()]).toEqual(['project/moved.py']);
    await keep_time(); // its edit is still under way
    expect([...store.records.values()].map((record) => record.path)).toEqual(['project/moved.py']);
    await journal.serve(after.runner);
    expect(journal.text).toBe('abcd');
  });

  test('another account, or another workspace, is given nothing', async () => {
    const before = await page();
    insert(before.document, 3, 'd');
    await keep_time();
    before.die();
    for (const scope of ['eve.abcdefghij', 'ada.bbbbbbbbbb']) {
      const other = await page(scope);
      expect(other.document.text()).toBe('abc');
      expect(await other.documents.left_paths()).toEqual([]);
    }
  });

  test('where the browser keeps nothing that is said, no older state stays, and typing is delivered', async () => {
    const { runner, documents, document } = await page();
    insert(document, 3, 'd');
    await keep_time();
    expect(store.records.size).toBe(1);
    expect(documents.any_at_risk()).toBe(false);
    store.full = true;
    insert(document, 4, 'e');
    await keep_time();
    expect(store.records.size).toBe(0);
    expect(documents.keeps_nothing()).toBe(true);
    expect(documents.any_at_risk()).toBe(true); // the page asks before it goes
    await journal.serve(runner);
    expect(journal.text).toBe('abcde');
    expect(documents.any_at_risk()).toBe(false);
  });

  test('a change that could be written, over a text that could not, is not kept: the person is told so still', async () => {
    const { runner, documents, document } = await page();
    await runner.drop();
    store.held = true; // both are under way before the first is refused
    insert(document, 3, 'd');
    await keep_time();
    insert(document, 4, 'e');
    await keep_time();
    store.full_for_bases = true;
    store.release();
    await vi.advanceTimersByTimeAsync(0);
    expect(store.puts).toBe(1);
    expect(documents.keeps_nothing()).toBe(true);
    expect(documents.unkept_news()).toBe(true);
    expect(documents.any_at_risk()).toBe(true);
    expect(store.records.size).toBe(0); // a change to a text that nobody has is of no use
    // Room again: it is written whole, and only then is it kept.
    store.full_for_bases = false;
    await vi.advanceTimersByTimeAsync(5100);
    expect(documents.keeps_nothing()).toBe(false);
    expect(documents.unkept_news()).toBe(false);
    expect(store.bases.size).toBe(1);
    expect([...store.records.values()][0]?.base_change ?? []).toEqual([]);
  });

  test('what is written after a refusal is not taken away by an older one that is refused later', async () => {
    const { runner, documents, document } = await page();
    await runner.drop();
    store.held = true;
    store.full = true;
    insert(document, 3, 'd');
    await keep_time();
    insert(document, 4, 'e');
    await keep_time();
    store.release_one(); // the first is refused; the page, about to go, writes all of it anew
    await vi.advanceTimersByTimeAsync(0);
    insert(document, 5, 'f');
    documents.keep_unsent();
    store.release_one(); // the second is refused as well
    await vi.advanceTimersByTimeAsync(0);
    store.full = false;
    store.release();
    await vi.advanceTimersByTimeAsync(0);
    expect(store.records.size).toBe(1);
    expect(store.bases.size).toBe(1);
    expect(documents.keeps_nothing()).toBe(false);
  });

  test('nothing goes out before what is stored names it', async () => {
    const { runner, document } = await page();
    insert(document, 3, 'd');
    await keep_time();
    insert(document, 4, 'e');
    store.held = true;
    await journal.answer_edit(runner);
    expect(runner.waiting('document/edit')).toEqual([]);
    store.release();
    await runner.settle();
    const sent = runner.waiting('document/edit')[0]?.params;
    expect([...store.records.values()][0]?.in_flight?.operation_id).toBe(sent?.['operation_id']);
  });

  test('a store that never answers does not hold back what is sent', async () => {
    const { runner, document } = await page();
    insert(document, 3, 'd');
    await keep_time();
    insert(document, 4, 'e');
    store.held = true;
    await journal.answer_edit(runner);
    await vi.advanceTimersByTimeAsync(2100);
    await journal.answer_edit(runner);
    expect(journal.text).toBe('abcde');
  });

  test('nor is anything said to be kept until it is written', async () => {
    const { runner, documents, document } = await page();
    await runner.drop();
    insert(document, 3, 'd');
    store.held = true;
    await keep_time();
    await vi.advanceTimersByTimeAsync(2000);
    expect(documents.keeps_nothing()).toBe(true);
    expect(documents.unkept_news()).toBe(true);
    store.release();
    await vi.advanceTimersByTimeAsync(0);
    expect(store.records.size).toBe(1);
    expect(documents.keeps_nothing()).toBe(false);
  });

  test('that the store was slow is told once, and a refusal after it all the same', async () => {
    const { runner, documents, document } = await page();
    await runner.drop();
    for (const news of [true, false]) {
      store.held = true;
      insert(document, 3, 'd');
      await keep_time();
      await vi.advanceTimersByTimeAsync(2000);
      expect(documents.keeps_nothing()).toBe(true);
      expect(documents.unkept_news()).toBe(news);
      documents.unkept_told();
      store.release();
      await vi.advanceTimersByTimeAsync(0);
      expect(documents.keeps_nothing()).toBe(false);
    }
    store.full = true;
    insert(document, 3, 'e');
    await keep_time();
    expect(documents.unkept_news()).toBe(true);
    documents.unkept_told();
    insert(document, 3, 'f');
    await keep_time();
    expect(documents.keeps_nothing()).toBe(true);
    expect(documents.unkept_news()).toBe(false);
  });

  test('that another text is kept does not say so of one that is too long for the store', async () => {
    const { runner, documents, document: long } = await page();
    const opening = documents.open('project/short.py');
    await vi.advanceTimersByTimeAsync(0);
    const other = { document: 'd2', path: 'project/short.py', text: 'x', length: 1 };
    await runner.reply('document/open', { ...journal.opened(), ...other });
    const short = await opening;
    await runner.drop();
    store.longest_base = 2;
    insert(long, 3, 'd');
    await keep_time();
    expect(documents.keeps_nothing()).toBe(true);
    insert(short, 1, 'y');
    await keep_time();
    expect([...store.records.values()].map((record) => record.path)).toEqual(['project/short.py']);
    expect(documents.keeps_nothing()).toBe(true);
    expect(documents.any_at_risk()).toBe(true);
    store.longest_base = Infinity;
    await vi.advanceTimersByTimeAsync(5100);
    expect(store.records.size).toBe(2);
    expect(documents.keeps_nothing()).toBe(false);
    expect(documents.any_at_risk()).toBe(false);
  });

  test('nor does it hold back the opening of a file', async () => {
    const { runner, documents } = await visit();
    store.held = true;
    const opening = documents.open(path);
    await vi.advanceTimersByTimeAsync(2100);
    await journal.serve(runner);
    expect((await opening).text()).toBe('abc');
  });

  describe('with two windows', () => {
    test('a living window keeps its text to itself', async () => {
      const first = await page();
      await first.runner.drop();
      insert(first.document, 3, 'd');
      await keep_time();
      const second = await visit();
      const opening = second.documents.open(path);
      await vi.advanceTimersByTimeAsync(600);
      await journal.serve(second.runner);
      expect((await opening).text()).toBe('abc');
      expect(await second.documents.left_paths()).toEqual([]);
    });

    test('one that has the file open goes on with what the other left, once', async () => {
      const first = await page();
      await first.runner.drop();
      insert(first.document, 3, 'd');
      await keep_time();
      const second = await visit();
      const opening = second.documents.open(path);
      await vi.advanceTimersByTimeAsync(600);
      await journal.serve(second.runner);
      const document = await opening;
      let editor = document.text();
      document.editor = { remote: (operation) => (editor = operation.apply(editor) as string), own: () => {} };
      insert(document, 0, '>');
      editor = document.text();
      await second.runner.settle();
      windows.end('window 1');
      first.runner.connection.close();
      await vi.advanceTimersByTimeAsync(0);
      await journal.serve(second.runner);
      expect(journal.text).toBe('>abcd');
      expect(document.text()).toBe('>abcd');
      expect(editor).toBe('>abcd');
      expect(store.records.size).toBe(0);
    });

    test('one that was there first learns of it when its connection is back', async () => {
      const second = await page();
      const first = await page();
      await first.runner.drop();
      insert(first.document, 3, 'd');
      await keep_time();
      windows.end('window 2');
      first.runner.connection.close();
      await second.runner.drop();
      await vi.advanceTimersByTimeAsync(300);
      await second.runner.accept({ session: 's9' });
      await vi.advanceTimersByTimeAsync(0);
      await journal.serve(second.runner);
      await vi.advanceTimersByTimeAsync(0);
      await journal.serve(second.runner);
      expect(journal.text).toBe('abcd');
      expect(second.document.text()).toBe('abcd');
    });

    for (const order of [
      [0, 1],
      [1, 0],
    ] as const)
      test(`what both left of one file goes on in one document, each once (${order.join(', ')})`, async () => {
        const pair = [await page(), await page()] as const;
        for (const [index, { runner, document }] of pair.entries()) {
          await runner.drop();
          insert(document, index * 3, `<${index}>`);
        }
        await keep_time();
        expect(store.records.size).toBe(2);
        for (const index of order) pair[index].die(); // a browser that is killed ends them in any order

        const third = await page();
        await journal.serve(third.runner);
        await vi.advanceTimersByTimeAsync(0);
        await journal.serve(third.runner);
        expect(third.document.text()).toBe('<0>abc<1>');
        expect(journal.text).toBe('<0>abc<1>');
        expect(store.records.size).toBe(0);
        expect(store.bases.size).toBe(0);
      });

    test('both loaded again, they show one text: the first takes up both, the other is told of it', async () => {
      const pair = [await page(), await page()] as const;
      for (const [index, { runner, document }] of pair.entries()) {
        await runner.drop();
        insert(document, index * 3, `<${index}>`);
      }
      await keep_time();
      pair[0].die();
      const first = await page_beside();
      expect(first.document.text()).toBe('<0>abc');
      await journal.serve(first.runner);
      expect(journal.text).toBe('<0>abc');
      pair[1].die();
      const second = await page_beside();
      for (let turn = 0; turn < 3; ++turn) {
        await vi.advanceTimersByTimeAsync(0);
        await journal.serve(first.runner, [second.runner]);
        await journal.serve(second.runner, [first.runner]);
      }
      expect(journal.text).toBe('<0>abc<1>');
      for (const { document } of [first, second]) {
        expect(document.text()).toBe('<0>abc<1>');
        expect(document.conflict).toBeUndefined();
      }
      expect(store.records.size).toBe(0);
    });

    test('one that has not opens it', async () => {
      const first = await page();
      await first.runner.drop();
      insert(first.document, 3, 'd');
      await keep_time();
      const second = await visit();
      const opened: string[] = [];
      second.documents.on_unopened = (left) => opened.push(left);
      const started = second.documents.left_paths();
      await vi.advanceTimersByTimeAsync(600);
      expect(await started).toEqual([]);
      windows.end('window 1');
      await vi.advanceTimersByTimeAsync(0);
      expect(opened).toEqual([path]);
    });
  });

  for (const reach of [Infinity, 2])
    test(`pages that go or crash at any moment: everything kept arrives once, nothing twice (reach ${reach})`, async () => {
      const random = random_of(11);
      journal.reach = reach;
      const kept = new Set<string>();
      let next = 0;
      for (let visits = 0; visits < 80; ++visits) {
        const { runner, documents, document, die } = await page();
        const typed: string[] = [];
        for (let key = 0; key < 12; ++key) {
          const token = `<${next++}>`;
          typed.push(token);
          const places = [...document.text().matchAll(/<|$/g)].map((found) => found.index);
          insert(document, places[random(places.length)] as number, token);
          await runner.settle();
          const moment = random(7);
          if (moment === 0) await journal.serve(runner);
          else if (moment === 1) await keep_time();
          else if (moment === 2) await journal.answer_edit(runner);
          else if (moment === 3)
            journal.accept(new TextOperation().insert(`<${next++}>`).retain(journal.text.length), 's');
          else if (moment === 4) {
            const sent = runner.waiting('document/edit')[0]; // it arrives, its answer does not
            if (sent) journal.edit(sent.params as never, runner.session());
            if (random(2) === 0) store.held = true;
            else store.release();
          }
        }
        if (random(2) === 0 && !store.held) {
          documents.keep_unsent();
          await runner.settle();
          for (const token of typed) kept.add(token);
        }
        die();
        store.lose();
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
