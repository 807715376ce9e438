// SPDX-License-Identifier: GPL-3.0-or-later
// A file goes while its text is open here, with or without something typed, known to the runner or not.
import { describe, expect, test } from 'vitest';
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
  use_document_stage,
} from '../testing/document_stage';

use_document_stage();

const asked = () => runner.waiting('document/open')[0]?.params;
const made = (version = 1) => opened('', version, { document: 'd2' });

describe('A file that goes', () => {
  test('is said to be deleted where the runner has its document still', async () => {
    await reconnect(true);
    await runner.reply('document/open', { ...opened('', 1, { changes: [], etag: '' }), text: undefined });
    expect(document.deleted).toBe(true);
    expect(document.save_state()).toBe('journalled'); // what was said to be on disk is not
    expect(document.made_anew).toBe(false);
    expect(editor).toBe('abc');
    void documents.save_now(document);
    await runner.settle();
    expect(runner.waiting('document/save')[0]?.params).toEqual({ document: 'd1' });
  });

  test('is made anew by what was typed meanwhile, and the person is told', async () => {
    await runner.drop();
    insert(3, 'd');
    await reconnect(true);
    await runner.reply('document/open', { ...opened('', 1, { changes: [], etag: '' }), text: undefined });
    expect(document.made_anew).toBe(true);
    const sent = await runner.reply('document/edit', { version: 2 });
    expect(sent.params).toMatchObject({ document: 'd1', operation: [3, 'd'] });
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
    expect(document.made_anew).toBe(true);
    document.dismiss_made_anew();
    expect(document.made_anew).toBe(false);
  });

  test('and that the runner forgot is made anew with all of the text, not with what was typed alone', async () => {
    await runner.drop();
    insert(3, 'd');
    await reconnect(false);
    expect(asked()).not.toHaveProperty('create');
    await runner.refuse('document/open', 'not_found');
    expect(asked()).toMatchObject({ path: 'project/main.py', create: true });
    await runner.reply('document/open', made());
    expect(document.made_anew).toBe(true);
    expect(document.conflict).toBeUndefined();
    expect(editor).toBe('abcd');
    const sent = await runner.reply('document/edit', { version: 2 });
    expect(sent.params).toMatchObject({ document: 'd2', base_version: 1, operation: ['abcd'] });
    expect(document.has_pending()).toBe(false);
    expect(document.base()).toBe('abcd');
  });

  test('what stands there now, made by somebody in that moment, is met as ever', async () => {
    await runner.drop();
    insert(3, 'd');
    await reconnect(false);
    await runner.refuse('document/open', 'not_found');
    await runner.reply('document/open', opened('> abc', 1, { document: 'd2' }));
    expect(editor).toBe('> abcd');
    expect((await runner.reply('document/edit', { version: 2 })).params).toMatchObject({ operation: [5, 'd'] });
  });

  test('without anything typed, and forgotten, comes back when the person wants it', async () => {
    await reconnect(false);
    await runner.refuse('document/open', 'not_found');
    expect(document.deleted).toBe(true);
    expect(document.text()).toBe('abc');
    expect(runner.waiting('document/open')).toEqual([]); // nobody makes it behind the person's back
    const saving = documents.save_now(document);
    await runner.settle();
    await runner.refuse('document/open', 'not_found');
    expect(asked()).toMatchObject({ create: true });
    await runner.reply('document/open', made());
    expect((await runner.reply('document/edit', { version: 2 })).params).toMatchObject({ operation: ['abc'] });
    await runner.reply('document/save', { disk_version: 2, etag: 'e2' });
    await saving;
    expect(document.deleted).toBe(false);
    expect(document.made_anew).toBe(false); // the person knows
    expect(editor).toBe('abc');
  });

  test('is looked for again when its tab is chosen', async () => {
    const tabs = new EditorTabs(documents, 'tabs', new MemoryStorage());
    await tabs.open('project/main.py');
    await reconnect(false);
    await runner.refuse('document/open', 'not_found');
    await tabs.open('project/main.py');
    await runner.reply('document/open', opened('abc, made by a program', 1, { document: 'd2' }));
    expect(document.deleted).toBe(false);
    expect(editor).toBe('abc, made by a program');
  });

  test('comes back by the first key that is typed, too', async () => {
    await reconnect(false);
    await runner.refuse('document/open', 'not_found');
    insert(3, '!');
    await runner.settle();
    await runner.refuse('document/edit', 'not_found');
    await runner.refuse('document/open', 'not_found');
    await runner.reply('document/open', made());
    expect((await runner.reply('document/edit', { version: 2 })).params).toMatchObject({ operation: ['abc!'] });
    expect(document.text()).toBe('abc!');
  });
});
