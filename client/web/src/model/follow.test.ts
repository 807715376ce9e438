// SPDX-License-Identifier: GPL-3.0-or-later
import { beforeEach, expect, test } from 'vitest';
import type { Participant } from '../protocol/messages';
import { FakeRunner } from '../testing/fake_runner';
import type { EditorTab } from './editor_tabs';
import { Follow } from './follow';
import { Observable } from './observable';
import { Presence, type PlacedDocument } from './presence';
import type { Terminal } from './terminal';

class FakeTabs extends Observable {
  active: EditorTab | undefined;
  shows = 0;
  opened: string[] = [];
  open(path: string): Promise<void> {
    this.opened.push(path);
    this.active = { path, group: 1, preview: false, state: 'text', document: undefined, problem: '' };
    ++this.shows;
    this.changed();
    return Promise.resolve();
  }
}

const document: PlacedDocument = {
  id: 'd1',
  version: () => 1,
  shown_position: (position) => position,
  base_position: (position) => position,
};
const grace: Participant = {
  session: 's2',
  user: 'u-grace',
  name: 'Grace',
  colour: 1,
  role: 'editor',
  connected: true,
  since: 2,
  document: 'd1',
  path: 'project/a.py',
  version: 1,
  selections: [{ anchor: 7, head: 7 }],
  top: 0,
};

let runner: FakeRunner;
let presence: Presence;
let tabs: FakeTabs;
let follow: Follow;
let looked_at: string[];

beforeEach(async () => {
  runner = new FakeRunner();
  presence = new Presence(runner.connection, () => document);
  tabs = new FakeTabs();
  looked_at = [];
  const terminal = { info: { terminal: 't1' } } as Terminal;
  follow = new Follow(presence, tabs, {
    find: (id) => (id === 't1' ? terminal : undefined),
    look_at: ({ info }) => looked_at.push(info.terminal),
  });
  runner.connection.start();
  await runner.accept();
  await runner.reply('presence/list', { participants: [grace] });
});

const moves = (change: Partial<Participant>) =>
  runner.notify('presence/changed', { participant: { ...grace, ...change } });

test('what the other one opens is opened here, once', async () => {
  follow.start('s2');
  await moves({ top: 20 });
  await moves({ path: 'project/b.py', document: 'd2' });
  expect(tabs.opened).toEqual(['project/a.py', 'project/b.py']);
  expect(presence.following).toBe('s2');
});

test('the terminal the other one looks at shows here', async () => {
  follow.start('s2');
  await moves({ terminal: 't1' });
  await moves({ terminal: 't1', top: 3 });
  await moves({ terminal: 'gone' });
  expect(looked_at).toEqual(['t1']);
});

test('choosing another file ends it', async () => {
  follow.start('s2');
  await tabs.open('project/own.py');
  expect(presence.following).toBeUndefined();
  await moves({ path: 'project/b.py' });
  expect(tabs.opened).toEqual(['project/a.py', 'project/own.py']);
});

test('a jump goes to the person’s cursor once and follows nobody', async () => {
  follow.start('s2');
  follow.jump('s2');
  expect(presence.following).toBeUndefined();
  expect(tabs.opened.at(-1)).toBe('project/a.py');
  expect(follow.take_jump(document)).toBe(7);
  expect(follow.take_jump(document)).toBeUndefined();
  await moves({ path: 'project/b.py' });
  expect(tabs.active?.path).toBe('project/a.py');
});
