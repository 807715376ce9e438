// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test, vi } from 'vitest';
import type { RestClient } from '../connection/rest_client';
import { MemoryStorage } from '../testing/memory_storage';
import type { Ports } from './ports';
import { PreviewConsole } from './preview_console';
import { scale_in, size_of } from './preview_device';
import { most_previews, Previews } from './previews';

const ports = { subscribe: () => () => {}, is_listening: () => true } as unknown as Ports;
const rest = {
  call: (_: string, { body }: { body: { port: number; to: string } }) =>
    Promise.resolve({ url: `once:${body.port}`, address: `http://${body.port}${body.to}` }),
} as unknown as RestClient;
const settled = () => new Promise((resolve) => setTimeout(resolve));

test('a port shows where it showed before, in an empty preview, or in one of its own', async () => {
  const previews = new Previews('w', rest, ports, undefined);
  previews.go(3000);
  await settled();
  previews.go(4000, '/a');
  expect(previews.all.map(({ port }) => port)).toEqual([3000, 4000]);
  previews.go(3000, '/b');
  expect(previews.active.port).toBe(3000);
  expect(previews.all).toHaveLength(2);
  for (let port = 5000; port < 5020; ++port) {
    previews.go(port);
    await settled();
  }
  expect(previews.all).toHaveLength(most_previews);
  expect(previews.active.port).toBe(5019);
  expect(previews.wishes).toBe(23);
});

test('they come back after a reload, with their devices; the last one that is closed leaves an empty one', async () => {
  const storage = new MemoryStorage();
  const before = new Previews('w', rest, ports, storage);
  before.go(3000);
  before.active.set_device({ width: 390, height: 844 });
  before.go(4000, '/x');
  await settled();
  before.show(before.all[0] as (typeof before)['active']);
  const after = new Previews('w', rest, ports, storage);
  after.restore();
  expect(after.all.map((preview) => preview.place())).toEqual([
    { port: 3000, to: '/', path_form: false, device: { width: 390, height: 844 } },
    { port: 4000, to: '/x', path_form: false, device: undefined },
  ]);
  expect(after.active.port).toBe(3000);
  after.close(after.active);
  expect(after.active.port).toBe(4000);
  after.close(after.active);
  expect(after.active.port).toBeUndefined();
  expect(after.all).toHaveLength(1);
});

test('those that were there before stay when one is wanted before the pane was seen', async () => {
  for (const begin of [(previews: Previews) => previews.go(5000), (previews: Previews) => previews.add()]) {
    const storage = new MemoryStorage();
    const before = new Previews('w', rest, ports, storage);
    before.go(3000);
    before.go(4000);
    await settled();
    const after = new Previews('w', rest, ports, storage);
    begin(after);
    await settled();
    expect(after.all.map(({ port }) => port).slice(0, 2)).toEqual([3000, 4000]);
    expect(after.all).toHaveLength(3);
  }
});

test('what was remembered of another shape is left out', () => {
  for (const places of [7, [7, null, { port: '3000' }, { port: 0 }, { port: 99_999 }, { port: 1.5 }]]) {
    const storage = new MemoryStorage();
    storage.setItem('berth.previews.w', JSON.stringify({ places, active: 'x' }));
    const previews = new Previews('w', rest, ports, storage);
    previews.restore();
    expect(previews.all.map(({ state }) => state)).toEqual(['empty']);
  }
});

test('a page says what it likes, within bounds', () => {
  const page = new PreviewConsole();
  for (const message of [
    null,
    'x',
    7,
    {},
    { berth: 'other' },
    { berth: 'console' },
    { berth: 'console', level: 'toString', text: '' },
  ])
    page.take(message);
  expect(page.lines).toEqual([]);
  page.take({ berth: 'console', level: 'load' });
  expect(page.heard).toBe(true);
  for (let i = 0; i < 3; ++i) page.take({ berth: 'console', level: 'error', text: 'x'.repeat(99_999), where: 7 });
  expect(page.lines).toHaveLength(1);
  expect(page.lines[0]).toMatchObject({ level: 'error', times: 3, where: '' });
  expect(page.lines[0]?.text).toHaveLength(4000);
  expect(page.errors).toBe(3);
  for (let i = 0; i < 2000; ++i) page.take({ berth: 'console', level: 'log', text: String(i) });
  expect(page.lines).toHaveLength(500);
  expect(page.lines.at(-1)?.text).toBe('1999');
  page.take({ berth: 'console', level: 'load' });
  expect(page.lines).toEqual([]);
});

test('a page that never stops talking is drawn ten times a second', () => {
  vi.useFakeTimers();
  try {
    const page = new PreviewConsole();
    let told = 0;
    page.subscribe(() => ++told);
    for (let i = 0; i < 1000; ++i) {
      for (let j = 0; j < 20; ++j) page.take({ berth: 'console', level: 'log', text: `${i} ${j}` });
      vi.advanceTimersByTime(1);
    }
    expect(told).toBeLessThanOrEqual(11);
    vi.advanceTimersByTime(1000);
    expect(page.lines.at(-1)?.text).toBe('999 19');
    const at_rest = told;
    vi.advanceTimersByTime(1000);
    expect(told).toBe(at_rest);
  } finally {
    vi.useRealTimers();
  }
});

test('of another page nothing is known until it tells', async () => {
  const previews = new Previews('w', rest, ports, undefined);
  previews.go(3000);
  await settled();
  const { active } = previews;
  active.console.take({ berth: 'console', level: 'error', text: 'x' });
  expect(active.console.heard).toBe(true);
  await active.go(4000);
  expect(active.console.heard).toBe(false);
  expect(active.console.lines).toEqual([]);
});

test('a device is drawn smaller where there is less room, and has a sensible size', () => {
  expect(scale_in({ width: 800, height: 1000 }, { width: 400, height: 900 })).toBe(0.5);
  expect(scale_in({ width: 300, height: 300 }, { width: 400, height: 900 })).toBe(1);
  expect(size_of({ width: 390, height: 844, name: 'x' })).toEqual({ width: 390, height: 844 });
  for (const value of [
    undefined,
    null,
    7,
    {},
    { width: 1, height: 800 },
    { width: 390.5, height: 844 },
    { width: 9e9, height: 844 },
  ])
    expect(size_of(value)).toBeUndefined();
});
