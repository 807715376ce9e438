// SPDX-License-Identifier: GPL-3.0-or-later
// The open editors of this window: groups beside and below each other, each with its tabs in order and the one it shows.
// Remembered for the browser tab's life.
import { has_code, sentence_of } from '../connection/berth_error';
import type { Document } from './document';
import type { Documents } from './documents';
import { EditorGroups } from './editor_groups';
import { medium_of, type Medium } from './file_kinds';
import { parse_open_editors, type StoredGroup } from './open_editors';
import { Observable } from './observable';
import type { PagedText } from './paged_text';
import { base_name } from './paths';
import { groups_of, type Side } from './split_tree';
import { recall, remember, tab_storage } from './tab_storage';
import { t } from './translation';

export interface EditorTab {
  path: string;
  /** The group it stands in. */
  group: number;
  /** Shows what the text means (Markdown drawn, a table), not the text. */
  preview: boolean;
  state: 'loading' | 'text' | 'paged' | 'binary' | 'failed' | Medium;
  document: Document | undefined;
  /** Of a file that is too large to be a document. */
  paged?: PagedText;
  problem: string;
  /** Why it failed: there is no such file. */
  missing?: boolean;
  /** The keys are wanted in its text, and the cursor at this place, from 1; taken by the editor once it shows the text. */
  wanted?: { line?: number; column?: number; length?: number; keep_keys?: boolean };
}

export interface OpenOptions {
  create?: boolean;
  background?: boolean;
  /** A file that is missing is no news, and no tab stays for it. */
  if_there?: boolean;
  preview?: boolean;
  /** The active group if it is left out. */
  group?: number;
  /** The keys go to its text, wherever they are. */
  focus?: boolean;
  line?: number;
  column?: number;
  /** UTF-16 units from there that are selected. */
  length?: number;
  /** The place is shown, but the keys stay where they go. */
  keep_keys?: boolean;
}

const most_closed = 20;

export class EditorTabs extends Observable {
  /** Of all groups, group by group as they lie. */
  tabs: EditorTab[] = [];
  /** Grows each time the person asked for a file: it should be seen. */
  shows = 0;
  readonly groups = new EditorGroups();
  private readonly shown_: EditorTab[] = []; // most recent last: closing goes back
  private closed_: { path: string; preview: boolean }[] = []; // most recent last

  constructor(
    private readonly documents_: Documents,
    private readonly storage_key_: string,
    private readonly storage_ = tab_storage(),
  ) {
    super();
    documents_.subscribe(() => {
      for (const tab of this.tabs) this.follow_path(tab);
      this.changed();
    });
    documents_.on_unopened = (path) => void this.open(path, { background: true });
  }

  /** What the active group shows. */
  get active(): EditorTab | undefined {
    return this.shown_in(this.groups.active);
  }
  shown_in(group: number): EditorTab | undefined {
    return this.shown_.findLast((tab) => tab.group === group) ?? this.tabs.find((tab) => tab.group === group);
  }
  in_group(group: number): EditorTab[] {
    return this.tabs.filter((tab) => tab.group === group);
  }

  async open(path: string, options: OpenOptions = {}): Promise<void> {
    const group = options.group ?? this.groups.active;
    const preview = options.preview === true;
    const existing = this.tabs.find((tab) => tab.path === path && tab.group === group && tab.preview === preview);
    const tab: EditorTab = existing ?? { path, group, preview, state: 'loading', document: undefined, problem: '' };
    if (options.line !== undefined) {
      const { line, column = 1, length = 0, keep_keys = false } = options;
      tab.wanted = { line, column, length, keep_keys };
    } else if (options.focus) tab.wanted = {};
    if (!existing) this.put([...this.tabs, tab]);
    if (!options.background || !this.active) this.show(tab);
    this.remember();
    if (existing && existing.state !== 'failed') {
      this.changed();
      if (existing.document?.gone) await this.documents_.open(existing.document.path);
      return;
    }
    await this.load(tab, options.create === true);
    if (options.if_there && tab.missing) this.close(tab);
  }

  show(tab: EditorTab): void {
    ++this.shows;
    const at = this.shown_.indexOf(tab);
    if (at >= 0) this.shown_.splice(at, 1);
    this.shown_.push(tab);
    this.groups.active = tab.group;
    this.remember();
    this.changed();
  }

  /** The keys went to this group. */
  use_group(group: number): void {
    if (group === this.groups.active || !this.groups.has(group)) return;
    const shown = this.shown_in(group);
    if (shown) return this.show(shown);
    this.groups.active = group;
    this.changed();
  }

  close(tab: EditorTab): void {
    const index = this.in_group(tab.group).indexOf(tab);
    if (index < 0) return;
    const was_shown = this.shown_in(tab.group) === tab;
    this.tabs = this.tabs.filter((other) => other !== tab);
    const shown = this.shown_.indexOf(tab);
    if (shown >= 0) this.shown_.splice(shown, 1);
    const left = this.in_group(tab.group);
    const next = this.shown_.findLast((other) => other.group === tab.group) ?? left[Math.min(index, left.length - 1)];
    if (was_shown && next && !this.shown_.includes(next)) this.shown_.unshift(next);
    if (!tab.missing) this.closed_ = [...this.closed_, { path: tab.path, preview: tab.preview }].slice(-most_closed);
    if (left.length === 0) this.groups.remove(tab.group);
    this.release(tab.document);
    this.remember();
    this.changed();
  }

  /** False when closing would throw away a text that the person has not decided about: it is shown instead. */
  close_if_decided(tab: EditorTab): boolean {
    const elsewhere = this.tabs.some((other) => other !== tab && other.document === tab.document && !other.preview);
    if (tab.document?.conflict && !tab.preview && !elsewhere) {
      this.show(tab);
      return false;
    }
    this.close(tab);
    return true;
  }

  /** The one that was closed last comes back; false when there is none. */
  reopen_closed(): boolean {
    const last = this.closed_.pop();
    if (last) void this.open(last.path, { preview: last.preview, if_there: true });
    return last !== undefined;
  }

  /** Moves along the tab bar of the active group. */
  step(by: number): void {
    const tabs = this.in_group(this.groups.active);
    const at = this.active ? tabs.indexOf(this.active) : -1;
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (next) this.show(next);
  }

  /** Puts a tab where `place` stands, in its group; `place` and what lies between move up. */
  move(tab: EditorTab, place: EditorTab): void {
    const from = this.tabs.indexOf(tab);
    const to = this.tabs.indexOf(place);
    if (from < 0 || to < 0 || from === to) return;
    const left = tab.group;
    this.take_place(tab, place.group);
    if (!this.tabs.includes(tab)) return; // the group had it already
    this.tabs = this.tabs.filter((other) => other !== tab);
    this.put(this.tabs.toSpliced(left === place.group ? to : this.tabs.indexOf(place), 0, tab));
    if (left !== place.group) this.show(tab);
    this.drop_if_empty(left);
    this.remember();
    this.changed();
  }

  /** Brings a tab to the end of a group, or of a new one beside it. */
  move_to(tab: EditorTab, group: number, side?: Side): void {
    if (!this.tabs.includes(tab) || !this.groups.has(group)) return;
    const left = tab.group;
    if (side !== undefined && this.in_group(left).length === 1 && left === group) return; // it lies there alone already
    const target = side === undefined ? group : this.groups.split(group, side);
    if (target !== left) {
      this.take_place(tab, target);
      this.put([...this.tabs.filter((other) => other !== tab), ...(tab.group === target ? [tab] : [])]);
    }
    const now = this.tabs.includes(tab) ? tab : this.in_group(target).find((other) => other.path === tab.path);
    if (now) this.show(now);
    this.drop_if_empty(left);
    this.remember();
    this.changed();
  }

  /** The same file once more, in a new group on that side. */
  split(tab: EditorTab, side: Side, preview = tab.preview): void {
    if (!this.tabs.includes(tab)) return;
    const group = this.groups.split(tab.group, side);
    void this.open(tab.path, { group, preview });
  }

  /** Text, or what it means. */
  toggle_preview(tab: EditorTab): void {
    const twin = this.tabs.find(
      (other) => other.group === tab.group && other.path === tab.path && other.preview !== tab.preview,
    );
    if (twin) return this.show(twin);
    tab.preview = !tab.preview;
    this.remember();
    this.changed();
  }

  /** Paths of the open files, the one shown before the present one first: going back is one key. */
  recent(): string[] {
    const paths = [...new Set(this.shown_.map((tab) => tab.path).reverse())];
    return paths.length > 1 ? [...paths.slice(1), ...paths.slice(0, 1)] : paths;
  }

  /** A picture, a sound, a film or a document as what it is made of. */
  show_bytes(tab: EditorTab): void {
    tab.state = 'binary';
    this.changed();
  }

  retry(tab: EditorTab): Promise<void> {
    return this.load(tab, false);
  }

  /** Below a deleted or renamed directory, or the file itself. */
  under(path: string): EditorTab[] {
    return this.tabs.filter((tab) => tab.path === path || tab.path.startsWith(`${path}/`));
  }

  /** Opens what was open before the page was reloaded, and what was typed into; false when nothing was. */
  async restore(): Promise<boolean> {
    const stored = parse_open_editors(recall(this.storage_, this.storage_key_));
    this.groups.restore(
      stored.layout,
      stored.groups.map((group) => group.id),
      stored.active,
    );
    for (const group of [...stored.groups].sort(
      (a, b) => Number(a.id === stored.active) - Number(b.id === stored.active),
    ))
      this.restore_group(group);
    const paths = new Set(stored.groups.flatMap((group) => group.tabs.map(({ path }) => path)));
    const left = await this.documents_.left_paths();
    for (const path of left) if (!paths.has(path)) void this.open(path, { background: true });
    return paths.size + left.length > 0;
  }

  private restore_group({ id, tabs, active }: StoredGroup): void {
    for (const { path, preview } of tabs) void this.open(path, { group: id, preview, background: true });
    const shown = this.in_group(id)[active];
    if (shown) this.show(shown);
  }

  /** In the order of the groups, as they lie; nobody is told yet. */
  private put(tabs: EditorTab[]): void {
    const order = groups_of(this.groups.layout);
    this.tabs = order.flatMap((group) => tabs.filter((tab) => tab.group === group));
  }

  /** The tab stands in that group from now on; one of the same that is there goes. */
  private take_place(tab: EditorTab, group: number): void {
    if (tab.group === group) return;
    const twin = this.in_group(group).find((other) => other.path === tab.path && other.preview === tab.preview);
    tab.group = group;
    if (twin) {
      this.tabs = this.tabs.filter((other) => other !== twin);
      const shown = this.shown_.indexOf(twin);
      if (shown >= 0) this.shown_.splice(shown, 1);
    }
  }

  private drop_if_empty(group: number): void {
    if (this.in_group(group).length > 0) return;
    this.groups.remove(group);
  }

  /** A document goes with the last tab that shows it. */
  private release(document: Document | undefined): void {
    if (document && !this.tabs.some((tab) => tab.document === document)) this.documents_.close(document);
  }

  private async load(tab: EditorTab, create: boolean): Promise<void> {
    tab.state = 'loading';
    this.changed();
    const medium = medium_of(tab.path);
    if (medium) {
      tab.state = medium;
      this.changed();
      return;
    }
    try {
      tab.document = await this.documents_.open(tab.path, create ? { create } : {});
      tab.state = 'text';
      this.follow_path(tab); // it may have been moved while this page did not look
      if (!this.tabs.includes(tab)) this.release(tab.document); // closed while it was loading
    } catch (error) {
      if (has_code(error, 'too_large')) {
        tab.paged = this.documents_.paged(tab.path);
        tab.state = 'paged';
        void tab.paged.jump(0);
        this.changed();
        return;
      }
      tab.state = has_code(error, 'unsupported') ? 'binary' : 'failed';
      tab.missing = has_code(error, 'not_found');
      tab.problem = tab.missing ? t`${base_name(tab.path)} does not exist any more.` : sentence_of(error);
    }
    this.changed();
  }

  private follow_path(tab: EditorTab): void {
    if (!tab.document || tab.path === tab.document.path) return;
    tab.path = tab.document.path;
    this.remember();
  }

  private remember(): void {
    const groups = groups_of(this.groups.layout).map((id) => {
      const tabs = this.in_group(id);
      const shown = this.shown_in(id);
      return {
        id,
        tabs: tabs.map(({ path, preview }) => ({ path, preview })),
        active: shown ? tabs.indexOf(shown) : 0,
      };
    });
    remember(this.storage_, this.storage_key_, { groups, layout: this.groups.layout, active: this.groups.active });
  }
}
