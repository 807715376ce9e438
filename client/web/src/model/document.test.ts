// SPDX-License-Identifier: GPL-3.0-or-later
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { TextOperation } from '../protocol/text_operation';
import {
  document,
  documents,
  editor,
  given_up,
  insert,
  opened,
  reconnect,
  runner,
  use_document_stage,
} from '../testing/document_stage';

use_document_stage();

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

  test('of a file that may only be read a save is asked for where something is told of it, and not else', async () => {
    const state = {
      document: 'd1',
      path: 'project/main.py',
      journalled_version: 1,
      disk_version: 1,
      encoding: 'utf8',
      line_ending: 'lf',
      read_only: true,
      deleted: false,
    } as const;
    await runner.notify('document/state', state);
    await document.save();
    expect(runner.waiting('document/save').length).toBe(0);
    await runner.notify('document/state', { ...state, problem: 'What was typed is in main.py.rescued.' });
    expect(document.save_state()).toBe('unsaved');
    void documents.save_now(document); // Try again
    await runner.settle();
    expect(runner.waiting('document/save').length).toBe(1);
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

  describe('after a lost connection', () => {
    const known = { known_document: 'd1', known_version: 1 };

    test('an edit that had arrived is found among the changes and not sent again', async () => {
      insert(3, 'd');
      await runner.settle();
      const operation_id = runner.waiting('document/edit')[0]?.params['operation_id'] as string;
      await reconnect(true);
      const asked = await runner.reply('document/open', {
        ...opened('', 3),
        text: undefined,
        changes: [
          { version: 2, operation: [3, 'd'], origin: 's1', operation_id },
          { version: 3, operation: ['>', 4], origin: 's7' },
        ],
      });
      expect(asked.params).toMatchObject({ ...known, operation_id });
      expect(document.text()).toBe('>abcd');
      expect(editor).toBe('>abcd');
      expect(document.version()).toBe(3);
      expect(document.has_pending()).toBe(false);
      expect(runner.waiting('document/edit')).toEqual([]);
    });

    test('one that had not goes again as it was first sent, whatever others did since', async () => {
      insert(3, 'd');
      insert(4, 'e');
      await runner.settle();
      const first = runner.waiting('document/edit')[0];
      await reconnect(true);
      await runner.reply('document/open', {
        ...opened('', 2),
        text: undefined,
        changes: [{ version: 2, operation: ['>> ', 3], origin: 's7' }],
      });
      const again = await runner.reply('document/edit', { version: 3 });
      expect(again.params).toEqual(first?.params);
      const next = await runner.reply('document/edit', { version: 4 });
      expect(next.params).toMatchObject({ base_version: 3, operation: [7, 'e'] });
      expect(editor).toBe('>> abcde');
      expect(document.has_pending()).toBe(false);
    });

    test('the whole text says by a version that the edit is in it', async () => {
      insert(3, 'd');
      insert(4, 'e');
      await runner.settle();
      await reconnect(false);
      await runner.reply('document/open', opened('>abcd', 7, { document: 'd9', operation_version: 6 }));
      const sent = await runner.reply('document/edit', { version: 8 });
      expect(sent.params).toMatchObject({ document: 'd9', base_version: 7, operation: [5, 'e'] });
      expect(editor).toBe('>abcde');
      expect(document.has_pending()).toBe(false);
    });

    test('without one the edit goes anew, under another id', async () => {
      insert(3, 'd');
      await runner.settle();
      const first = runner.waiting('document/edit')[0];
      await reconnect(false);
      await runner.reply('document/open', opened('abc', 7, { document: 'd9' }));
      const sent = await runner.reply('document/edit', { version: 8 });
      expect(sent.params).toMatchObject({ document: 'd9', base_version: 7, operation: [3, 'd'] });
      expect(sent.params['operation_id']).not.toBe(first?.params['operation_id']);
      expect(document.has_pending()).toBe(false);
    });

    test('where the text seems to hold what nobody remembers, the person is asked', async () => {
      insert(1, 'bb');
      await runner.settle();
      await reconnect(false);
      await runner.reply('document/open', opened('> abbbc', 7, { document: 'd9' }));
      expect(document.save_state()).toBe('conflict');
      expect(editor).toBe('abbbc');
      document.choose('mine');
      expect(editor).toBe('> abbbc');
      const sent = await runner.settle().then(() => runner.waiting('document/edit'));
      for (const { params } of sent)
        expect(TextOperation.from_wire(params['operation'] as never)?.apply('> abbbc')).toBe('> abbbc');
    });

    test('and asked the same when the whole text comes again: nothing is doubled', async () => {
      const lines = 'alpha\nbeta\ngamma\n';
      await runner.notify('document/changed', { document: 'd1', version: 2, operation: [-3, lines], origin: 's7' });
      insert(11, 'beta\n');
      await runner.settle();
      await reconnect(false);
      await runner.reply('document/open', opened('# alpha\nbeta\nbeta\ngamma\n', 7, { document: 'd9' }));
      expect(document.save_state()).toBe('conflict');
      await reconnect(false);
      const text = '## alpha\nbeta\nbeta\ngamma\n';
      await runner.reply('document/open', opened(text, 1, { document: 'd10' }));
      expect(document.save_state()).toBe('conflict');
      expect(document.theirs()).toBe(text);
      document.choose('mine');
      expect(editor).toBe(text);
      await runner.settle();
      for (const { params } of runner.waiting('document/edit'))
        expect(TextOperation.from_wire(params['operation'] as never)?.apply(text)).toBe(text);
    });

    test('what the text holds wholly is not sent again', async () => {
      insert(1, 'bb');
      await runner.settle();
      await reconnect(false);
      await runner.reply('document/open', opened('abbbc', 7, { document: 'd9' }));
      expect(document.save_state()).toBe('on_disk');
      expect(editor).toBe('abbbc');
      insert(0, '#');
      const sent = await runner.reply('document/edit', { version: 8 });
      expect(sent.params).toMatchObject({ base_version: 7, operation: ['#', 5] });
    });

    test('what was typed without it goes as one edit', async () => {
      await runner.drop();
      insert(3, 'd');
      insert(4, 'e');
      await vi.advanceTimersByTimeAsync(300);
      await runner.accept({ resumed: true });
      await runner.reply('document/open', { ...opened('', 1), text: undefined, changes: [] });
      const sent = await runner.reply('document/edit', { version: 2 });
      expect(sent.params['operation']).toEqual([3, 'de']);
      expect(document.text()).toBe('abcde');
    });

    test('what is told while the answer is on its way is taken after it', async () => {
      await reconnect(true);
      insert(3, 'd');
      await runner.notify('document/changed', { document: 'd1', version: 3, operation: ['2', 4], origin: 's7' });
      await runner.reply('document/open', {
        ...opened('', 2),
        text: undefined,
        changes: [{ version: 2, operation: ['1', 3], origin: 's7' }],
      });
      expect(editor).toBe('21abcd');
      const sent = await runner.reply('document/edit', { version: 4 });
      expect(sent.params).toMatchObject({ base_version: 3, operation: [5, 'd'] });
    });
  });

  test('a base that is forgotten: the text is asked for and the edit goes anew', async () => {
    insert(3, 'd');
    insert(4, 'e');
    await runner.settle();
    await runner.refuse('document/edit', 'stale_base');
    const asked = await runner.reply('document/open', opened('> abc', 5));
    expect(asked.params['operation_id']).toBeUndefined();
    const again = await runner.reply('document/edit', { version: 6 });
    expect(again.params).toMatchObject({ base_version: 5, operation: [5, 'de'] });
    expect(document.text()).toBe('> abcde');
    expect(editor).toBe('> abcde');
  });

  test('changes that don’t fit: the whole text is asked for', async () => {
    await runner.notify('document/changed', { document: 'd1', version: 2, operation: [9, '!'], origin: 's7' });
    const asked = await runner.reply('document/open', opened('abc!', 2));
    expect(asked.params['known_document']).toBeUndefined();
    expect(editor).toBe('abc!');
  });

  test('others’ edits of the same place are merged as they come', async () => {
    insert(3, ' mine');
    await runner.settle();
    await runner.notify('document/changed', { document: 'd1', version: 2, operation: [3, ' theirs'], origin: 's7' });
    expect(editor).toBe('abc theirs mine');
    await runner.reply('document/edit', { version: 3 });
    expect(document.conflict).toBeUndefined();
    expect(document.version()).toBe(3);
    expect(document.text()).toBe('abc theirs mine');
  });

  test('an answer that skips a version asks what was missed', async () => {
    insert(3, 'd');
    await runner.settle();
    const sent = await runner.reply('document/edit', { version: 3 });
    const operation_id = sent.params['operation_id'] as string;
    await runner.reply('document/open', {
      ...opened('', 3),
      text: undefined,
      changes: [
        { version: 2, operation: ['>', 3], origin: 's7' },
        { version: 3, operation: [4, 'd'], origin: 's1', operation_id },
      ],
    });
    expect(editor).toBe('>abcd');
    expect(document.has_pending()).toBe(false);
    expect(document.version()).toBe(3);
  });

  describe('typed without a connection for longer than a moment', () => {
    /** Away for a while; `mine` is typed meanwhile, and others make `text` of it. */
    async function away(mine: () => void, text: string, seconds = 30): Promise<void> {
      await runner.drop();
      mine();
      await vi.advanceTimersByTimeAsync(seconds * 1000);
      await runner.accept({ resumed: false, session: 's2' });
      await runner.reply('document/open', opened(text, 4, { document: 'd9' }));
    }

    test('where nobody else wrote there it is merged without a question', async () => {
      await away(() => insert(3, 'd'), '>> abc');
      expect(editor).toBe('>> abcd');
      expect(document.conflict).toBeUndefined();
      const sent = await runner.reply('document/edit', { version: 5 });
      expect(sent.params).toMatchObject({ base_version: 4, operation: [6, 'd'] });
    });

    test('a moment is no question either', async () => {
      await away(() => insert(3, ' mine'), 'abc theirs', 1);
      expect(document.conflict).toBeUndefined();
      expect(editor).toBe('abc theirs mine');
    });

    test('nor is what was typed before, if nothing was typed meanwhile', async () => {
      insert(3, ' mine');
      await runner.settle();
      await away(() => {}, 'abc theirs');
      expect(document.conflict).toBeUndefined();
      expect(editor).toBe('abc theirs mine');
    });

    describe('where another wrote at the same place', () => {
      const mine = () => {
        insert(3, ' mine');
        insert(0, 'top ');
      };
      beforeEach(() => away(mine, 'abc theirs\n'));

      test('nothing is lost and nothing is sent', async () => {
        expect(document.save_state()).toBe('conflict');
        expect(document.text()).toBe('top abc mine');
        expect(document.theirs()).toBe('abc theirs\n');
        insert(12, '!');
        await runner.settle();
        expect(document.text()).toBe('top abc mine!');
        expect(runner.waiting('document/edit')).toEqual([]);
      });

      const sent_text = async () => {
        await runner.settle();
        if (runner.waiting('document/edit').length === 0) return 'abc theirs\n';
        const { params } = await runner.reply('document/edit', { version: 5 });
        expect(params['base_version']).toBe(4);
        return TextOperation.from_wire(params['operation'] as never)?.apply('abc theirs\n');
      };

      for (const [choice, text] of [
        ['mine', 'top abc mine'],
        ['theirs', 'top abc theirs\n'],
        ['both', 'top abc theirs\n mine'],
      ] as const)
        test(`${choice}: all agree, and what only one side changed stands`, async () => {
          document.choose(choice);
          expect(editor).toBe(text);
          expect(document.text()).toBe(text);
          expect(await sent_text()).toBe(text);
          expect(document.save_state()).toBe('journalled');
        });

      test('what was given up is an undo away', () => {
        document.choose('theirs');
        expect(given_up.length).toBe(1);
        expect(given_up[0]?.apply('top abc')).toBe('top abc mine');
      });

      test('their further changes are followed', async () => {
        await runner.notify('document/changed', { document: 'd9', version: 5, operation: [11, '!'], origin: 's7' });
        expect(document.theirs()).toBe('abc theirs\n!');
        document.choose('theirs');
        expect(editor).toBe('top abc theirs\n!');
        expect(document.version()).toBe(5);
      });
    });

    test('it is asked about changes too, and an edit among them is not asked about', async () => {
      insert(3, 'd');
      await runner.settle();
      const operation_id = runner.waiting('document/edit')[0]?.params['operation_id'] as string;
      await runner.drop();
      insert(4, ' mine');
      await vi.advanceTimersByTimeAsync(5000);
      await runner.accept({ resumed: true });
      await runner.reply('document/open', {
        ...opened('', 4),
        text: undefined,
        changes: [
          { version: 2, operation: ['>', 3], origin: 's7' },
          { version: 3, operation: [4, 'd'], origin: 's1', operation_id },
          { version: 4, operation: [5, ' theirs'], origin: 's7' },
        ],
      });
      expect(document.conflict).toBeDefined();
      expect(document.text()).toBe('abcd mine');
      expect(document.theirs()).toBe('>abcd theirs');
      document.choose('both');
      expect(editor).toBe('>abcd theirs mine');
      const sent = await runner.reply('document/edit', { version: 5 });
      expect(sent.params).toMatchObject({ base_version: 4, operation: [12, ' mine'] });
    });
  });

  test('a refused edit keeps the text and says why', async () => {
    insert(3, 'd');
    await runner.settle();
    await runner.refuse('document/edit', 'permission_denied', 'You may only look.');
    expect(document.save_state()).toBe('conflict');
    expect(document.conflict?.reason).toContain('You may only look.');
    expect(document.text()).toBe('abcd');
    document.choose('theirs');
    expect(editor).toBe('abc');
    expect(document.has_pending()).toBe(false);
  });

  describe('a change on disk', () => {
    test('that takes words away is told, with what was there', async () => {
      insert(3, '\nd\ne\n');
      await runner.settle();
      await runner.reply('document/edit', { version: 2 });
      await runner.notify('document/changed', {
        document: 'd1',
        version: 3,
        operation: [4, -4, 'new'],
        origin: 'disk',
        kept: '.trash/main.py',
      });
      expect(document.disk_change).toMatchObject({ lines: 2, before: 'abc\nd\ne\n', after: 'abc\nnew' });
      expect(document.disk_change?.kept).toBe('.trash/main.py');
      await runner.notify('document/changed', { document: 'd1', version: 4, operation: [-3, 4], origin: 'disk' });
      expect(document.disk_change).toMatchObject({ before: 'abc\nd\ne\n', after: '\nnew' });
      document.dismiss_disk_change();
      expect(document.disk_change).toBeUndefined();
    });

    test('that adds, or moves white space, is not', async () => {
      await runner.notify('document/changed', { document: 'd1', version: 2, operation: [1, '  ', 2], origin: 'disk' });
      await runner.notify('document/changed', { document: 'd1', version: 3, operation: [1, -2, 2], origin: 'disk' });
      expect(document.disk_change).toBeUndefined();
    });

    test('by another person is not', async () => {
      await runner.notify('document/changed', { document: 'd1', version: 2, operation: [-3], origin: 's7' });
      expect(document.disk_change).toBeUndefined();
    });
  });
});
