// SPDX-License-Identifier: GPL-3.0-or-later
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Participant } from '../protocol/messages';
import { TextOperation } from '../protocol/text_operation';
import { FakeRunner } from '../testing/fake_runner';
import { initials, Presence, type PlacedDocument } from './presence';

class FakeDocument implements PlacedDocument {
  id = 'd1';
  version_ = 3;
  /** Of text typed at the beginning that the runner lacks. */
  typed = 0;
  version() {
    return this.version_;
  }
  shown_position(position: number) {
    return position + this.typed;
  }
  base_position(position: number) {
    return Math.max(0, position - this.typed);
  }
}

const ada: Participant = {
  session: 's1',
  user: 'u-ada',
  name: 'Ada Lovelace',
  colour: 0,
  role: 'owner',
  connected: true,
  since: 1,
  version: 0,
  selections: [],
};
const grace: Participant = {
  ...ada,
  session: 's2',
  user: 'u-grace',
  name: 'Grace Hopper',
  colour: 1,
  role: 'editor',
  since: 2,
};
function at(position: number, version = 3): Participant {
  const selections = [{ anchor: position, head: position + 2 }];
  return { ...grace, document: 'd1', path: 'project/main.py', version, selections, top: 0 };
}

let runner: FakeRunner;
let document: FakeDocument;
let presence: Presence;

async function begin(...people: Participant[]): Promise<void> {
  runner.connection.start();
  await runner.accept();
  await runner.reply('presence/list', { participants: [ada, ...people] });
}
function seen(): number[] {
  return presence.in(document).flatMap(({ selections }) => selections.map(({ head }) => head));
}
function said() {
  return runner.waiting('presence/set').map(({ params }) => params);
}

beforeEach(() => {
  vi.useFakeTimers();
  runner = new FakeRunner();
  document = new FakeDocument();
  presence = new Presence(runner.connection, (id) => (id === document.id ? document : undefined));
});
afterEach(() => {
  runner.connection.close();
  vi.useRealTimers();
});

test('people are listed in the order they came, with words for whose windows they are', async () => {
  const other_window = { ...ada, session: 's3', since: 5 };
  const graces_second = { ...grace, session: 's4', since: 6 };
  await begin(graces_second, other_window, grace);
  expect(presence.all().map((who) => presence.label(who))).toEqual([
    'Ada Lovelace (you)',
    'Grace Hopper',
    'Ada Lovelace (you, another window)',
    'Grace Hopper (2)',
  ]);
  await runner.notify('presence/left', { session: 's2' });
  expect(presence.others().map(({ session }) => session)).toEqual(['s3', 's4']);
});

test('initials are of the first two names, whatever letters they have', () => {
  expect(initials('Ada Lovelace King')).toBe('AL');
  expect(initials(' ß ')).toBe('SS');
  expect(initials('𝒜da')).toBe('𝒜');
  expect(initials('')).toBe('?');
});

test('cursors are brought past what is typed here and not acknowledged', async () => {
  await begin(at(5));
  expect(seen()).toEqual([7]);
  document.typed = 10;
  await runner.notify('presence/changed', { participant: at(6) });
  expect(seen()).toEqual([18]);
});

test('cursors move with each change; a writer’s own cursor follows what they write', async () => {
  await begin(at(5));
  presence.text_changed(document, new TextOperation().retain(2).insert('abc').retain(50));
  expect(seen()).toEqual([10]);
  const stop = runner.connection.on('document/changed', ({ operation }) => {
    presence.text_changed(document, TextOperation.from_wire(operation)!);
  });
  await runner.notify('document/changed', { document: 'd1', version: 4, operation: [10, 'x', 45], origin: 's2' });
  stop();
  expect(seen()).toEqual([11]);
  presence.text_changed(document, new TextOperation().retain(11).insert('mine').retain(45));
  expect(seen()).toEqual([11]);
});

test('what was told ahead of the text waits for it', async () => {
  await begin(at(5, 4));
  expect(seen()).toEqual([]);
  document.version_ = 4;
  const moved = vi.fn();
  presence.on_cursors(moved);
  presence.caught_up(document);
  expect(seen()).toEqual([7]);
  expect(moved).toHaveBeenCalledOnce();
});

test('the own place is told at most every 60 ms, and only when it changed', async () => {
  await begin();
  let head = 1;
  presence.text_place = () => ({ document, selections: [{ anchor: head, head }], top: 0 });
  await vi.advanceTimersByTimeAsync(100);
  runner.socket().requests.length = 0;
  presence.moved();
  for (head = 2; head < 20; ++head) presence.moved();
  expect(said()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(60);
  expect(said()).toHaveLength(2);
  expect(said()[1]).toMatchObject({ document: 'd1', version: 3, selections: [{ anchor: 20, head: 20 }], top: 0 });
  await vi.advanceTimersByTimeAsync(200);
  presence.moved();
  expect(said()).toHaveLength(2);
});

test('what is typed and not acknowledged is taken off the own positions', async () => {
  document.typed = 4;
  await begin();
  await vi.advanceTimersByTimeAsync(100);
  presence.text_place = () => ({ document, selections: [{ anchor: 9, head: 9 }], top: 4 });
  presence.moved();
  expect(said().at(-1)).toMatchObject({ selections: [{ anchor: 5, head: 5 }], top: 0 });
});

test('a lost connection shows the others as away, and who is there is asked again', async () => {
  await begin(at(5));
  await runner.drop();
  expect(presence.others().map(({ connected }) => connected)).toEqual([false]);
  expect(seen()).toEqual([]);
  runner.connection.retry_now();
  await runner.accept({ resumed: true });
  await runner.reply('presence/list', { participants: [ada] });
  expect(presence.others()).toEqual([]);
});

test('following tells where the other one goes, and ends when they leave', async () => {
  await begin(at(5));
  const shown: (number | undefined)[] = [];
  presence.on_follow(({ top }) => shown.push(top));
  presence.follow('s1'); // oneself
  expect(presence.following).toBeUndefined();
  presence.follow('s2');
  await vi.advanceTimersByTimeAsync(60);
  expect(said().at(-1)).toMatchObject({ following: 's2' });
  await runner.notify('presence/changed', { participant: { ...at(5), top: 40 } });
  expect(shown).toEqual([0, 40]);
  await runner.notify('presence/left', { session: 's2' });
  expect(presence.following).toBeUndefined();
});
