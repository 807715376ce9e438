// SPDX-License-Identifier: GPL-3.0-or-later
// Keys as text, as VS Code writes them: "ctrl+shift+p", "ctrl+k ctrl+s". "ctrl" is the Command key on a Mac as well.
import { message, type Message, t } from './translation';

/** What a KeyboardEvent tells. */
export type PressedKey = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

const modifiers = ['ctrl', 'alt', 'shift'] as const;

/** Keys that are named by their place: what they type changes with Shift and with the layout. */
const by_code: Record<string, string> = {
  Backquote: '`',
  Backslash: '\\',
  IntlBackslash: '\\',
  BracketLeft: '[',
  BracketRight: ']',
  Comma: ',',
  Equal: '=',
  Minus: '-',
  Period: '.',
  Quote: "'",
  Semicolon: ';',
  Slash: '/',
  Space: 'space',
};
const by_key: Record<string, string> = {
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  Backspace: 'backspace',
  Delete: 'delete',
  End: 'end',
  Enter: 'enter',
  Escape: 'escape',
  Home: 'home',
  Insert: 'insert',
  PageDown: 'pagedown',
  PageUp: 'pageup',
  Tab: 'tab',
};

const named_keys = new Set([...Object.values(by_code), ...Object.values(by_key)]);

/** Of the key without what is held with it; undefined for a key that only modifies, or that nothing can be bound to. */
function name_of({ key, code }: PressedKey): string | undefined {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
  if (digit !== undefined && (code.startsWith('Digit') || /^\d$/.test(key))) return digit;
  const named = by_code[code] ?? by_key[key];
  if (named) return named;
  if (/^F([1-9]|1\d|2[0-4])$/.test(key)) return key.toLowerCase();
  // A letter as the layout has it; where the layout has other letters, as the key's place has it.
  if (/^[a-z]$/i.test(key)) return key.toLowerCase(); // Caps Lock changes no command
  const place = /^Key([A-Z])$/.exec(code)?.[1];
  return place?.toLowerCase();
}

/** "ctrl+shift+p"; undefined for modifiers alone. */
export function chord_of(event: PressedKey): string | undefined {
  const name = name_of(event);
  if (name === undefined) return undefined;
  const held = { ctrl: event.ctrlKey || event.metaKey, alt: event.altKey, shift: event.shiftKey };
  return [...modifiers.filter((modifier) => held[modifier]), name].join('+');
}

/** One or two chords, written one way whatever the order and case; undefined when it names no keys. */
export function parse_keys(text: string): string | undefined {
  const chords = text
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .map((chord, index) => parse_chord(chord, index > 0));
  if (chords.length > 2 || chords.includes(undefined)) return undefined;
  return chords.join(' ');
}

/** `second`: behind a chord's first half even a letter types nothing. */
function parse_chord(text: string, second: boolean): string | undefined {
  const parts = text.split('+');
  const name = parts.pop() ?? '';
  const held = new Set(parts.map((part) => (part === 'cmd' || part === 'meta' ? 'ctrl' : part)));
  if (held.size !== parts.length) return undefined;
  for (const part of held) if (!(modifiers as readonly string[]).includes(part)) return undefined;
  const known = /^[a-z0-9]$/.test(name) || /^f([1-9]|1\d|2[0-4])$/.test(name) || named_keys.has(name);
  if (!known) return undefined;
  // A key that types something can't be taken from whoever types.
  const types = !/^f\d+$/.test(name) && !(name.length > 1 && name !== 'space');
  if (types && !second && !held.has('ctrl') && !held.has('alt')) return undefined;
  return [...modifiers.filter((modifier) => held.has(modifier)), name].join('+');
}

const shown_words: Record<string, Message> = {
  ctrl: message('Ctrl'),
  alt: message('Alt'),
  shift: message('Shift'),
  space: message('Space'),
  backspace: message('Backspace'),
  delete: message('Delete|key'),
  end: message('End|key'),
  enter: message('Enter'),
  escape: message('Escape'),
  home: message('Home'),
  insert: message('Insert'),
  tab: message('Tab'),
  down: message('↓'),
  up: message('↑'),
  left: message('←'),
  right: message('→'),
  pagedown: message('Page Down'),
  pageup: message('Page Up'),
};

/** "Ctrl+Shift+P", for people. */
export function shown_keys(keys: string): string {
  const word = (part: string) =>
    t(shown_words[part]) || (part.length === 1 ? part.toUpperCase() : (part[0] ?? '').toUpperCase() + part.slice(1));
  return keys
    .split(' ')
    .map((chord) => chord.split('+').map(word).join('+'))
    .join(' ');
}
