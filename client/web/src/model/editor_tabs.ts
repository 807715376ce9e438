// SPDX-License-Identifier: GPL-3.0-or-later
// The open editors of this window, in order, and which one shows. Remembered for the browser tab's life.
import { has_code, sentence_of } from '../connection/berth_error';
import type { Document } from './document';
import type { Documents } from './documents';
import { Observable } from './observable';
import type { PagedText } from './paged_text';
import { base_name } from './paths';
import { recall, remember, tab_storage } from './tab_storage';

export interface EditorTab {
  path: string;
  state: 'loading' | 'text' | 'paged' | 'image' | 'binary' | 'failed';
  document: Document | undefined;
  /** Of a file that is too large to be a document. */
  paged?: PagedText;
  problem: string;
  /** Why it failed: there is no such file. */
  missing?: boolean;
}

const images = /\.(png|jpe?g|gif|webp|avif|ico|bmp)$/i;

export class EditorTabs extends Observable {
  tabs: EditorTab[] = [];
  active: EditorTab | undefined;
  /** Grows each time the person asked for a file: it should be seen. */
  shows = 0;
  private readonly shown_: EditorTab[] = []; // most recent last: closing goes back

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

  /** `if_there`: a file that is missing is no news, and no tab stays for it. */
  async open(
    path: string,
    options: { create?: boolean; background?: boolean; if_there?: boolean } = {},
  ): Promise<void> {
    const existing = this.tabs.find((tab) => tab.path === path);
    const tab: EditorTab = existing ?? { path, state: 'loading', document: undefined, problem: '' };
    if (!existing) this.tabs = [...this.tabs, tab];
    if (!options.background || !this.active) this.show(tab);
    this.remember();
    if (existing && existing.state !== 'failed') {
      if (existing.document?.gone) await this.documents_.open(existing.document.path);
      return;
    }
    await this.load(tab, options.create === true);
    if (options.if_there && tab.missing) this.close(tab);
  }

  show(tab: EditorTab): void {
    this.active = tab;
    ++this.shows;
    const at = this.shown_.indexOf(tab);
    if (at >= 0) this.shown_.splice(at, 1);
    this.shown_.push(tab);
    this.remember();
    this.changed();
  }

  close(tab: EditorTab): void {
    const index = this.tabs.indexOf(tab);
    if (index < 0) return;
    this.tabs = this.tabs.filter((other) => other !== tab);
    const shown = this.shown_.indexOf(tab);
    if (shown >= 0) this.shown_.splice(shown, 1);
    if (this.active === tab) this.active = this.shown_.at(-1) ?? this.tabs[Math.min(index, this.tabs.length - 1)];
    if (tab.document) this.documents_.close(tab.document);
    this.remember();
    this.changed();
  }

  /** False when closing would throw away a text that the person has not decided about: it is shown instead. */
  close_if_decided(tab: EditorTab): boolean {
    if (tab.document?.conflict) {
      this.show(tab);
      return false;
    }
    this.close(tab);
    return true;
  }

  /** Moves along the tab bar. */
  step(by: number): void {
    const at = this.active ? this.tabs.indexOf(this.active) : -1;
    const next = this.tabs[(at + by + this.tabs.length) % this.tabs.length];
    if (next) this.show(next);
  }

  /** Puts a tab where `place` stands; `place` and what lies between move up. */
  move(tab: EditorTab, place: EditorTab): void {
    const from = this.tabs.indexOf(tab);
    const to = this.tabs.indexOf(place);
    if (from < 0 || to < 0 || from === to) return;
    this.tabs = this.tabs.toSpliced(from, 1).toSpliced(to, 0, tab);
    this.remember();
    this.changed();
  }

  /** Paths of the open files, the one shown before the present one first: going back is one key. */
  recent(): string[] {
    const paths = this.shown_.map((tab) => tab.path).reverse();
    return paths.length > 1 ? [...paths.slice(1), ...paths.slice(0, 1)] : paths;
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
    const stored = parse(recall(this.storage_, this.storage_key_));
    for (const path of stored.paths) void this.open(path, { background: path !== stored.active });
    const left = await this.documents_.left_paths();
    for (const path of left) if (!stored.paths.includes(path)) void this.open(path, { background: true });
    return stored.paths.length + left.length > 0;
  }

  private async load(tab: EditorTab, create: boolean): Promise<void> {
    tab.state = 'loading';
    this.changed();
    if (images.test(tab.path)) {
      tab.state = 'image';
      this.changed();
      return;
    }
    try {
      tab.document = await this.documents_.open(tab.path, create ? { create } : {});
      tab.state = 'text';
      this.follow_path(tab); // it may have been moved while this page did not look
      if (!this.tabs.includes(tab)) this.documents_.close(tab.document); // closed while it was loading
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
      tab.problem = tab.missing ? `${base_name(tab.path)} does not exist any more.` : sentence_of(error);
    }
    this.changed();
  }

  private follow_path(tab: EditorTab): void {
    if (!tab.document || tab.path === tab.document.path) return;
    tab.path = tab.document.path;
    this.remember();
  }

  private remember(): void {
    const paths = this.tabs.map((tab) => tab.path);
    remember(this.storage_, this.storage_key_, { paths, active: this.active?.path });
  }
}

function parse(stored: unknown): { paths: string[]; active: string | undefined } {
  const { paths, active } = (stored ?? {}) as { paths?: unknown; active?: unknown };
  return {
    paths: Array.isArray(paths) ? paths.filter((path): path is string => typeof path === 'string') : [],
    active: typeof active === 'string' ? active : undefined,
  };
}
