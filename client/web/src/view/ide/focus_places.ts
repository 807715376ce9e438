// SPDX-License-Identifier: GPL-3.0-or-later
// Gives the keys to a part of the page, once it is there.

function focus_soon(selector: string): void {
  // What shows it may have to be drawn first.
  requestAnimationFrame(() => document.querySelector<HTMLElement>(selector)?.focus());
}

export function focus_tree(): void {
  focus_soon('.tree');
}
export function focus_editor(group: number): void {
  focus_soon(`[data-group="${group}"] :is(.native-edit-context, .editor-host textarea)`);
}
