// SPDX-License-Identifier: GPL-3.0-or-later
// What the tree's menu, keys and drops do.
import { has_code, sentence_of } from '../../../connection/berth_error';
import { base_name, copy_name, join_path, name_problem, parent_path, project_path } from '../../../model/paths';
import { is_directory } from '../../../model/file_tree';
import { looks_only } from '../../../model/roles';
import { useApplication } from '../../application';
import { copy_text, shown_path } from '../../clipboard';
import type { MenuEntry } from '../../controls/menu';
import { useSession } from '../ide_context';

/** A name that is being typed in the tree. */
export type Naming =
  { kind: 'create'; directory: string; type: 'file' | 'directory' } | { kind: 'rename'; path: string };

export function useTreeActions(
  set_naming: (naming: Naming | undefined) => void,
  set_selected: (path: string) => void,
  may_change: boolean,
) {
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

  /** A file as it is, a folder as a zip; the browser streams it to disk. */
  const download = (path: string, folder = false) => {
    const parameters = { id: session.id };
    const link = document.createElement('a');
    link.href = folder
      ? rest.address('GetArchive', { parameters, query: { format: 'zip', path } })
      : rest.address('GetFile', { parameters, query: { path } });
    link.download = folder ? `${base_name(path)}.zip` : base_name(path);
    link.click();
  };

  const duplicate = (path: string) => {
    const copy = join_path(parent_path(path), copy_name(base_name(path)));
    files.copy(path, copy).then(() => set_selected(copy), report);
  };

  const open_terminal = (directory: string) => {
    session.layout.show('terminal', true);
    session.terminals.open({ cwd: directory }).catch(report);
  };

  const open_to_the_side = (path: string) =>
    void tabs.open(path, { group: tabs.groups.split(tabs.groups.active, 'right'), focus: true });

  const menu_of = (path: string | undefined, directory: string): MenuEntry[] => {
    const refused = may_change ? undefined : looks_only;
    const create = (type: 'file' | 'directory') => () => begin_create(directory, type);
    const make: MenuEntry[] = [
      ...(refused ? [{ kind: 'heading' as const, text: refused }] : []),
      { kind: 'item', label: 'New file…', icon: 'file_add', refused, run: create('file') },
      { kind: 'item', label: 'New folder…', icon: 'folder_add', refused, run: create('directory') },
      { kind: 'item', label: 'Open a terminal here', icon: 'terminal', refused, run: () => open_terminal(directory) },
    ];
    const entry = path === undefined ? undefined : tree.entry(path);
    if (path === undefined || !entry) {
      const all = () => download(project_path, true);
      return [
        ...make,
        { kind: 'separator' },
        { kind: 'item', label: 'Download all as zip', icon: 'download', run: all },
      ];
    }
    return [
      ...make,
      { kind: 'separator' },
      ...(is_directory(entry)
        ? []
        : [
            {
              kind: 'item' as const,
              label: 'Open to the side',
              icon: 'split' as const,
              run: () => open_to_the_side(path),
            },
          ]),
      { kind: 'item', label: 'Rename…', icon: 'pencil', keys: 'F2', refused, run: () => begin_rename(path) },
      { kind: 'item', label: 'Copy path', icon: 'copy', run: () => void copy_text(shown_path(path), notices) },
      { kind: 'item', label: 'Duplicate', icon: 'file_add', refused, run: () => duplicate(path) },
      {
        kind: 'item',
        label: is_directory(entry) ? 'Download as zip' : 'Download',
        icon: 'download',
        run: () => download(path, is_directory(entry)),
      },
      { kind: 'item', label: 'Show history', icon: 'history', run: () => session.history.show(path) },
      { kind: 'separator' },
      { kind: 'item', label: 'Delete', icon: 'trash', keys: 'Del', danger: true, refused, run: () => remove(path) },
    ];
  };

  return { begin_create, begin_rename, finish, remove, move, download, menu_of };
}
