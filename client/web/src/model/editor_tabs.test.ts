// SPDX-License-Identifier: GPL-3.0-or-later
import { beforeEach, describe, expect, test } from 'vitest';
import { FakeRunner } from '../testing/fake_runner';
import { FakeUnsentStore, FakeWindows } from '../testing/fake_unsent_store';
import { MemoryStorage } from '../testing/memory_storage';
import { Documents } from './documents';
import { EditorTabs, type EditorTab } from './editor_tabs';
import { UnsentTexts } from './unsent_texts';

let storage: MemoryStorage;
let store: FakeUnsentStore;
let tabs: EditorTabs;

/** A window of its own on the same storage: what a reload makes. */
const make = () => {
  const unsent = new UnsentTexts('ada.abcdefghij', store, new FakeWindows().open());
  const documents = new Documents(new FakeRunner().connection, unsent);
  return new EditorTabs(documents, 'tabs', storage);
};
const open = (...paths: string[]) => {
  for (const path of paths) void tabs.open(path);
};
const paths = () => tabs.tabs.map((tab) => tab.path);

beforeEach(() => {
  storage = new MemoryStorage();
  store = new FakeUnsentStore();
  tabs = make();
});

describe('EditorTabs', () => {
  test('are as they were after a reload, in their order', async () => {
    open('a', 'b', 'c');
    tabs.move(tabs.tabs[2] as never, tabs.tabs[0] as never);
    tabs.show(tabs.tabs[1] as never);
    expect(paths()).toEqual(['c', 'a', 'b']);
    tabs = make();
    expect(await tabs.restore()).toBe(true);
    expect(paths()).toEqual(['c', 'a', 'b']);
    expect(tabs.active?.path).toBe('a');
  });

  test('a tab moves to the place it is dropped on, from either side', () => {
    open('a', 'b', 'c', 'd');
    const [a, , c] = tabs.tabs;
    tabs.move(a as never, c as never);
    expect(paths()).toEqual(['b', 'c', 'a', 'd']);
    tabs.move(a as never, tabs.tabs[0] as never);
    expect(paths()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('a file with text left by the page before is opened again, though its tab was closed', async () => {
    open('a');
    const nothing = { base_change: undefined, in_flight: undefined, offline_since: undefined };
    await store.put(
      {
        author: 'x',
        scope: 'ada.abcdefghij',
        window: 'gone',
        path: 'project/closed.py',
        document: 'd1',
        base_version: 1,
        waiting: [3, 'd'],
        kept_at: 0,
        ...nothing,
      },
      'abc',
    );
    tabs = make();
    expect(await tabs.restore()).toBe(true);
    expect(paths()).toEqual(['a', 'project/closed.py']);
  });

  test('a file that is opened only if it is there leaves no tab when it is not', async () => {
    const runner = new FakeRunner();
    tabs = new EditorTabs(new Documents(runner.connection), 'tabs', storage);
    runner.connection.start();
    await runner.accept();
    const first = tabs.open('readme', { if_there: true });
    await runner.settle();
    await runner.refuse('document/open', 'not_found');
    await first;
    expect(paths()).toEqual([]);
    const wanted = tabs.open('readme');
    await runner.settle();
    await runner.refuse('document/open', 'not_found');
    await wanted;
    expect(tabs.tabs[0]?.problem).toContain('does not exist');
  });

  test('closing goes back to what was shown before, and the last but one comes first among recent ones', () => {
    open('a', 'b', 'c');
    tabs.show(tabs.tabs[0] as never);
    expect(tabs.recent()).toEqual(['c', 'b', 'a']);
    tabs.close(tabs.tabs[0] as never);
    expect(tabs.active?.path).toBe('c');
  });

  describe('in groups', () => {
    const tab = (path: string, group?: number) =>
      tabs.tabs.find((one) => one.path === path && (group === undefined || one.group === group)) as EditorTab;
    const shape = () =>
      tabs.groups.all().map((group) =>
        tabs
          .in_group(group)
          .map(({ path }) => path)
          .join(' '),
      );

    test('a split shows the same file once more and has the keys; closing it gives the room back', () => {
      open('a', 'b');
      tabs.split(tab('b'), 'right');
      expect(shape()).toEqual(['a b', 'b']);
      expect(tabs.groups.active).toBe(2);
      expect(tabs.active).toBe(tab('b', 2));
      open('c');
      expect(shape()).toEqual(['a b', 'b c']);
      tabs.close(tab('b', 2));
      tabs.close(tab('c'));
      expect(shape()).toEqual(['a b']);
      expect([tabs.groups.active, tabs.active?.path]).toEqual([1, 'b']);
    });

    test('a tab is dragged to another group, to its edge, and back', () => {
      open('a', 'b', 'c');
      tabs.move_to(tab('c'), 1, 'down');
      expect(shape()).toEqual(['a b', 'c']);
      expect(tabs.groups.layout).toEqual({ direction: 'column', parts: [1, 2] });
      tabs.move(tab('a'), tab('c'));
      expect(shape()).toEqual(['b', 'a c']);
      tabs.move_to(tab('b'), 2);
      expect(shape()).toEqual(['a c b']);
      expect(tabs.active?.path).toBe('b');
      tabs.move_to(tab('b'), 2, 'left');
      expect(shape()).toEqual(['b', 'a c']);
      tabs.move_to(tab('b'), 3, 'left'); // alone already
      expect(shape()).toEqual(['b', 'a c']);
    });

    test('a file that comes to a group which has it is there once', () => {
      open('a');
      tabs.split(tab('a'), 'right');
      tabs.move_to(tab('a', 1), 2);
      expect(shape()).toEqual(['a']);
      expect(tabs.active?.path).toBe('a');
    });

    test('groups, their sizes’ order and what they show are there after a reload', async () => {
      open('a', 'b');
      tabs.split(tab('b'), 'right');
      tabs.split(tab('b', 2), 'down', true);
      tabs.show(tab('a'));
      tabs = make();
      await tabs.restore();
      expect(shape()).toEqual(['a b', 'b', 'b']);
      expect(tabs.groups.layout).toEqual({ direction: 'row', parts: [1, { direction: 'column', parts: [2, 3] }] });
      expect([tabs.groups.active, tabs.active?.path]).toEqual([1, 'a']);
      expect(tabs.shown_in(3)?.preview).toBe(true);
    });

    test('what was remembered by another release, or is damaged, opens nothing and breaks nothing', async () => {
      for (const wrong of [7, 'x', { groups: 3 }, { groups: [{ id: 1, tabs: 'x' }] }, { groups: [null], layout: 9 }]) {
        storage.setItem('tabs', JSON.stringify(wrong));
        tabs = make();
        expect(await tabs.restore()).toBe(false);
        expect(tabs.groups.all()).toEqual([1]);
      }
    });

    test('the document stays until the last tab that shows it is closed', async () => {
      const runner = new FakeRunner();
      const documents = new Documents(runner.connection);
      tabs = new EditorTabs(documents, 'tabs', storage);
      runner.connection.start();
      await runner.accept();
      const first = tabs.open('a');
      await runner.settle();
      await runner.refuse('document/open', 'unsupported');
      await first;
      const closed: unknown[] = [];
      documents.close = (document) => void closed.push(document);
      const shared = {} as never;
      tabs.split(tab('a'), 'right');
      for (const one of tabs.tabs) one.document = shared;
      tabs.close(tab('a', 1));
      expect(closed).toEqual([]);
      tabs.close(tab('a', 2));
      expect(closed).toEqual([shared]);
    });

    test('the one that was closed last comes back', () => {
      open('a', 'b');
      tabs.close(tab('a'));
      expect(tabs.reopen_closed()).toBe(true);
      expect(tabs.active?.path).toBe('a');
      expect(tabs.reopen_closed()).toBe(false);
    });
  });
});
