// SPDX-License-Identifier: GPL-3.0-or-later
// Several windows on one document, over connections that come and go: everyone ends with the runner's text, no key is lost
// or doubled, and an undo takes back nothing of others'. Seeded: a failure tells its number.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TextOperation } from '../protocol/text_operation';
import { FakeDocuments } from '../testing/fake_documents';
import { FakeRunner } from '../testing/fake_runner';
import { random_of, random_operation } from '../testing/random_text';
import type { Document } from './document';
import { Documents } from './documents';
import { UndoStack } from './undo_stack';

type Luck = (below: number) => number;

class Window {
  readonly runner = new FakeRunner();
  readonly documents = new Documents(this.runner.connection);
  readonly undo = new UndoStack();
  document!: Document;
  editor = '';
  online = true;
  private inbox_: (() => Promise<void>)[] = []; // what the runner says, in order, as the network lets it through

  constructor(
    readonly name: string,
    private readonly journal_: FakeDocuments,
  ) {}

  async open(): Promise<void> {
    this.runner.connection.start();
    await this.runner.accept({ session: this.name });
    const opening = this.documents.open(this.journal_.path);
    await this.runner.settle();
    await this.runner.reply('document/open', this.journal_.opened());
    this.document = await opening;
    this.editor = this.document.text();
    this.document.editor = {
      remote: (operation) => {
        this.show(operation);
        this.undo.remote(operation);
      },
      own: (operation, inverse) => {
        this.show(operation);
        this.undo.typed(operation, inverse, [], Date.now());
      },
    };
  }

  type(operation: TextOperation): void {
    this.show(operation);
    const edited = this.document.edit(operation);
    if (edited) this.undo.typed(edited.operation, edited.inverse, [], Date.now());
  }
  step(which: 'undo' | 'redo'): void {
    this.undo[which]((step) => {
      this.show(step.operation);
      return this.document.edit(step.operation)?.inverse;
    });
  }

  /** The runner takes the next request; its answer, and what others are told, go on their way. */
  async request(others: Window[]): Promise<boolean> {
    const { runner, journal_: journal } = this;
    await runner.settle();
    if (!this.online) return false;
    const open = runner.waiting('document/open')[0];
    const edit = runner.waiting('document/edit')[0];
    if (open && !this.asked_.has(open)) {
      this.asked_.add(open);
      const answer = journal.opened(open.params);
      this.inbox_.push(async () => void (await runner.reply('document/open', answer)));
      return true;
    }
    if (!edit || this.asked_.has(edit)) return false;
    this.asked_.add(edit);
    const answer = journal.edit(edit.params as never, this.name);
    if (typeof answer === 'string') {
      this.inbox_.push(async () => void (await runner.refuse('document/edit', answer)));
      return true;
    }
    this.inbox_.push(async () => void (await runner.reply('document/edit', { version: answer.version })));
    if (answer.applied) for (const other of others) if (other !== this) other.hear();
    return true;
  }
  /** The newest change is told. */
  hear(): void {
    const accepted = this.journal_.accepted.at(-1)?.told;
    if (accepted && this.online) this.inbox_.push(() => this.journal_.tell([this.runner], accepted));
  }
  async receive(): Promise<boolean> {
    const next = this.inbox_.shift();
    if (next) await next();
    return next !== undefined;
  }

  async drop(): Promise<void> {
    this.online = false;
    this.inbox_ = [];
    await this.runner.drop();
  }
  async come_back(): Promise<void> {
    await this.runner.settle();
    this.runner.connection.retry_now();
    await this.runner.accept({ resumed: true, session: this.name });
    this.online = true;
  }

  /** The runner answers pings at once: time passes fast here. */
  async pong(): Promise<void> {
    if (this.online) while (this.runner.waiting('session/ping').length > 0) await this.runner.reply('session/ping', {});
  }

  private readonly asked_ = new WeakSet<object>();
  private show(operation: TextOperation): void {
    const after = operation.apply(this.editor);
    if (after === undefined) throw new Error(`${this.name} was told what does not fit`);
    this.editor = after;
  }
}

let windows: Window[] = [];
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  for (const { runner } of windows) runner.connection.close();
  vi.useRealTimers();
});

/** Time passes. */
async function pass(milliseconds: number): Promise<void> {
  for (const window of windows) await window.pong();
  await vi.advanceTimersByTimeAsync(milliseconds);
  for (const window of windows) await window.pong();
}

async function settle(): Promise<void> {
  for (const window of windows) if (!window.online) await window.come_back();
  for (let moves = true; moves;) {
    moves = false;
    for (const window of windows) {
      if (window.document.conflict) window.document.choose('both');
      while (await window.request(windows)) moves = true;
      while (await window.receive()) moves = true;
    }
  }
}

async function live(luck: Luck, journal: FakeDocuments, type: (window: Window) => void): Promise<void> {
  for (let events = 120; events > 0; --events) {
    const window = windows[luck(windows.length)] as Window;
    const chance = luck(40);
    if (chance < 12) type(window);
    else if (chance < 20) await window.request(windows);
    else if (chance < 32) await window.receive();
    else if (chance < 34) window.step('undo');
    else if (chance < 35) window.step('redo');
    else if (chance < 36 && window.online) await window.drop();
    else if (chance < 38 && !window.online) await window.come_back();
    else if (chance === 38) journal.reach = luck(3) === 0 ? luck(4) : Infinity;
    else if (window.document.conflict) window.document.choose((['mine', 'theirs', 'both'] as const)[luck(3)] ?? 'both');
    await pass(luck(10) === 0 ? 2500 : 20);
  }
  await settle();
  for (const window of windows) {
    expect(window.editor).toBe(window.document.text());
    expect(window.editor).toBe(journal.text);
    expect(window.document.has_pending()).toBe(false);
  }
}

async function open_windows(journal: FakeDocuments, count: number): Promise<void> {
  for (const { runner } of windows) runner.connection.close();
  windows = Array.from({ length: count }, (_, index) => new Window(`s${index}`, journal));
  for (const window of windows) await window.open();
}

for (let seed = 1; seed <= 30; ++seed)
  test(`whatever is typed, undone and lost: one text (seed ${seed})`, async () => {
    const luck = random_of(seed);
    const journal = new FakeDocuments('line one\nline 😀\n');
    await open_windows(journal, 2 + luck(2));
    await live(luck, journal, (window) => {
      const { editor } = window;
      const cut = editor.slice(0, 20).replace(/[\ud800-\udbff]$/, '');
      window.type(editor.length < 80 ? random_operation(luck, editor) : TextOperation.difference(editor, cut));
    });
  });

for (let seed = 1; seed <= 30; ++seed)
  test(`every key once, and taken back by whom it was typed (seed ${seed})`, async () => {
    const luck = random_of(1000 + seed);
    const journal = new FakeDocuments('');
    await open_windows(journal, 2 + luck(2));
    let typed = 0;
    const write = (window: Window) => {
      const places = [0, ...[...window.editor.matchAll(/\n/g)].map(({ index }) => index + 1)];
      const at = places[luck(places.length)] as number;
      window.undo.pause(); // a step of its own
      window.type(
        new TextOperation()
          .retain(at)
          .insert(`<${window.name}.${typed++}>\n`)
          .retain(window.editor.length - at),
      );
    };
    for (let rounds = 0; rounds < 3; ++rounds) {
      for (let events = 60; events > 0; --events) {
        const window = windows[luck(windows.length)] as Window;
        const chance = luck(20);
        if (chance < 6) write(window);
        else if (chance < 11) await window.request(windows);
        else if (chance < 17) await window.receive();
        else if (chance === 17 && window.online) await window.drop();
        else if (chance === 18 && !window.online) await window.come_back();
        else if (chance === 19) journal.reach = luck(3) === 0 ? luck(4) : Infinity;
      }
      await settle();
      for (const window of windows) expect(window.editor).toBe(journal.text);
      expect((journal.text.match(/<s\d+\.\d+>/g) ?? []).length).toBe(typed);
      expect(new Set(journal.text.match(/<s\d+\.\d+>/g)).size).toBe(typed);
    }
    const [first] = windows;
    while (first?.undo.can_undo()) first.step('undo');
    await settle();
    expect(journal.text).not.toContain('<s0.');
    const others = windows.slice(1).reduce((sum, { name }) => sum + journal.text.split(`<${name}.`).length - 1, 0);
    while (first?.undo.can_redo()) first.step('redo');
    await settle();
    expect((journal.text.match(/<s\d+\.\d+>/g) ?? []).length).toBe(typed);
    expect(others).toBe(typed - (journal.text.split('<s0.').length - 1));
    for (const window of windows) expect(window.editor).toBe(journal.text);
  });
