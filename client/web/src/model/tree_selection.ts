// SPDX-License-Identifier: GPL-3.0-or-later
// Which entries of the tree are selected: one that the keys start from, and whatever was added to it. Pure: each step gives a
// new selection.

export interface TreeSelection {
  /** Where the keys are. */
  lead: string | undefined;
  /** Where a range began. */
  anchor: string | undefined;
  /** All that is selected, the lead among them unless it was taken out. */
  paths: ReadonlySet<string>;
}

export const nothing_selected: TreeSelection = { lead: undefined, anchor: undefined, paths: new Set() };

export function select_one(path: string | undefined): TreeSelection {
  return path === undefined ? nothing_selected : { lead: path, anchor: path, paths: new Set([path]) };
}

/** Ctrl and a click: added, or taken out. */
export function select_also({ paths }: TreeSelection, path: string): TreeSelection {
  const changed = new Set(paths);
  if (!changed.delete(path)) changed.add(path);
  return { lead: path, anchor: path, paths: changed };
}

/** Shift: from where the range began to `path`, as the rows lie. */
export function select_to(selection: TreeSelection, path: string, rows: readonly string[]): TreeSelection {
  const begin = rows.indexOf(selection.anchor ?? path);
  const end = rows.indexOf(path);
  if (begin < 0 || end < 0) return select_one(path);
  const range = rows.slice(Math.min(begin, end), Math.max(begin, end) + 1);
  return { lead: path, anchor: rows[begin], paths: new Set(range) };
}

/** What an action is about: all that is selected where `path` is among it, else `path` alone. Never what lies below another. */
export function acted_on({ paths }: TreeSelection, path: string | undefined): string[] {
  const chosen = path === undefined || paths.has(path) ? [...paths] : [path];
  const all = new Set(chosen);
  return chosen.filter((one) => {
    for (let at = one.lastIndexOf('/'); at > 0; at = one.lastIndexOf('/', at - 1))
      if (all.has(one.slice(0, at))) return false;
    return true;
  });
}
