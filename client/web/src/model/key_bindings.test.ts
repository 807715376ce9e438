// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { chosen_keys, KeyBindings, key_defaults, KeyReader } from './key_bindings';
import { chord_of, parse_keys, shown_keys } from './key_chord';

const event = (key: string, code: string, held: string = '') => ({
  key,
  code,
  ctrlKey: held.includes('c'),
  metaKey: held.includes('m'),
  altKey: held.includes('a'),
  shiftKey: held.includes('s'),
});

describe('key chords', () => {
  test('are named by what the layout types, and by their place where it types something else', () => {
    expect(chord_of(event('P', 'KeyP', 'cs'))).toBe('ctrl+shift+p');
    expect(chord_of(event('p', 'KeyR', 'c'))).toBe('ctrl+p'); // Dvorak
    expect(chord_of(event('з', 'KeyP', 'c'))).toBe('ctrl+p'); // Cyrillic
    expect(chord_of(event('~', 'Backquote', 'cs'))).toBe('ctrl+shift+`');
    expect(chord_of(event('%', 'Digit5', 'cs'))).toBe('ctrl+shift+5');
    expect(chord_of(event('s', 'KeyS', 'm'))).toBe('ctrl+s');
    expect(chord_of(event('F1', 'F1'))).toBe('f1');
    expect(chord_of(event('Control', 'ControlLeft', 'c'))).toBeUndefined();
  });
  test('are read in any order and case, and refused where they name no keys or would take a letter from who types', () => {
    expect(parse_keys(' Shift+CTRL+P ')).toBe('ctrl+shift+p');
    expect(parse_keys('cmd+k  Ctrl+s')).toBe('ctrl+k ctrl+s');
    for (const wrong of ['', 'p', 'shift+p', 'ctrl+', 'ctrl+ctrl+p', 'hyper+p', 'ctrl+pp', 'ctrl+a ctrl+b ctrl+c'])
      expect(parse_keys(wrong)).toBeUndefined();
  });
  test('a second half may be a bare letter', () => {
    for (const { keys } of key_defaults) for (const one of keys) expect(parse_keys(one)).toBe(one);
  });
  test('are shown as people write them', () => {
    expect(shown_keys('ctrl+k ctrl+\\')).toBe('Ctrl+K Ctrl+\\');
    expect(shown_keys('ctrl+pagedown')).toBe('Ctrl+Page Down');
  });
});

describe('KeyBindings', () => {
  const bindings = new KeyBindings();
  test('programs in terminals keep the keys that mean something to them', () => {
    expect(bindings.find('ctrl+p', false)).toEqual({ command: 'quick_open' });
    expect(bindings.find('ctrl+p', true)).toBeUndefined();
    expect(bindings.find('ctrl+k', true)).toBeUndefined();
    expect(bindings.find('ctrl+shift+p', true)).toEqual({ command: 'show_commands' });
    expect(bindings.find('ctrl+shift+f', true)).toEqual({ command: 'find_in_terminal' });
    expect(bindings.find('ctrl+shift+f', false)).toEqual({ command: 'show_search' });
  });
  test('a choice takes the place of the default, and comes before others’ defaults', () => {
    const own = new KeyBindings(
      new Map([
        ['save', ['ctrl+p']],
        ['show_commands', []],
      ]),
    );
    expect(own.find('ctrl+s', false)).toBeUndefined();
    expect(own.find('ctrl+p', false)).toEqual({ command: 'save' });
    expect(own.find('f1', false)).toBeUndefined();
    expect(own.conflicts('save')).toEqual(['quick_open']);
  });
  test('the defaults are at odds with nothing', () => {
    for (const { command } of key_defaults) expect(bindings.conflicts(command)).toEqual([]);
  });
  test('what was stored is read as far as it names keys', () => {
    expect(chosen_keys(['Ctrl+O', 'nonsense', 3, 'ctrl+o'])).toEqual(['ctrl+o']);
    expect(chosen_keys('ctrl+o')).toBeUndefined();
  });
});

describe('KeyReader', () => {
  const bindings = new KeyBindings();
  test('a chord waits for its second half, whatever is held meanwhile', () => {
    const reader = new KeyReader();
    expect(reader.press(event('k', 'KeyK', 'c'), bindings, false)).toEqual({ kind: 'chord' });
    expect(reader.press(event('Control', 'ControlLeft', 'c'), bindings, false)).toEqual({ kind: 'modifier' });
    expect(reader.press(event('s', 'KeyS', 'c'), bindings, false)).toEqual({
      kind: 'command',
      command: 'open_key_bindings',
    });
    expect(reader.press(event('s', 'KeyS', 'c'), bindings, false)).toEqual({ kind: 'command', command: 'save' });
  });
  test('a second half that fits nothing is told: the editor may know the chord', () => {
    const reader = new KeyReader();
    reader.press(event('k', 'KeyK', 'c'), bindings, false);
    expect(reader.press(event('c', 'KeyC', 'c'), bindings, false)).toEqual({ kind: 'lost' });
    expect(reader.press(event('c', 'KeyC', 'c'), bindings, false)).toEqual({ kind: 'none' });
  });
});
