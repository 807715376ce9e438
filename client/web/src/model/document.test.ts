// SPDX-License-Identifier: GPL-3.0-or-later
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DocumentOpenResult } from '../protocol/messages';
import { TextOperation } from '../protocol/text_operation';
import { FakeRunner } from '../testing/fake_runner';
import { random_of, random_operation } from '../testing/random_text';
import type { Document } from './document';
import { Documents } from './documents';

const opened = (text: string, version = 1, more: Partial<DocumentOpenResult> = {}): DocumentOpenResult => ({
  document: 'd1',
  path: 'project/main.py',
  version,
  text,
  length: text.length,
  encoding: 'utf8',
  line_ending: 'lf',
  read_only: false,
  disk_version: version,
  etag: 'e',
  ...more,
});

let runner: FakeRunner;
let documents: Documents;
let document: Document;
let editor: string; // what Monaco would show

const insert = (at: number, text: string) => {
  const operation = new TextOperation()
    .retain(at)
    .insert(text)
    .retain(editor.length - at);
  editor = operation.apply(editor) as string;
  document.edit(operation);
};

beforeEach(async () => {
  vi.useFakeTimers();
  runner = new FakeRunner();
  documents = new Documents(runner.connection);
  runner.connection.start();
  await runner.accept();
  const opening = documents.open('project/main.py');
  await runner.settle();
  await runner.reply('document/open', opened('abc'));
  document = await opening;
  editor = document.text();
  document.on_remote = (operation) => (editor = operation.apply(editor) as string);
});
afterEach(() => {
  runner.connection.close();
  vi.useRealTimers();
});

async function reconnect(resumed: boolean): Promise<void> {
  await runner.drop();
  await vi.advanceTimersByTimeAsync(300);
  await runner.accept({ resumed, session: resumed ? 's1' : 's2' });
}

describe('Document', () => {
  test('one operation is in flight, later ones are composed', async () => {
    insert(3, 'd');
    insert(4, 'e');
    insert(5, 'f');
    await runner.settle();
    expect(runner.waiting('document/edit').length).toBe(1);
    expect(document.save_state()).toBe('typing');
    const first = await runner.reply('document/edit', { version: 2 });
    expect(first.params).toMatchObject({ base_version: 1, operation: [3, 'd'] });
    const second = await runner.reply('document/edit', { version: 3 });
    expect(second.params).toMatchObject({ base_version: 2, operation: [4, 'ef'] });
    expect(second.params['operation_id']).not.toBe(first.params['operation_id']);
    expect(document.save_state()).toBe('journalled');
    expect(document.text()).toBe('abcdef');
  });

  test('the save state goes from typing over journalled to on disk', async () => {
    expect(document.save_state()).toBe('on_disk');
    insert(0, 'x');
    expect(document.save_state()).toBe('typing');
    await runner.settle();
    await runner.reply('document/edit', { version: 2 });
    expect(document.save_state()).toBe('journalled');
    await runner.notify('document/state', {
      document: 'd1',
      path: 'project/main.py',
      journalled_version: 2,
      disk_version: 2,
      encoding: 'utf8',
      line_ending: 'lf',
      read_only: false,
      deleted: false,
    });
    expect(document.save_state()).toBe('on_disk');
  });

  test('save waits until everything typed is journalled', async () => {
    insert(0, 'x');
    let saved = false;
    void document.save().then(() => (saved = true));
    await runner.settle();
    expect(runner.waiting('document/save').length).toBe(0);
    await runner.reply('document/edit', { version: 2 });
    expect(runner.waiting('document/save').length).toBe(1);
    await runner.reply('document/save', { disk_version: 2, etag: 'e2' });
    expect(saved).toBe(true);
  });

  test('a remote operation reaches the editor', async () => {
    await runner.notify('document/changed', { document: 'd1', version: 2, operation: [3, '!'], origin: 'disk' });
    expect(editor).toBe('abc!');
    expect(document.version()).toBe(2);
  });

  test('a change that was missed makes the document reopen', async () => {
    await runner.notify('document/changed', { document: 'd1', version: 4, operation: [9, '!'], origin: 'disk' });
    await runner.reply('document/open', opened('new text!', 4));
    expect(editor).toBe('new text!');
  });

  test('an answer lost with the connection is applied once', async () => {
    insert(3, 'd');
    await runner.settle();
    const sent = runner.waiting('document/edit')[0];
    await reconnect(true);
    const again = await runner.reply('document/edit', { version: 2 });
    expect(again.params['operation_id']).toBe(sent?.params['operation_id']);
    await runner.reply('document/open', opened('abcd', 2));
    expect(document.text()).toBe('abcd');
    expect(editor).toBe('abcd');
    expect(document.has_pending()).toBe(false);
    expect(runner.waiting('document/edit').length).toBe(0);
  });

  test('what was typed without a connection is sent when it is back', async () => {
    await runner.drop();
    insert(3, 'd');
    insert(4, 'e');
    await vi.advanceTimersByTimeAsync(300);
    await runner.accept({ resumed: true });
    // The first keystroke was in flight, as far as the document knew.
    await runner.refuse('document/edit', 'not_found');
    await runner.reply('document/open', opened('abc', 1));
    const sent = await runner.reply('document/edit', { version: 2 });
    expect(sent.params['operation']).toEqual([3, 'de']);
    expect(document.text()).toBe('abcde');
    expect(document.has_pending()).toBe(false);
  });

  test('a restarted runner numbers anew and the typed text goes on', async () => {
    insert(3, 'd');
    await runner.settle();
    await reconnect(false);
    await runner.refuse('document/edit', 'not_found');
    await runner.reply('document/open', opened('abc', 7, { document: 'd9' }));
    const sent = await runner.reply('document/edit', { version: 8 });
    expect(sent.params).toMatchObject({ document: 'd9', base_version: 7, operation: [3, 'd'] });
    expect(document.has_pending()).toBe(false);
  });

  test('an edit that was journalled before the runner died is not repeated', async () => {
    insert(3, 'd');
    insert(4, 'e');
    await runner.settle();
    await reconnect(false);
    await runner.refuse('document/edit', 'not_found');
    await runner.reply('document/open', opened('abcd', 7, { document: 'd9' }));
    const sent = await runner.reply('document/edit', { version: 8 });
    expect(sent.params).toMatchObject({ base_version: 7, operation: [4, 'e'] });
    expect(document.text()).toBe('abcde');
  });

  describe('when another writer was first elsewhere in the text', () => {
    test('both edits stand, the typed one goes again', async () => {
      insert(3, 'd');
      insert(4, 'e');
      await runner.settle();
      await runner.notify('document/changed', { document: 'd1', version: 2, operation: ['> ', 3], origin: 's7' });
      expect(editor).toBe('> abcde');
      await runner.refuse('document/edit', 'stale_base');
      const again = await runner.reply('document/edit', { version: 3 });
      expect(again.params).toMatchObject({ base_version: 2, operation: [5, 'de'] });
      expect(document.text()).toBe('> abcde');
      expect(document.conflict).toBeUndefined();
      expect(document.save_state()).toBe('journalled');
    });

    test('also when that was learnt after a lost connection', async () => {
      await runner.drop();
      insert(3, 'd');
      await vi.advanceTimersByTimeAsync(300);
      await runner.accept({ resumed: true });
      await runner.refuse('document/edit', 'stale_base');
      await runner.reply('document/open', opened('>> abc', 4));
      expect(editor).toBe('>> abcd');
      const again = await runner.reply('document/edit', { version: 5 });
      expect(again.params).toMatchObject({ base_version: 4, operation: [6, 'd'] });
      expect(document.text()).toBe('>> abcd');
    });

    test('random typing against random changes ends in one text', async () => {
      const random = random_of(3);
      let server = 'abc';
      let version = 1;
      for (let round = 0; round < 200; ++round) {
        const operation =
          editor.length < 60
            ? random_operation(random, editor)
            : TextOperation.difference(editor, editor.slice(0, 10).replace(/[\ud800-\udbff]$/, ''));
        editor = operation.apply(editor) as string;
        document.edit(operation);
        await runner.settle();
        if (random(2) === 0) {
          const theirs =
            server.length < 60
              ? random_operation(random, server)
              : new TextOperation().retain(server.length).insert('.');
          server = theirs.apply(server) as string;
          await runner.notify('document/changed', {
            document: 'd1',
            version: ++version,
            operation: theirs.to_wire(),
            origin: 's7',
          });
        }
        if (random(2) === 0 && document.conflict) {
          if (random(2) === 0) document.keep_mine();
          else document.take_theirs();
        }
        await runner.settle();
        for (const sent of runner.waiting('document/edit').slice()) {
          if (sent.params['base_version'] !== version) {
            await runner.refuse('document/edit', 'stale_base');
            continue;
          }
          server = TextOperation.from_wire(sent.params['operation'] as never)?.apply(server) as string;
          await runner.reply('document/edit', { version: ++version });
        }
        expect(document.text()).toBe(editor);
      }
      document.take_theirs();
      for (let turn = 0; turn < 5 && document.has_pending(); ++turn) {
        await runner.settle();
        const sent = runner.waiting('document/edit')[0];
        server = TextOperation.from_wire(sent?.params['operation'] as never)?.apply(server) as string;
        await runner.reply('document/edit', { version: ++version });
      }
      expect(document.text()).toBe(server);
      expect(editor).toBe(server);
    });
  });

  describe('when another writer was first at the same place', () => {
    beforeEach(async () => {
      insert(3, ' mine');
      await runner.settle();
      await runner.notify('document/changed', { document: 'd1', version: 2, operation: [3, ' theirs'], origin: 's7' });
      await runner.refuse('document/edit', 'stale_base');
    });

    test('nothing is lost and nothing is sent', () => {
      expect(document.save_state()).toBe('conflict');
      expect(document.text()).toBe('abc mine');
      expect(document.theirs()).toBe('abc theirs');
      expect(editor).toBe('abc mine');
      insert(8, '!');
      expect(document.text()).toBe('abc mine!');
      expect(runner.waiting('document/edit').length).toBe(0);
      expect(documents.any_at_risk()).toBe(true);
    });

    test('keep mine puts my text on top of theirs', async () => {
      insert(8, '!');
      document.keep_mine();
      await runner.settle();
      const sent = await runner.reply('document/edit', { version: 3 });
      expect(sent.params['base_version']).toBe(2);
      expect(TextOperation.from_wire(sent.params['operation'] as never)?.apply('abc theirs')).toBe('abc mine!');
      expect(document.save_state()).toBe('journalled');
      expect(document.text()).toBe('abc mine!');
    });

    test('take theirs changes the editor', () => {
      document.take_theirs();
      expect(editor).toBe('abc theirs');
      expect(document.text()).toBe('abc theirs');
      expect(document.has_pending()).toBe(false);
      expect(document.version()).toBe(2);
    });

    test('their further changes are followed', async () => {
      await runner.notify('document/changed', { document: 'd1', version: 3, operation: [10, '!'], origin: 's7' });
      document.take_theirs();
      expect(editor).toBe('abc theirs!');
      expect(document.version()).toBe(3);
    });
  });

  test('a stale edit without news reopens the document', async () => {
    insert(3, 'd');
    await runner.settle();
    await runner.refuse('document/edit', 'stale_base');
    await runner.reply('document/open', opened('other', 5));
    expect(document.save_state()).toBe('conflict');
    expect(document.text()).toBe('abcd');
    expect(document.theirs()).toBe('other');
  });

  test('a refused edit keeps the text and says why', async () => {
    insert(3, 'd');
    await runner.settle();
    await runner.refuse('document/edit', 'permission_denied', 'You may only look.');
    expect(document.save_state()).toBe('conflict');
    expect(document.conflict?.reason).toContain('You may only look.');
    expect(document.text()).toBe('abcd');
    document.take_theirs();
    expect(editor).toBe('abc');
  });

  test('an answer that arrives after later news is not taken for a conflict', async () => {
    insert(3, 'd');
    await runner.settle();
    // The runner journalled ours as 2, another's as 3, and told the second first.
    await runner.notify('document/changed', { document: 'd1', version: 3, operation: ['>', 4], origin: 's7' });
    await runner.reply('document/edit', { version: 2 });
    await runner.reply('document/open', opened('>abcd', 3));
    expect(document.conflict).toBeUndefined();
    expect(editor).toBe('>abcd');
    expect(document.version()).toBe(3);
  });
});

describe('Documents', () => {
  test('a long text arrives on a channel, credit by credit', async () => {
    const opening = documents.open('project/long.txt');
    await runner.settle();
    await runner.reply('document/open', {
      ...opened('', 1, { document: 'd2', path: 'project/long.txt', channel: 4 }),
      text: undefined,
    });
    const text = 'ä😀\n'.repeat(100_000);
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length; at += 100_001) {
      await runner.frame({ kind: 'data', deflated: false, channel: 4, offset: at }, bytes.subarray(at, at + 100_001));
    }
    await runner.frame({ kind: 'end', deflated: false, channel: 4, offset: bytes.length });
    expect((await opening).text()).toBe(text);
    expect(runner.socket().frames.some((frame) => frame.header.kind === 'credit')).toBe(true);
  });

  test('closing a tab delivers what was typed last', async () => {
    insert(3, 'd');
    insert(4, 'e');
    documents.close(document);
    await runner.settle();
    expect(runner.waiting('document/close').length).toBe(0);
    await runner.reply('document/edit', { version: 2 });
    await runner.reply('document/edit', { version: 3 });
    expect(runner.waiting('document/close').length).toBe(1);
    expect(documents.any_at_risk()).toBe(false);
  });

  test('a tab closed and opened again while its edit is under way keeps the edit', async () => {
    insert(3, 'd');
    documents.close(document);
    expect(await documents.open('project/main.py')).toBe(document);
    await runner.reply('document/edit', { version: 2 });
    expect(runner.waiting('document/close').length).toBe(0);
    expect(document.text()).toBe('abcd');
  });

  test('a moved file keeps its document', async () => {
    await runner.notify('document/state', {
      document: 'd1',
      path: 'project/renamed.py',
      journalled_version: 1,
      disk_version: 1,
      encoding: 'utf8',
      line_ending: 'lf',
      read_only: false,
      deleted: false,
    });
    expect(await documents.open('project/renamed.py')).toBe(document);
  });

  test('a keystroke in a long document costs what the keystroke costs', () => {
    editor = document.text();
    const long = 'x'.repeat(8 << 20);
    document.edit(new TextOperation().retain(3).insert(long));
    const started = performance.now();
    for (let key = 0; key < 500; ++key)
      document.edit(
        new TextOperation()
          .retain(3 + key)
          .insert('k')
          .retain(long.length),
      );
    expect(performance.now() - started).toBeLessThan(2000);
    expect(document.text().length).toBe(3 + 500 + long.length);
  });
});
