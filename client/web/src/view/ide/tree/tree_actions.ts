// SPDX-License-Identifier: GPL-3.0-or-later
// What the tree's menu, keys and drops do.
import { has_code, sentence_of } from '../../../connection/berth_error';
import { base_name, join_path, name_problem, parent_path } from '../../../model/paths';
import { project_path } from '../../../model/workspace_session';
import { is_directory } from '../../../model/file_tree';
import { useApplication } from '../../application';
import type { MenuEntry } from '../../controls/menu';
import { useSession } from '../ide_context';

/** A name that is being typed in the tree. */
export type Naming =
  { kind: 'create'; directory: string; type: 'file' | 'directory' } | { kind: 'rename'; path: string };

export function useTreeActions(set_naming: (naming: Naming | undefined) => void, set_selected: (path: string) => void) {
  const { notices, rest } = useApplication();
  const session = useSession();
  const { tree, files, tabs } = session;
  const report = (error: unknown) => notices.problem(sentence_of(error));

  const begin_create = (directory: string, type: 'file' | 'directory') => {
    if (directory !== project_path) void tree.expand(directory);
    set_naming({ kind: 'create', directory, type });
  };
  const begin_rename = (path: string) => set_naming({ kind: 'rename', path });

  const rename = async (from: string, to: string) => {
    await files.rename(from, to);
    // The runner moves open documents along; images and failed tabs have none.
    for (const tab of tabs.under(from)) if (!tab.document) tab.path = to + tab.path.slice(from.length);
    set_selected(to);
  };

  /** Undefined when the name was given up. */
  const finish = (naming: Naming | undefined, name: string | undefined) => {
    set_naming(undefined);
    if (!naming || name === undefined) return;
    const problem = name_problem(name);
    if (problem) return notices.problem(problem);
    if (naming.kind === 'rename') {
      const to = join_path(parent_path(naming.path), name);
      if (to !== naming.path) rename(naming.path, to).catch(report);
      return;
    }
    const path = join_path(naming.directory, name);
    const report_taken = (error: unknown) =>
      has_code(error, 'already_exists', 'conflict') ? notices.problem(`“${name}” exists already.`) : report(error);
    if (naming.type === 'directory') {
      files.create_directory(path).then(() => set_selected(path), report_taken);
    } else {
      files.create_file(path).then(() => tabs.open(path), report_taken);
    }
  };

  const undelete = (trash: string) => {
    files.undelete(trash).then((path) => set_selected(path), report);
  };
  const remove = (path: string) => {
    files.remove(path).then((trash) => {
      for (const tab of tabs.under(path)) tabs.close(tab);
      notices.show(`“${base_name(path)}” was moved to the trash.`, {
        action: trash === undefined ? undefined : { label: 'Undo', run: () => undelete(trash) },
      });
    }, report);
  };

  const move = (path: string, directory: string) => {
    if (parent_path(path) === directory || directory === path || directory.startsWith(`${path}/`)) return;
    rename(path, join_path(directory, base_name(path))).catch(report);
  };

  const download = (path: string) => {
    const link = document.createElement('a');
    link.href = rest.address('GetFile', { parameters: { id: session.id }, query: { path } });
    link.download = base_name(path);
    link.click();
  };

  const copy_path = (path: string) => {
    const text = path.startsWith(`${project_path}/`) ? path.slice(project_path.length + 1) : path;
    navigator.clipboard.writeText(text).catch(() => notices.problem('The browser did not allow copying.'));
  };

  const menu_of = (path: string | undefined, directory: string): MenuEntry[] => {
    const make: MenuEntry[] = [
      { kind: 'item', label: 'New file…', icon: 'file_add', run: () => begin_create(directory, 'file') },
      { kind: 'item', label: 'New folder…', icon: 'folder_add', run: () => begin_create(directory, 'directory') },
    ];
    const entry = path === undefined ? undefined : tree.entry(path);
    if (path === undefined || !entry) return make;
    return [
      ...make,
      { kind: 'separator' },
      { kind: 'item', label: 'Rename…', icon: 'pencil', keys: 'F2', run: () => begin_rename(path) },
      { kind: 'item', label: 'Copy path', icon: 'copy', run: () => copy_path(path) },
      ...(is_directory(entry)
        ? []
        : [{ kind: 'item' as const, label: 'Download', icon: 'download' as const, run: () => download(path) }]),
      { kind: 'separator' },
      { kind: 'item', label: 'Delete', icon: 'trash', keys: 'Del', danger: true, run: () => remove(path) },
    ];
  };

  return { begin_create, begin_rename, finish, remove, move, download, menu_of };
}
