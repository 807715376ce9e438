// SPDX-License-Identifier: GPL-3.0-or-later
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeUnsentStore } from '../testing/fake_unsent_store';
import { MemoryStorage } from '../testing/memory_storage';
import { UnsentTexts } from './unsent_texts';
import { TabWindowLocks, type WindowChannel } from './window_locks';

/** The windows of one browser that hear each other; a frozen one hears nothing. */
class Windows {
  private readonly open_ = new Set<WindowChannel>();

  channel(): WindowChannel {
    const channel: WindowChannel = {
      onmessage: null,
      postMessage: (data: unknown) => {
        for (const other of this.open_)
          if (other !== channel)
            queueMicrotask(() => {
              if (this.open_.has(other)) other.onmessage?.call(other as BroadcastChannel, { data } as MessageEvent);
            });
      },
      close: () => this.open_.delete(channel),
    };
    this.open_.add(channel);
    return channel;
  }
}

/** What a browser makes of a tab that is duplicated: its storage is copied. */
function duplicate(tab: MemoryStorage): MemoryStorage {
  const copy = new MemoryStorage();
  const name = tab.getItem('berth.window');
  if (name !== null) copy.setItem('berth.window', name);
  return copy;
}

async function hold(locks: TabWindowLocks): Promise<void> {
  const held = locks.hold();
  await vi.advanceTimersByTimeAsync(300);
  await held;
}

let windows: Windows;
beforeEach(() => {
  vi.useFakeTimers();
  windows = new Windows();
});
afterEach(() => vi.useRealTimers());

describe('TabWindowLocks', () => {
  test('a page takes up what the same tab left, and nothing of another one', async () => {
    const tab = new MemoryStorage();
    const before = new TabWindowLocks(tab, windows.channel());
    await hold(before);
    before.release(); // reloaded
    const reloaded = new TabWindowLocks(tab, windows.channel());
    await hold(reloaded);
    expect(reloaded.own).toBe(before.own);
    const other = new TabWindowLocks(new MemoryStorage(), windows.channel());
    const act = vi.fn(() => Promise.resolve());
    other.when_gone(before.own, act);
    expect(act).not.toHaveBeenCalled();
    reloaded.when_gone(before.own, act);
    expect(act).toHaveBeenCalledTimes(1);
  });

  test('a new tab waits for nobody', async () => {
    await new TabWindowLocks(new MemoryStorage(), windows.channel()).hold(); // no timer runs
  });

  test('a tab that remembers nothing is a new window each time', () => {
    const full = new MemoryStorage();
    full.room = 0;
    expect(new TabWindowLocks(full).own).not.toBe(new TabWindowLocks(full).own);
  });

  test('a duplicated tab gets another name while the first one lives, and keeps it', async () => {
    const tab = new MemoryStorage();
    const first = new TabWindowLocks(tab, windows.channel());
    await hold(first);
    const copy = duplicate(tab);
    const second = new TabWindowLocks(copy, windows.channel());
    await hold(second);
    expect(second.own).not.toBe(first.own);
    expect(tab.getItem('berth.window')).toBe(first.own);
    second.release();
    const reloaded = new TabWindowLocks(copy, windows.channel());
    await hold(reloaded);
    expect(reloaded.own).toBe(second.own);
  });

  test('of duplicates that come at once, as when a browser brings its tabs back, one has the name', async () => {
    for (const late of [0, 0, 0, 100, 100, 100, 299, 299, 299]) {
      windows = new Windows();
      const tab = new MemoryStorage();
      const name = new TabWindowLocks(tab).own;
      const all = [tab, duplicate(tab), duplicate(tab)].map((each) => new TabWindowLocks(each, windows.channel()));
      const held = all.slice(0, 1).map((each) => each.hold());
      await vi.advanceTimersByTimeAsync(late);
      held.push(...all.slice(1).map((each) => each.hold()));
      await vi.advanceTimersByTimeAsync(600);
      await Promise.all(held);
      expect(new Set(all.map((each) => each.own)).size).toBe(3);
      expect(all.filter((each) => each.own === name).length).toBe(1);
    }
  });

  test('what others say without sense is let pass', async () => {
    const tab = new MemoryStorage();
    const name = new TabWindowLocks(tab).own;
    const stranger = windows.channel();
    const locks = new TabWindowLocks(tab, windows.channel());
    const held = locks.hold();
    for (const data of [undefined, 7, {}, { kind: 'mine', name: 'other', window: '' }, { kind: 'mine', name }])
      stranger.postMessage(data);
    await vi.advanceTimersByTimeAsync(300);
    await held;
    expect(locks.own).toBe(name);
  });

  test('the living tab’s text stays its own when the tab is duplicated', async () => {
    const tab = new MemoryStorage();
    const first = new TabWindowLocks(tab, windows.channel());
    await hold(first);
    const store = new FakeUnsentStore();
    const typed = { waiting: [3, 'd'], base_change: undefined, in_flight: undefined, offline_since: undefined };
    const record = { author: 'x', scope: 's', window: first.own, path: 'main.py', document: 'd1', base_version: 1 };
    await store.put({ ...record, ...typed, kept_at: 0 }, 'abc');
    const taken = async (locks: TabWindowLocks) => {
      const texts = new UnsentTexts('s', store, locks);
      const started = texts.start();
      await vi.advanceTimersByTimeAsync(1000);
      await started;
      return texts.paths();
    };
    expect(await taken(new TabWindowLocks(duplicate(tab), windows.channel()))).toEqual([]);
    first.release(); // its own reload gets it
    expect(await taken(new TabWindowLocks(tab, windows.channel()))).toEqual(['main.py']);
  });
});
