// SPDX-License-Identifier: GPL-3.0-or-later
// Pages of one browser over a fake runner, each with what it keeps of unsent text: they come, die and leave it to the next.
import { afterEach, beforeEach, vi } from 'vitest';
import type { Document } from '../model/document';
import { Documents } from '../model/documents';
import { UnsentTexts } from '../model/unsent_texts';
import { TextOperation } from '../protocol/text_operation';
import { FakeDocuments } from './fake_documents';
import { FakeRunner } from './fake_runner';
import { FakeUnsentStore, FakeWindows } from './fake_unsent_store';

export const path = 'project/main.py';
export let store: FakeUnsentStore;
export let windows: FakeWindows;
export let journal: FakeDocuments;
let runners: FakeRunner[];

export function use_unsent_stage(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    store = new FakeUnsentStore();
    windows = new FakeWindows();
    new_journal();
    runners = [];
  });
  afterEach(() => {
    for (const runner of runners) runner.connection.close();
    vi.useRealTimers();
  });
}

/** Another runner's document. */
export function new_journal(text = 'abc'): void {
  journal = new FakeDocuments(text);
}

/** A page with a connection, and no file open yet. */
export async function visit(scope = 'ada.abcdefghij') {
  const runner = new FakeRunner();
  runners.push(runner);
  const locks = windows.open();
  const documents = new Documents(runner.connection, new UnsentTexts(scope, store, locks));
  runner.connection.start();
  await runner.accept({ session: `s${runners.length}` });
  /** The page, its browser or its machine dies: nothing of it runs any more. */
  const die = () => {
    runner.connection.close();
    vi.clearAllTimers();
    windows.end(locks.own);
  };
  return { runner, documents, die };
}

/** A page that has the file open. */
export async function page(scope?: string) {
  const visited = await visit(scope);
  const { runner, documents } = visited;
  const opening = documents.open(path);
  await vi.advanceTimersByTimeAsync(0);
  const open = runner.waiting('document/open')[0];
  await runner.reply('document/open', journal.opened(open?.params));
  return { ...visited, document: await opening };
}

/** The same while others live that keep something: it waits for their end for a while. */
export async function page_beside() {
  const visited = await visit();
  const opening = visited.documents.open(path);
  await vi.advanceTimersByTimeAsync(600);
  await journal.serve(visited.runner);
  return { ...visited, document: await opening };
}

export function insert(document: Document, at: number, text: string): void {
  const { length } = document.text();
  document.edit(
    new TextOperation()
      .retain(at)
      .insert(text)
      .retain(length - at),
  );
}

/** What is typed and not acknowledged is in the store by then. */
export const keep_time = () => vi.advanceTimersByTimeAsync(260);
