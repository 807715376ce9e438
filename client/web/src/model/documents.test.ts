// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test, vi } from 'vitest';
import type { DocumentOpenResult } from '../protocol/messages';
import { TextOperation } from '../protocol/text_operation';
import { MemoryStorage } from '../testing/memory_storage';
import { EditorTabs } from './editor_tabs';
import {
  document,
  documents,
  editor,
  insert,
  opened,
  reconnect,
  runner,
  show_again,
  use_document_stage,
} from '../testing/document_stage';

use_document_stage();

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

  /** The runner answers with a text on a channel, and `meanwhile` happens before it is there. */
  async function reply_on_channel(text: string, answer: DocumentOpenResult, meanwhile: () => Promise<void>) {
    await runner.reply('document/open', { ...answer, text: undefined, length: text.length, channel: 4 });
    await runner.frame({ kind: 'data', deflated: false, channel: 4, offset: 0 }, new TextEncoder().encode(text));
    await meanwhile();
    await runner.frame({ kind: 'end', deflated: false, channel: 4, offset: text.length });
  }

  test('what is told while a long text comes is asked for afterwards', async () => {
    const opening = documents.open('project/long.txt');
    await runner.settle();
    await reply_on_channel('long', opened('', 1, { document: 'd2', path: 'project/long.txt' }), () =>
      runner.notify('document/changed', { document: 'd2', version: 2, operation: [4, '!'], origin: 's7' }),
    );
    const long = await opening;
    const change = { version: 2, operation: [4, '!'], origin: 's7' };
    const asked = await runner.reply('document/open', {
      ...opened('', 2, { document: 'd2', path: 'project/long.txt', changes: [change] }),
      text: undefined,
    });
    expect(asked.params).toMatchObject({ known_document: 'd2', known_version: 1 });
    expect(long.text()).toBe('long!');
    expect(runner.waiting('document/open').length).toBe(0);
  });

  test('nor is it lost where the runner has begun the document anew', async () => {
    await reconnect(false);
    await reply_on_channel('abcd', opened('', 1, { document: 'd9' }), () =>
      runner.notify('document/changed', { document: 'd9', version: 2, operation: [4, '!'], origin: 's7' }),
    );
    const asked = await runner.reply('document/open', {
      ...opened('', 2, { document: 'd9', changes: [{ version: 2, operation: [4, '!'], origin: 's7' }] }),
      text: undefined,
    });
    expect(asked.params).toMatchObject({ known_document: 'd9', known_version: 1 });
    expect(editor).toBe('abcd!');
    expect(runner.waiting('document/open').length).toBe(0);
  });

  test('a file that was moved while there was no connection is followed', async () => {
    const storage = new MemoryStorage();
    const tabs = new EditorTabs(documents, 'tabs', storage);
    const showing = tabs.open('project/main.py');
    await runner.settle();
    await showing;
    await runner.drop();
    insert(3, 'd');
    await vi.advanceTimersByTimeAsync(300);
    await runner.accept({ resumed: true });
    const moved = opened('', 1, { path: 'project/moved.py', changes: [] });
    const asked = await runner.reply('document/open', { ...moved, text: undefined });
    expect(asked.params).toMatchObject({ path: 'project/main.py', known_document: 'd1' });
    expect(document.path).toBe('project/moved.py');
    expect([...documents.all.keys()]).toEqual(['project/moved.py']);
    expect(tabs.active?.path).toBe('project/moved.py');
    expect(storage.getItem('tabs')).toContain('project/moved.py');
    expect(storage.getItem('tabs')).not.toContain('main.py');
    expect(runner.waiting('document/edit')[0]?.params).toMatchObject({ document: 'd1', operation: [3, 'd'] });
    // It is found under its new name, and asked for by it from now on.
    expect(await documents.open('project/moved.py')).toBe(document);
    await reconnect(true);
    expect(runner.waiting('document/open')[0]?.params).toMatchObject({ path: 'project/moved.py' });
  });

  describe('a reopening that fails on a living connection', () => {
    const missed = () =>
      runner.notify('document/changed', { document: 'd1', version: 4, operation: [9, '!'], origin: 'disk' });
    const open_requests = () => runner.waiting('document/open').length;
    /** Time goes by on a connection that lives. */
    const pass = async (seconds: number) => {
      for (let second = 0; second < seconds; ++second) {
        await vi.advanceTimersByTimeAsync(1000);
        if (runner.waiting('session/ping').length > 0) await runner.reply('session/ping', {});
      }
    };

    test('is tried again after a pause when it was refused, and what was typed goes', async () => {
      await reconnect(true);
      insert(3, 'd');
      await runner.refuse('document/open', 'internal', 'No.');
      expect(document.problem).toBe('No.');
      await vi.advanceTimersByTimeAsync(4900);
      expect(open_requests()).toBe(0);
      await vi.advanceTimersByTimeAsync(200);
      await runner.reply('document/open', { ...opened('', 1), text: undefined, changes: [] });
      expect(document.problem).toBeUndefined();
      expect((await runner.reply('document/edit', { version: 2 })).params).toMatchObject({ operation: [3, 'd'] });
      expect(document.save_state()).toBe('journalled');
      await pass(20);
      expect(open_requests()).toBe(0);
    });

    test('sends again what was in flight', async () => {
      insert(3, 'd');
      await runner.settle();
      const operation_id = runner.waiting('document/edit')[0]?.params['operation_id'];
      await reconnect(true);
      await runner.refuse('document/open', 'internal');
      await pass(6);
      const asked = await runner.reply('document/open', { ...opened('', 1), text: undefined, changes: [] });
      expect(asked.params).toMatchObject({ operation_id });
      expect((await runner.reply('document/edit', { version: 2 })).params).toMatchObject({ operation_id });
      expect(document.has_pending()).toBe(false);
    });

    test('is tried again when its text breaks off', async () => {
      await missed();
      await runner.reply('document/open', { ...opened('', 4), text: undefined, channel: 4 });
      insert(3, 'd');
      await runner.frame({ kind: 'abort', deflated: false, channel: 4, offset: 0 });
      expect(open_requests()).toBe(0);
      await pass(6);
      await runner.reply('document/open', opened('abc!', 4));
      await runner.reply('document/edit', { version: 5 });
      expect(document.has_pending()).toBe(false);
    });

    test('is tried again when it is not answered', async () => {
      await missed();
      const asked = runner.waiting('document/open')[0];
      await pass(34);
      expect(open_requests()).toBe(1);
      await pass(2);
      expect(runner.waiting('document/open').map(({ id }) => id === asked?.id)).toEqual([true, false]);
    });

    test('is not tried again once another one answered, or the tab is closed', async () => {
      await missed();
      await runner.refuse('document/open', 'internal');
      await missed();
      await runner.reply('document/open', opened('new text!', 4));
      await pass(20);
      expect(open_requests()).toBe(0);
      await runner.notify('document/changed', { document: 'd1', version: 9, operation: [9, '!'], origin: 'disk' });
      await runner.refuse('document/open', 'internal');
      documents.close(document);
      await pass(20);
      expect(open_requests()).toBe(0);
    });

    test('waits for the connection when that went', async () => {
      await missed();
      await runner.refuse('document/open', 'internal');
      await reconnect(true);
      await runner.reply('document/open', opened('new text!', 4));
      await pass(20);
      expect(open_requests()).toBe(0);
    });
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
    show_again();
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
