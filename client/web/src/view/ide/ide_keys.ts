// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of the whole page, also while the editor or a terminal has the focus: each calls a command.
import { useEffect } from 'react';
import { chord_of, shown_keys } from '../../model/key_chord';
import { KeyBindings, KeyReader } from '../../model/key_bindings';
import type { Preferences } from '../../model/preferences';
import type { WorkspaceSession } from '../../model/workspace_session';
import { useApplication, useChanges } from '../application';

let made: { keys: Preferences['keys']; bindings: KeyBindings } | undefined;

/** The bindings as the person has them now. */
export function bindings_of({ keys }: Preferences): KeyBindings {
  if (made?.keys !== keys) made = { keys, bindings: new KeyBindings(keys) };
  return made.bindings;
}

/** What calls a command, for people: "Ctrl+B", or what the person bound; undefined where nothing does. */
export function keys_of_command(preferences: Preferences, command: string): string | undefined {
  const [keys] = bindings_of(preferences).keys_of(command);
  return keys === undefined ? undefined : shown_keys(keys);
}

/** "Find (Ctrl+F)"; the title alone where there are no keys. */
export function with_keys(title: string, keys: string | undefined): string {
  return keys === undefined ? title : `${title} (${keys})`;
}

/** For titles of buttons that do what a command does: they follow what the person binds. */
export function useKeysOf(): (command: string) => string | undefined {
  const { preferences } = useApplication();
  useChanges(preferences);
  return (command) => keys_of_command(preferences, command);
}

/** True when the page itself answers this key: terminals must leave it alone. */
export function is_page_key(event: KeyboardEvent): boolean {
  const chord = chord_of(event);
  return chord !== undefined && made !== undefined && made.bindings.find(chord, true) !== undefined;
}

const handed_on = new WeakSet<Event>();

/** A chord's first half that was held back from the editor, and is its own after all. */
function hand_on(first: KeyboardEvent): void {
  const again = new KeyboardEvent('keydown', {
    key: first.key,
    code: first.code,
    keyCode: first.keyCode,
    ctrlKey: first.ctrlKey,
    metaKey: first.metaKey,
    altKey: first.altKey,
    shiftKey: first.shiftKey,
    bubbles: true,
    cancelable: true,
  });
  handed_on.add(again);
  first.target?.dispatchEvent(again);
}

export function useIdeKeys(session: WorkspaceSession): void {
  const { preferences, notices } = useApplication();
  useEffect(() => {
    const reader = new KeyReader();
    let first: KeyboardEvent | undefined;
    const on_key = (event: KeyboardEvent) => {
      if (handed_on.has(event) || event.isComposing) return;
      const { target } = event;
      const element = target instanceof Element ? target : undefined;
      if (element?.closest('[data-records-keys]')) return; // keys are being chosen there
      const in_terminal = Boolean(element?.closest('.terminal-host'));
      const read = reader.press(event, bindings_of(preferences), in_terminal);
      if (read.kind === 'none' || read.kind === 'modifier') return;
      if (read.kind === 'lost') {
        if (first && first.target === target) hand_on(first);
        first = undefined;
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      first = read.kind === 'chord' ? event : undefined;
      if (read.kind !== 'command') return;
      const refused = session.commands.run(read.command);
      if (refused !== undefined) notices.problem(refused);
    };
    // A click between the two halves: whatever follows is no chord.
    const forget = () => {
      reader.waiting = undefined;
      first = undefined;
    };
    addEventListener('keydown', on_key, true);
    addEventListener('pointerdown', forget, true);
    addEventListener('blur', forget);
    return () => {
      removeEventListener('keydown', on_key, true);
      removeEventListener('pointerdown', forget, true);
      removeEventListener('blur', forget);
    };
  }, [session, preferences, notices]);
}
