// SPDX-License-Identifier: GPL-3.0-or-later
// The directories this window has looked into: listed a page at a time when opened, then kept fresh by the runner's watch.
import { sentence_of } from '../connection/berth_error';
import type { WorkspaceConnection } from '../connection/workspace_connection';
import type { FileChange, FileEntry } from '../protocol/messages';
import { join_path, parent_path } from './paths';
import { Observable } from './observable';
import { t } from './translation';

const page = 500; // entries, for a quick first look
const longest_page = 10_000; // every further one: the runner lists the folder anew for each
const many_changes = 64; // in one message: put in order together

export interface Directory {
  path: string;
  entries: FileEntry[]; // in the runner's order: directories first, then by name without regard to case
  total: number;
  cursor: string | undefined; // there is more
  state: 'loading' | 'ready' | 'failed';
  problem: string;
  /** inotify ran out: changes show a few seconds late. */
  degraded: boolean;
}

export type TreeRow =
  | { kind: 'entry'; path: string; depth: number; entry: FileEntry; expanded: boolean }
  | { kind: 'more'; path: string; depth: number; left: number }
  | { kind: 'message'; path: string; depth: number; text: string };

export function is_directory(entry: FileEntry): boolean {
  return entry.type === 'directory' || (entry.type === 'symlink' && entry.target_type === 'directory');
}

function compare(a: FileEntry, b: FileEntry): number {
  const rank = Number(is_directory(b)) - Number(is_directory(a));
  if (rank !== 0) return rank;
  const left = a.name.toLowerCase();
  const right = b.name.toLowerCase();
  if (left !== right) return left < right ? -1 : 1;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

export class FileTree extends Observable {
  readonly directories = new Map<string, Directory>();
  readonly expanded = new Set<string>();
  private rows_: TreeRow[] | undefined;

  constructor(
    private readonly connection_: WorkspaceConnection,
    readonly root: string,
  ) {
    super();
    this.expanded.add(root);
    connection_.on('file/changed', ({ path, changes, overflow, degraded }) => {
      const directory = this.directories.get(path);
      if (!directory) return;
      directory.degraded = degraded;
      if (overflow) void this.load(path);
      else if (changes.length >= many_changes) this.apply_all(directory, changes);
      else for (const change of changes) this.apply(directory, change);
      this.touched();
    });
    connection_.on_connected(() => {
      for (const path of this.expanded) void this.load(path);
    });
  }

  /** The visible lines, flat: what a virtual list draws. */
  rows(): TreeRow[] {
    if (!this.rows_) {
      this.rows_ = [];
      this.collect(this.root, 0, this.rows_);
    }
    return this.rows_;
  }

  entry(path: string): FileEntry | undefined {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return this.directories.get(parent_path(path))?.entries.find((entry) => entry.name === name);
  }

  async expand(path: string): Promise<void> {
    if (this.expanded.has(path) && this.directories.has(path)) return;
    this.expanded.add(path);
    this.touched();
    await this.load(path);
  }

  collapse(path: string): void {
    for (const open of [...this.expanded]) if (open === path || open.startsWith(`${path}/`)) this.forget(open);
    this.touched();
  }

  /** Opens every directory above `path`, so that its row exists. */
  async reveal(path: string): Promise<void> {
    if (!path.startsWith(`${this.root}/`)) return;
    const above: string[] = [];
    for (let at = parent_path(path); at.length >= this.root.length; at = parent_path(at)) above.unshift(at);
    for (const directory of above) await this.expand(directory);
  }

  /** Reads the directory from its start: the first page, or as much as was shown before. */
  async load(path: string): Promise<void> {
    const directory = this.directories.get(path) ?? {
      path,
      entries: [],
      total: 0,
      cursor: undefined,
      state: 'loading' as const,
      problem: '',
      degraded: false,
    };
    this.directories.set(path, directory);
    try {
      // Watch first: what changes between the two is told, and listing after it is the newer truth.
      directory.degraded = (await this.connection_.request('file/watch', { path })).degraded;
      const limit = Math.min(Math.max(page, directory.entries.length), longest_page);
      const listed = await this.connection_.request('file/list', { path, limit });
      directory.entries = listed.entries;
      directory.total = listed.total;
      directory.cursor = listed.cursor;
      directory.state = 'ready';
    } catch (error) {
      directory.problem = sentence_of(error);
      if (directory.entries.length === 0) directory.state = 'failed';
    }
    this.touched();
  }

  async load_more(path: string): Promise<void> {
    const directory = this.directories.get(path);
    if (!directory?.cursor || directory.state === 'loading') return;
    directory.state = 'loading';
    try {
      const listed = await this.connection_.request('file/list', {
        path,
        cursor: directory.cursor,
        limit: longest_page,
      });
      const known = new Set(directory.entries.map((entry) => entry.name));
      directory.entries = [...directory.entries, ...listed.entries.filter((entry) => !known.has(entry.name))];
      directory.total = listed.total;
      directory.cursor = listed.cursor;
    } catch (error) {
      directory.problem = sentence_of(error);
    }
    directory.state = 'ready';
    this.touched();
  }

  /** All pages that are left. */
  async load_rest(path: string): Promise<void> {
    for (let before = -1; ;) {
      const directory = this.directories.get(path);
      // Nothing came: there is no connection, or somebody else is loading.
      if (!directory?.cursor || directory.entries.length === before) return;
      before = directory.entries.length;
      await this.load_more(path);
    }
  }

  refresh(): Promise<void[]> {
    return Promise.all([...this.expanded].map((path) => this.load(path)));
  }

  /** As `apply` of one after the other: an unpacked archive is thousands of them. */
  private apply_all(directory: Directory, changes: readonly FileChange[]): void {
    const last = new Map(changes.map((change) => [change.name, change]));
    const known = new Set(directory.entries.map(({ name }) => name));
    const kept = directory.entries.filter(({ name }) => !last.has(name));
    const put: FileEntry[] = [];
    for (const { kind, name, entry } of last.values()) {
      const there = kind !== 'deleted' && entry !== undefined;
      if (there) put.push(entry);
      else this.collapse(join_path(directory.path, name));
      if (there && !known.has(name)) ++directory.total;
      else if (!there && (known.has(name) || directory.cursor)) --directory.total;
    }
    const end = kept.at(-1);
    // Past what was listed so far: its page will bring it.
    const near = directory.cursor && end ? put.filter((entry) => compare(entry, end) < 0) : put;
    directory.entries = [...kept, ...near.sort(compare)].sort(compare); // two ordered runs: the sort merges them
    directory.total = Math.max(directory.entries.length, directory.total);
  }

  private apply(directory: Directory, change: FileChange): void {
    const at = directory.entries.findIndex((entry) => entry.name === change.name);
    if (change.kind === 'deleted' || !change.entry) {
      if (at >= 0) directory.entries.splice(at, 1);
      if (at >= 0 || directory.cursor) directory.total = Math.max(directory.entries.length, directory.total - 1);
      this.collapse(join_path(directory.path, change.name));
      return;
    }
    if (at >= 0) {
      directory.entries.splice(at, 1);
    } else {
      ++directory.total;
    }
    const entry = change.entry;
    let low = 0;
    let high = directory.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(directory.entries[middle] as FileEntry, entry) < 0) low = middle + 1;
      else high = middle;
    }
    // Past what was listed so far: its page will bring it.
    if (low === directory.entries.length && directory.cursor) return;
    directory.entries.splice(low, 0, entry);
  }

  private forget(path: string): void {
    this.expanded.delete(path);
    if (!this.directories.delete(path)) return;
    this.connection_.request('file/unwatch', { path }).catch(() => {
      // Gone already, or no connection: nothing is watched then.
    });
  }

  private touched(): void {
    this.rows_ = undefined;
    this.changed();
  }

  private collect(path: string, depth: number, rows: TreeRow[]): void {
    const directory = this.directories.get(path);
    if (!directory) return;
    for (const entry of directory.entries) {
      const child = join_path(path, entry.name);
      const expanded = is_directory(entry) && this.expanded.has(child);
      rows.push({ kind: 'entry', path: child, depth, entry, expanded });
      if (expanded) this.collect(child, depth + 1, rows);
    }
    if (directory.cursor) rows.push({ kind: 'more', path, depth, left: directory.total - directory.entries.length });
    else if (directory.state === 'loading' && directory.entries.length === 0)
      rows.push({ kind: 'message', path, depth, text: t('Loading…') });
    else if (directory.state === 'failed') rows.push({ kind: 'message', path, depth, text: directory.problem });
    else if (directory.entries.length === 0 && depth > 0)
      rows.push({ kind: 'message', path, depth, text: t('Empty folder') });
  }
}
