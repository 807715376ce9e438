// SPDX-License-Identifier: GPL-3.0-or-later
// What a browser tab remembers of its open editors, read back from whatever is stored.
import { groups_of, parse_split, type SplitNode } from './split_tree';

export interface StoredGroup {
  id: number;
  tabs: { path: string; preview: boolean }[];
  /** Place of the one it shows. */
  active: number;
}
export interface OpenEditors {
  groups: StoredGroup[];
  layout: SplitNode | undefined;
  active: number;
}

const most_groups = 32;

export function parse_open_editors(stored: unknown): OpenEditors {
  const { groups, layout, active } = (stored ?? {}) as { groups?: unknown; layout?: unknown; active?: unknown };
  const read = (Array.isArray(groups) ? groups : []).flatMap((group) => parse_group(group) ?? []).slice(0, most_groups);
  const named = new Map(read.map((group) => [group.id, group]));
  const tree = parse_split(layout, new Set(named.keys()));
  const shown = tree === undefined ? [] : groups_of(tree).flatMap((id) => named.get(id) ?? []);
  return { groups: shown, layout: tree, active: typeof active === 'number' ? active : 1 };
}

function parse_group(stored: unknown): StoredGroup | undefined {
  const { id, tabs, active } = (stored ?? {}) as { id?: unknown; tabs?: unknown; active?: unknown };
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1 || !Array.isArray(tabs)) return undefined;
  const read = tabs.flatMap((tab: unknown) => {
    const { path, preview } = (tab ?? {}) as { path?: unknown; preview?: unknown };
    return typeof path === 'string' ? [{ path, preview: preview === true }] : [];
  });
  if (read.length === 0) return undefined;
  return { id, tabs: read, active: typeof active === 'number' ? active : 0 };
}
