// SPDX-License-Identifier: GPL-3.0-or-later
// The gateway's script that pages have for the pane's console, as its source has it, in a page of its own.
import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { expect, test } from 'vitest';

const source = readFileSync(new URL('../../../../server/preview_pages.cpp', import.meta.url), 'utf8');

interface Told {
  level: string;
  text: string;
}
/** What the IDE is told by a page that runs `code`; its clock is `clock.now`. */
function told_by(code: string): Told[] {
  const body = /console_body = R"\((.*?)\)";/s.exec(source)?.[1] ?? '';
  const told: Told[] = [];
  const silent = Object.fromEntries(['error', 'warn', 'info', 'log', 'debug'].map((level) => [level, () => {}]));
  const page = createContext({
    parent: { postMessage: (message: Told, origin: string) => origin === 'ide' && told.push(message) },
    console: silent,
    clock: { now: 0 },
    location: { origin: 'page' },
    addEventListener: () => {},
  });
  const begin = 'globalThis.window = globalThis; globalThis.performance = { now: () => clock.now };';
  runInContext(`${begin} (${body})('ide'); ${code}`, page);
  return told;
}

test('a page says two hundred things a second, and errors beside them', () => {
  const told = told_by(`
    for (let i = 0; i < 5000; ++i) console.log(i);
    console.error('seen');
    clock.now = 1000;
    console.log('later');`);
  expect(told[0]?.level).toBe('load');
  expect(told.length).toBeLessThan(210);
  expect(told.map(({ text }) => text).slice(-3)).toEqual([
    'More than 200 messages in a second: the rest of them is left out.',
    'seen',
    'later',
  ]);
});

test('values are told as far as they can be, whatever their size', () => {
  const told = told_by(`
    console.log('ropes', { left: 2, list: [1, 'a', null] }, undefined, 7);
    const ring = {}; ring.ring = ring; console.log(ring);
    let asked = 0;
    const heavy = { toJSON: () => (++asked, 'h') };
    console.log(Array.from({ length: 100000 }, () => Array.from({ length: 10 }, () => heavy)));
    console.log(String(asked < 30000));
    console.log(Array.from({ length: 100000 }, (_, i) => i));
    console.log('x'.repeat(100000));
    console.log(new Uint8Array(100000));`).map(({ text }) => text);
  expect(told[1]).toBe('ropes {"left":2,"list":[1,"a",null]} undefined 7');
  expect(told[2]).toBe('[object Object]');
  expect(told[4]).toBe('true');
  expect(told[5]).toBe(JSON.stringify(Array.from({ length: 2000 }, (_, i) => i)).slice(0, 4000));
  expect(told[6]).toHaveLength(4000);
  expect(told[7]).toContain('[object Uint8Array]');
});
