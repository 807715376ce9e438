// SPDX-License-Identifier: GPL-3.0-or-later
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MemoryStorage } from '../testing/memory_storage';
import { Commands } from './commands';
import { Preferences } from './preferences';
import { setting_names, setting_problem, setting_table } from './settings';
import { settings_text, take_settings_text } from './settings_text';

const commands = new Set(['save', 'quick_open']);

beforeEach(() => vi.stubGlobal('localStorage', new MemoryStorage()));
afterEach(() => vi.unstubAllGlobals());

describe('settings', () => {
  test('every usual value is one the setting may have', () => {
    for (const name of setting_names) expect(setting_problem(name, setting_table[name].usual)).toBeUndefined();
  });
  test('a value that does not fit is never taken, wherever it comes from', () => {
    const preferences = new Preferences();
    const told: string[] = [];
    preferences.on_choice = (name) => told.push(name);
    preferences.set('editor.font_size', 400);
    preferences.set('editor.font_size', 12.5);
    preferences.take('editor.font_size', '14');
    preferences.take('editor.minimap', 1);
    expect([preferences.settings['editor.font_size'], preferences.settings['editor.minimap']]).toEqual([13, true]);
    preferences.set('editor.font_size', 14);
    preferences.take('editor.minimap', false);
    expect([preferences.settings['editor.font_size'], preferences.settings['editor.minimap']]).toEqual([14, false]);
    expect(told).toEqual(['editor.font_size']);
  });
  test('what was chosen is there after a reload, damaged storage is as usual', () => {
    new Preferences().set('editor.word_wrap', 'on');
    new Preferences().set_keys('save', ['Ctrl+Alt+S', 'nonsense']);
    const again = new Preferences();
    expect(again.settings['editor.word_wrap']).toBe('on');
    expect(again.keys.get('save')).toEqual(['ctrl+alt+s']);
    for (const damaged of ['x', '[]', '{"settings":7,"keys":{"save":"x","no name":["ctrl+a"]}}']) {
      localStorage.setItem('berth.settings', damaged);
      const usual = new Preferences();
      expect([usual.settings['editor.word_wrap'], usual.keys.size]).toEqual(['off', 0]);
    }
  });
  test('keys roam by the command’s name, null means the usual ones', () => {
    const preferences = new Preferences();
    preferences.take('keys.save', ['ctrl+o']);
    expect(preferences.value_of('keys.save')).toEqual(['ctrl+o']);
    preferences.take('keys.save', null);
    expect(preferences.value_of('keys.save')).toBeNull();
    expect(preferences.value_of('keys.Not A Name')).toBeUndefined();
  });
});

describe('settings as JSON', () => {
  test('tell what differs from usual, and take it back', () => {
    const preferences = new Preferences();
    expect(JSON.parse(settings_text(preferences))).toEqual({});
    preferences.set_theme('dark');
    preferences.set('editor.minimap', false);
    preferences.set_keys('save', []);
    const text = settings_text(preferences);
    expect(JSON.parse(text)).toEqual({ theme: 'dark', 'editor.minimap': false, 'keys.save': [] });
    expect(take_settings_text('', preferences, commands)).toBeUndefined();
    expect(JSON.parse(settings_text(preferences))).toEqual({});
    expect(take_settings_text(text, preferences, commands)).toBeUndefined();
    expect(settings_text(preferences)).toBe(text);
  });
  test('a text with anything wrong in it changes nothing', () => {
    const preferences = new Preferences();
    for (const wrong of [
      '[]',
      '{"editor.minimap": false, "editor.font_size": "big"}',
      '{"editor.minimap": false, "nothing": 1}',
      '{"editor.minimap": false, "keys.nothing": ["ctrl+o"]}',
      '{"editor.minimap": false, "keys.save": ["p"]}',
      '{"editor.minimap": false, "terminal.scrollback": 7}',
      '{"editor.minimap": false, "toString": 1, "__proto__": 1}',
      '{',
    ])
      expect(take_settings_text(wrong, preferences, commands), wrong).not.toBeUndefined();
    expect(settings_text(preferences).trim()).toBe('{}');
  });
});

describe('Commands', () => {
  test('what is refused is not done and says why; what was chosen comes first', () => {
    const all = new Commands();
    let done = 0;
    const remove = all.add([
      { id: 'b', title: 'B', run: () => ++done },
      { id: 'a', title: 'A', run: () => ++done, refused: () => 'Not now.' },
    ]);
    expect(all.run('b')).toBeUndefined();
    expect(all.run('a')).toBe('Not now.');
    expect(all.run('c')).toBeDefined();
    expect(done).toBe(1);
    expect(all.listed().map(({ id }) => id)).toEqual(['a', 'b']);
    all.chosen('b');
    expect(all.listed().map(({ id }) => id)).toEqual(['b', 'a']);
    remove();
    expect(all.all()).toEqual([]);
  });
});
