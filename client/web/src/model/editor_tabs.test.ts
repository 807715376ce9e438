// SPDX-License-Identifier: GPL-3.0-or-later
import { beforeEach, describe, expect, test } from 'vitest';
import { FakeRunner } from '../testing/fake_runner';
import { FakeUnsentStore, FakeWindows } from '../testing/fake_unsent_store';
import { MemoryStorage } from '../testing/memory_storage';
import { Documents } from './documents';
import { EditorTabs } from './editor_tabs';
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
});
