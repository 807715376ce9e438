// SPDX-License-Identifier: GPL-3.0-or-later
// The names of the project's files, for opening one by a few letters of its name. Walked anew each time somebody asks; what
// an earlier walk found is there at once.
import type { WorkspaceConnection } from '../connection/workspace_connection';
import { join_path } from './paths';
import { Observable } from './observable';

/** Folders that programs fill and people don't open by name; the tree shows them. */
const left_out = new Set(['.git', 'node_modules', '.venv', 'venv', '__pycache__', '.cache', '.mypy_cache', 'target']);
const most_files = 10_000;
const most_folders = 1_000;
const at_once = 4; // folders listed beside each other: keys and terminals go on between them

export class FileIndex extends Observable {
  /** Paths of files, nearest to the root first. */
  files: string[] = [];
  walking = false;
  /** There are more files than are looked through. */
  cut = false;
  /** The person is choosing a file by name. */
  choosing = false;

  constructor(
    private readonly connection_: WorkspaceConnection,
    private readonly root_: string,
  ) {
    super();
  }

  choose(): void {
    this.choosing = true;
    this.changed();
    void this.walk();
  }
  leave(): void {
    this.choosing = false;
    this.changed();
  }

  /** Resolves when every folder was listed; folders that can't be are passed over. */
  async walk(): Promise<void> {
    if (this.walking) return;
    this.walking = true;
    this.changed();
    const files: string[] = [];
    let level = [this.root_];
    let folders = 0;
    while (level.length > 0 && files.length < most_files && folders < most_folders) {
      const below: string[] = [];
      for (let at = 0; at < level.length && files.length < most_files && folders < most_folders; at += at_once) {
        const part = level.slice(at, at + at_once);
        folders += part.length;
        await Promise.all(part.map((folder) => this.list(folder, files, below)));
      }
      level = below;
      if (files.length >= this.files.length) this.files = files.slice(0, most_files);
      this.changed();
    }
    this.cut = level.length > 0 || files.length > most_files;
    this.files = files.slice(0, most_files);
    this.walking = false;
    this.changed();
  }

  private async list(folder: string, files: string[], below: string[]): Promise<void> {
    try {
      const { entries } = await this.connection_.request('file/list', { path: folder, limit: 2_000 });
      for (const { name, type, target_type } of entries) {
        // A linked folder may lead back up: it is opened by the name it has without the link.
        if (type === 'directory' && !left_out.has(name)) below.push(join_path(folder, name));
        else if (type === 'file' || (type === 'symlink' && target_type === 'file')) files.push(join_path(folder, name));
      }
    } catch {
      // Gone meanwhile, not readable, or no connection.
    }
  }
}

/**
 * How well a path answers what was typed: higher is better, undefined when its letters are not in it in that order.
 * Whole words of the name come before beginnings, those before letters spread over the path; short paths first.
 */
export function score(typed: string, path: string): number | undefined {
  const wanted = typed.toLowerCase().replaceAll(/\s+/g, '');
  const lower = path.toLowerCase();
  const name = lower.slice(lower.lastIndexOf('/') + 1);
  const shorter = -path.length / 1000;
  if (name === wanted) return 5 + shorter;
  if (name.startsWith(wanted)) return 4 + shorter;
  if (name.includes(wanted)) return 3 + shorter;
  if (lower.includes(wanted)) return 2 + shorter;
  if (in_order(wanted, name)) return 1 + shorter;
  return in_order(wanted, lower) ? shorter : undefined;
}

function in_order(wanted: string, text: string): boolean {
  let at = -1;
  for (const letter of wanted) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}

/** The best `most` of `files`; with nothing typed, `recent` comes first. */
export function best_matches(
  typed: string,
  files: readonly string[],
  recent: readonly string[],
  most: number,
): string[] {
  if (typed.trim() === '') return [...new Set([...recent, ...files])].slice(0, most);
  const scored = files.flatMap((path) => {
    const value = score(typed, path);
    return value === undefined ? [] : [{ path, value }];
  });
  return scored
    .sort((a, b) => b.value - a.value)
    .slice(0, most)
    .map(({ path }) => path);
}
