// SPDX-License-Identifier: GPL-3.0-or-later
// The tree's keys, as VS Code and file managers have them: they move, choose ranges, open, rename, delete, and letters lead to names.
import { useRef, type KeyboardEvent } from 'react';
import { is_directory, type FileTree, type TreeRow } from '../../../model/file_tree';
import { parent_path, project_path } from '../../../model/paths';
import { acted_on, select_one, select_to, type TreeSelection } from '../../../model/tree_selection';

const typing_pause = 900; // ms: letters behind it begin a new name

interface Parts {
  tree: FileTree;
  rows: readonly (TreeRow | { kind: 'naming'; depth: number })[];
  selection: TreeSelection;
  /** How many rows are in sight. */
  page: number;
  may_change: boolean;
  select: (selection: TreeSelection) => void;
  open: (path: string) => void;
  toggle: (path: string) => void;
  rename: (path: string) => void;
  remove: (paths: readonly string[]) => void;
  hold: (paths: readonly string[], cut: boolean) => void;
  /** Something was cut or copied. */
  holds: boolean;
  paste: () => void;
  menu: () => void;
}

export function useTreeKeys(parts: Parts): (event: KeyboardEvent) => void {
  const typed = useRef({ text: '', at: 0 });
  const { tree, rows, selection, select } = parts;
  const entries = () => rows.flatMap((row) => (row.kind === 'entry' ? [row] : []));
  const go = (path: string | undefined, extend: boolean) => {
    if (path === undefined) return;
    select(
      extend
        ? select_to(
            selection,
            path,
            entries().map((row) => row.path),
          )
        : select_one(path),
    );
  };
  const by_letters = (letter: string): boolean => {
    const now = Date.now();
    const again = now - typed.current.at < typing_pause;
    typed.current = { text: (again ? typed.current.text : '') + letter.toLowerCase(), at: now };
    const { text } = typed.current;
    const all = entries();
    const lead = all.findIndex((row) => row.path === selection.lead);
    const first = text.length === 1 ? lead + 1 : Math.max(0, lead);
    const found = [...all.slice(first), ...all.slice(0, first)].find(({ entry }) =>
      entry.name.toLowerCase().startsWith(text),
    );
    go(found?.path, false);
    return found !== undefined;
  };

  return (event) => {
    if (event.target !== event.currentTarget) return; // in a name field
    const { key, shiftKey } = event;
    const all = entries();
    const at = all.findIndex((row) => row.path === selection.lead);
    const row = all[at];
    const chosen = acted_on(selection, undefined);
    const step = (to: number) => go(all[Math.max(0, Math.min(all.length - 1, to))]?.path, shiftKey);
    const held = event.ctrlKey || event.metaKey;
    const letter = held && !shiftKey ? key.toLowerCase() : ''; // also with Caps Lock
    if (letter === 'a') select({ ...selection, paths: new Set(all.map(({ path }) => path)) });
    else if (letter === 'c') parts.hold(chosen, false);
    else if (letter === 'x' && parts.may_change) parts.hold(chosen, true);
    // Without anything held here it is the browser's: files of the desktop.
    else if (letter === 'v' && parts.holds) parts.paste();
    else if (held || event.altKey) return;
    else if (key === 'ArrowDown') step(at + 1);
    else if (key === 'ArrowUp') step(at < 0 ? all.length - 1 : at - 1);
    else if (key === 'PageDown') step(at + parts.page);
    else if (key === 'PageUp') step(at - parts.page);
    else if (key === 'Home') step(0);
    else if (key === 'End') {
      step(all.length - 1);
      // The last one of all: what was not listed yet is.
      const more = rows.at(-1);
      if (more?.kind === 'more')
        void tree.load_rest(more.path).then(() => {
          const end = tree.rows().findLast((one) => one.kind === 'entry');
          if (!shiftKey) select(select_one(end?.path));
        });
    } else if (key === 'ArrowRight' && row && is_directory(row.entry)) {
      if (row.expanded) step(at + 1);
      else parts.toggle(row.path);
    } else if (key === 'ArrowLeft' && row) {
      if (row.expanded) parts.toggle(row.path);
      else if (parent_path(row.path) !== project_path) select(select_one(parent_path(row.path)));
    } else if ((key === 'Enter' || key === ' ') && row) parts.open(row.path);
    else if (key === 'F2' && row && parts.may_change) parts.rename(row.path);
    else if (key === 'Delete' && chosen.length > 0 && parts.may_change) parts.remove(chosen);
    else if (key === 'Escape') {
      select(select_one(selection.lead));
      parts.hold([], false);
    } else if (key === 'ContextMenu' || (shiftKey && key === 'F10')) parts.menu();
    else if (key.length !== 1 || !by_letters(key)) return;
    event.preventDefault();
  };
}
