// SPDX-License-Identifier: GPL-3.0-or-later
// One open document over a fake runner, and what an editor would show of it, made anew for each test.
import { afterEach, beforeEach, vi } from 'vitest';
import type { Document } from '../model/document';
import { Documents } from '../model/documents';
import type { DocumentOpenResult } from '../protocol/messages';
import { TextOperation } from '../protocol/text_operation';
import { FakeRunner } from './fake_runner';

export const opened = (text: string, version = 1, more: Partial<DocumentOpenResult> = {}): DocumentOpenResult => ({
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

export let runner: FakeRunner;
export let documents: Documents;
export let document: Document;
export let editor: string; // what Monaco would show
export let given_up: TextOperation[]; // what an undo would bring back of a choice

export const insert = (at: number, text: string) => {
  const operation = new TextOperation()
    .retain(at)
    .insert(text)
    .retain(editor.length - at);
  editor = operation.apply(editor) as string;
  document.edit(operation);
};

/** The editor takes the document's text as it is now. */
export const show_again = () => {
  editor = document.text();
};

export async function reconnect(resumed: boolean): Promise<void> {
  await runner.drop();
  await vi.advanceTimersByTimeAsync(300);
  await runner.accept({ resumed, session: resumed ? 's1' : 's2' });
}

export function use_document_stage(): void {
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
    given_up = [];
    document.editor = {
      remote: (operation) => (editor = operation.apply(editor) as string),
      own: (operation, inverse) => {
        editor = operation.apply(editor) as string;
        given_up.push(inverse);
      },
    };
  });
  afterEach(() => {
    runner.connection.close();
    vi.useRealTimers();
  });
}
