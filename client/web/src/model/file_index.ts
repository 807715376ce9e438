// SPDX-License-Identifier: GPL-3.0-or-later
// The names of the project's files, for opening one by a few letters of its name. Walked anew each time somebody asks; what
// an earlier walk found is there at once.
import type { WorkspaceConnection } from '../connection/workspace_connection';
import { fuzzy_filter, fuzzy_path, type Found } from './fuzzy';
import { join_path, project_path } from './paths';
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

  constructor(
    private readonly connection_: WorkspaceConnection,
    private readonly root_: string,
  ) {
    super();
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

/** The best `most` of `files`; with nothing typed, `recent` comes first. */
export function best_matches(
  typed: string,
  files: readonly string[],
  recent: readonly string[],
  most: number,
): Found<string>[] {
  if (typed.trim() === '')
    return [...new Set([...recent, ...files])].slice(0, most).map((item) => ({ item, places: [] }));
  // The project's own name is in all of them.
  const shown = (path: string) => (path.startsWith(`${project_path}/`) ? path.slice(project_path.length + 1) : path);
  return fuzzy_filter(typed, files, shown, most, fuzzy_path);
}
