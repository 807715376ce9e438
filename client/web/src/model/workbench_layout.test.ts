// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { MemoryStorage } from '../testing/memory_storage';
import { WorkbenchLayout } from './workbench_layout';

describe('WorkbenchLayout', () => {
  test('each workspace keeps its own', () => {
    const storage = new MemoryStorage();
    const one = new WorkbenchLayout('one', storage);
    one.show('terminal', false);
    one.show_side('people');
    one.sizes.setItem('columns', '{"side":30}');
    const again = new WorkbenchLayout('one', storage);
    expect([again.terminal, again.side, again.side_open]).toEqual([false, 'people', true]);
    expect(again.sizes.getItem('columns')).toBe('{"side":30}');
    const two = new WorkbenchLayout('two', storage);
    expect([two.terminal, two.side, two.sizes.getItem('columns')]).toEqual([true, 'files', null]);
  });
  test('an icon opens its view, changes to it, and closes it', () => {
    const layout = new WorkbenchLayout('one', new MemoryStorage());
    layout.toggle_side('people');
    expect([layout.side, layout.side_open]).toEqual(['people', true]);
    layout.toggle_side('people');
    expect(layout.side_open).toBe(false);
    layout.toggle_side('files');
    expect([layout.side, layout.side_open]).toEqual(['files', true]);
  });
  test('what was stored by somebody else, or is damaged, is as usual', () => {
    const storage = new MemoryStorage();
    for (const text of ['nonsense', '{}', '[["one"]]', '[["one",{"side":3,"terminal":"x","sizes":7}]]', 'null']) {
      storage.setItem('berth.layouts', text);
      const layout = new WorkbenchLayout('one', storage);
      expect([layout.side, layout.side_open, layout.terminal, layout.preview]).toEqual(['files', true, true, false]);
    }
  });
  test('of many workspaces the ones that were not used for long go', () => {
    const storage = new MemoryStorage();
    for (let at = 0; at < 60; ++at) new WorkbenchLayout(`w${at}`, storage).show('preview', true);
    expect(new WorkbenchLayout('w59', storage).preview).toBe(true);
    expect(new WorkbenchLayout('w0', storage).preview).toBe(false);
  });
});
