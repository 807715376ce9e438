// SPDX-License-Identifier: GPL-3.0-or-later
// What is dragged over the editors: a tab of this window, or a file of the tree.
import type { DragEvent } from 'react';
import type { EditorTab, EditorTabs } from '../../../model/editor_tabs';
import type { Side } from '../../../model/split_tree';

export const dragged_tab_type = 'application/x-berth-tab';
export const dragged_path_type = 'application/x-berth-path';
/** All that is dragged from the tree, as JSON. */
export const dragged_paths_type = 'application/x-berth-paths';

const edge = 0.25; // of a group's width and height: dropped there, it is split

/** Says that a drop of such a thing is taken here, and by nobody around. */
export function take_drag(event: DragEvent, ...types: string[]): boolean {
  if (!types.some((type) => event.dataTransfer.types.includes(type))) return false;
  event.preventDefault();
  event.stopPropagation();
  event.dataTransfer.dropEffect = 'move';
  return true;
}

/** The tab that is dropped here; undefined for anything else, another window's tab for instance. */
export function tab_of_drag(event: DragEvent, tabs: EditorTabs): EditorTab | undefined {
  const text = event.dataTransfer.getData(dragged_tab_type);
  if (text === '') return undefined;
  event.preventDefault();
  event.stopPropagation();
  try {
    const [group, path, preview] = JSON.parse(text) as unknown[];
    return tabs.tabs.find((tab) => tab.group === group && tab.path === path && tab.preview === preview);
  } catch {
    return undefined;
  }
}

/** Which half of the box the pointer stands for; undefined in the middle. */
export function side_at(x: number, y: number, box: DOMRect): Side | undefined {
  const across = (x - box.left) / box.width;
  const down = (y - box.top) / box.height;
  const near = Math.min(across, 1 - across, down, 1 - down);
  if (near > edge) return undefined;
  if (near === across) return 'left';
  if (near === 1 - across) return 'right';
  return near === down ? 'up' : 'down';
}
