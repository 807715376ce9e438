// SPDX-License-Identifier: GPL-3.0-or-later
// Which keys call which command: VS Code's unless the person chose others. In a terminal only those that no program needs.
import { chord_of, parse_keys, type PressedKey } from './key_chord';

export interface KeyDefault {
  command: string;
  keys: readonly string[];
  /** Where these keys are the page's: not in terminals where nothing else is said. */
  where?: 'anywhere' | 'terminal';
}

/** As VS Code has them; where a browser keeps the keys for itself, its others. */
export const key_defaults: readonly KeyDefault[] = [
  { command: 'quick_open', keys: ['ctrl+p', 'ctrl+e'] },
  { command: 'show_commands', keys: ['ctrl+shift+p', 'f1'], where: 'anywhere' },
  { command: 'go_to_line', keys: ['ctrl+g'] },
  { command: 'save', keys: ['ctrl+s'] },
  { command: 'close_tab', keys: ['ctrl+f4', 'alt+w'] },
  { command: 'close_all_tabs', keys: ['ctrl+k w'] },
  { command: 'reopen_closed_tab', keys: ['alt+shift+t'] },
  { command: 'next_tab', keys: ['ctrl+pagedown'], where: 'anywhere' },
  { command: 'previous_tab', keys: ['ctrl+pageup'], where: 'anywhere' },
  { command: 'split_right', keys: ['ctrl+\\'] },
  { command: 'split_down', keys: ['ctrl+k ctrl+\\'] },
  { command: 'focus_group_1', keys: ['ctrl+1'] },
  { command: 'focus_group_2', keys: ['ctrl+2'] },
  { command: 'focus_group_3', keys: ['ctrl+3'] },
  { command: 'toggle_side_bar', keys: ['ctrl+b'] },
  { command: 'show_files', keys: ['ctrl+shift+e'], where: 'anywhere' },
  { command: 'show_search', keys: ['ctrl+shift+f'] },
  { command: 'replace_in_files', keys: ['ctrl+shift+h'] },
  { command: 'toggle_terminal', keys: ['ctrl+`'], where: 'anywhere' },
  { command: 'toggle_panel', keys: ['ctrl+j'] },
  { command: 'new_terminal', keys: ['ctrl+shift+`'], where: 'anywhere' },
  { command: 'split_terminal', keys: ['ctrl+shift+5'], where: 'anywhere' },
  { command: 'find_in_terminal', keys: ['ctrl+shift+f'], where: 'terminal' },
  { command: 'open_settings', keys: ['ctrl+,'], where: 'anywhere' },
  { command: 'open_key_bindings', keys: ['ctrl+k ctrl+s'] },
  { command: 'choose_theme', keys: ['ctrl+k ctrl+t'] },
  { command: 'zen_mode', keys: ['ctrl+k z'] },
  { command: 'toggle_word_wrap', keys: ['alt+z'] },
  { command: 'toggle_preview_of_file', keys: ['ctrl+shift+v'] },
  { command: 'preview_to_the_side', keys: ['ctrl+k v'] },
  { command: 'show_people', keys: [] },
  { command: 'show_ports', keys: [] },
];

const default_of = new Map(key_defaults.map((entry) => [entry.command, entry]));

/** The person's choice for one command; undefined where it is not one. Keys that name nothing are left out. */
export function chosen_keys(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const keys = value.flatMap((entry) => (typeof entry === 'string' ? (parse_keys(entry) ?? []) : []));
  return [...new Set(keys)].slice(0, 4);
}

export class KeyBindings {
  private readonly by_keys_ = new Map<string, string[]>(); // commands, the person's choices first
  private readonly first_chords_ = new Set<string>();

  /** `chosen`: what the person bound instead of the defaults, by command. */
  constructor(private readonly chosen_: ReadonlyMap<string, readonly string[]> = new Map()) {
    for (const [command, keys] of chosen_) for (const one of keys) this.bind(one, command);
    for (const { command, keys } of key_defaults)
      if (!chosen_.has(command)) for (const one of keys) this.bind(one, command);
  }

  keys_of(command: string): readonly string[] {
    return this.chosen_.get(command) ?? default_of.get(command)?.keys ?? [];
  }
  is_chosen(command: string): boolean {
    return this.chosen_.has(command);
  }
  /** Others that have the same keys in the same place. */
  conflicts(command: string): string[] {
    const others = this.keys_of(command).flatMap((keys) => this.by_keys_.get(keys) ?? []);
    const both = (one: string, other: string) =>
      [false, true].some((in_terminal) => this.holds(one, in_terminal) && this.holds(other, in_terminal));
    return [...new Set(others)].filter((other) => other !== command && both(command, other));
  }

  /** What these keys call there; 'chord' when they begin one. */
  find(keys: string, in_terminal: boolean): { command: string } | 'chord' | undefined {
    const command = this.by_keys_.get(keys)?.find((id) => this.holds(id, in_terminal));
    if (command !== undefined) return { command };
    return !in_terminal && this.first_chords_.has(keys) ? 'chord' : undefined;
  }

  private bind(keys: string, command: string): void {
    const [first, second] = keys.split(' ');
    if (first !== undefined && second !== undefined) this.first_chords_.add(first);
    this.by_keys_.set(keys, [...(this.by_keys_.get(keys) ?? []), command]);
  }
  private holds(command: string, in_terminal: boolean): boolean {
    const where = default_of.get(command)?.where;
    return where === 'anywhere' || (where === 'terminal') === in_terminal;
  }
}

/** Follows the keys as they are pressed; a chord waits for its second half. */
export class KeyReader {
  /** The first half of a chord. */
  waiting: string | undefined;

  /**
   * `command`: do it. `chord`: the next key decides. `lost`: the second half fits nothing, and the first is somebody
   * else's perhaps. `none`: not ours.
   */
  press(
    event: PressedKey,
    bindings: KeyBindings,
    in_terminal: boolean,
  ): { kind: 'command'; command: string } | { kind: 'chord' | 'lost' | 'none' | 'modifier' } {
    const chord = chord_of(event);
    if (chord === undefined) return { kind: 'modifier' };
    const first = this.waiting;
    this.waiting = undefined;
    const found = bindings.find(first === undefined ? chord : `${first} ${chord}`, in_terminal);
    if (found !== undefined && found !== 'chord') return { kind: 'command', command: found.command };
    if (first !== undefined) return { kind: 'lost' };
    if (found === 'chord') {
      this.waiting = chord;
      return { kind: 'chord' };
    }
    return { kind: 'none' };
  }
}
