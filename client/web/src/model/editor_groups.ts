// SPDX-License-Identifier: GPL-3.0-or-later
// The groups of editors: how they share the room, and which one has the keys. There is always one.
import { groups_of, split, without, type Side, type SplitNode } from './split_tree';

export type EditorGroup = number;

export class EditorGroups {
  layout: SplitNode = 1;
  active: EditorGroup = 1;
  private next_ = 2;

  all(): EditorGroup[] {
    return groups_of(this.layout);
  }
  has(group: EditorGroup): boolean {
    return this.all().includes(group);
  }

  /** A new, empty group on that side of another; it becomes the active one. */
  split(group: EditorGroup, side: Side): EditorGroup {
    const added = this.next_++;
    this.layout = split(this.layout, group, side, added);
    this.active = added;
    return added;
  }

  /** The last one stays, empty. */
  remove(group: EditorGroup): void {
    const before = this.all();
    const layout = without(this.layout, group);
    if (layout === undefined || !before.includes(group)) return;
    this.layout = layout;
    if (this.active !== group) return;
    const at = before.indexOf(group);
    this.active = before[at - 1] ?? before[at + 1] ?? this.active;
  }

  restore(layout: SplitNode | undefined, groups: readonly EditorGroup[], active: EditorGroup): void {
    if (layout === undefined || groups.length === 0) return;
    this.layout = layout;
    this.next_ = Math.max(...groups) + 1;
    this.active = this.has(active) ? active : (this.all()[0] ?? 1);
  }
}
