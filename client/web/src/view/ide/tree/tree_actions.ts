// SPDX-License-Identifier: GPL-3.0-or-later
// What the tree's menu, keys and drops do.
import { has_code, sentence_of } from '../../../connection/berth_error';
import { acted_on, type TreeSelection } from '../../../model/tree_selection';
import { pick_files } from '../../dropped_files';
import { shown_keys } from '../../../model/key_chord';
import { base_name, copy_name, join_path, name_problem, parent_path, project_path } from '../../../model/paths';
import { is_directory } from '../../../model/file_tree';
import { looks_only } from '../../../model/roles';
import { useApplication } from '../../application';
import { copy_text, shown_path } from '../../clipboard';
import type { MenuEntry } from '../../controls/menu';
import { useSession } from '../ide_context';
import { plural, t } from '../../../model/translation';

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
      has_code(error, 'already_exists', 'conflict') ? notices.problem(t`“${name}” exists already.`) : report(error);
    if (naming.type === 'directory') {
      files.create_directory(path).then(() => set_selected(path), report_taken);
    } else {
      files.create_file(path).then(() => tabs.open(path), report_taken);
    }
  };

  const undelete = (trash: string) => {
    files.undelete(trash).then((path) => set_selected(path), report);
  };
  const remove = async (paths: readonly string[]) => {
    const trashed: string[] = [];
    let gone = 0;
    try {
      for (const path of paths) {
        const trash = await files.remove(path);
        for (const tab of tabs.under(path)) tabs.close(tab);
        if (trash !== undefined) trashed.push(trash);
        ++gone;
      }
    } catch (error) {
      report(error);
    }
    if (gone === 0) return;
    const [only = ''] = paths;
    const words =
      gone === 1
        ? t`“${base_name(only)}” was moved to the trash.`
        : plural(gone, '{n} file or folder was moved to the trash.', '{n} files and folders were moved to the trash.');
    notices.show(words, {
      action: trashed.length === 0 ? undefined : { label: t('Undo'), run: () => trashed.forEach(undelete) },
    });
  };

  const into_itself = (path: string, directory: string) => directory === path || directory.startsWith(`${path}/`);
  const move = async (paths: readonly string[], directory: string) => {
    try {
      for (const path of paths)
        if (parent_path(path) !== directory && !into_itself(path, directory))
          await rename(path, join_path(directory, base_name(path)));
    } catch (error) {
      report(error);
    }
  };

  /** Under a name that is free: "main copy.py" where there is a main.py. */
  const copy_one = async (path: string, directory: string) => {
    const name = base_name(path);
    for (let copies = parent_path(path) === directory ? 1 : 0; ; ++copies) {
      const to = join_path(directory, copies === 0 ? name : copy_name(name, copies));
      try {
        await files.copy(path, to);
        return to;
      } catch (error) {
        if (!has_code(error, 'already_exists', 'conflict') || copies > 99) throw error;
      }
    }
  };
  const copy_into = async (paths: readonly string[], directory: string) => {
    try {
      for (const path of paths) {
        if (into_itself(path, directory)) notices.problem(t('A folder can’t be copied into itself.'));
        else set_selected(await copy_one(path, directory));
      }
    } catch (error) {
      report(error);
    }
  };

  const { clipboard } = session;
  const paste = (directory: string) => {
    const held = clipboard.held;
    if (!held) return;
    if (!held.cut) return void copy_into(held.paths, directory);
    clipboard.clear(); // a move is done once
    void move(held.paths, directory);
  };

  /** A file as it is, a folder as a zip; the browser streams it to disk. */
  const download_link = (path: string, folder: boolean) => {
    const parameters = { id: session.id };
    return folder
      ? {
          name: `${base_name(path)}.zip`,
          link: rest.address('GetArchive', { parameters, query: { format: 'zip', path } }),
        }
      : { name: base_name(path), link: rest.address('GetFile', { parameters, query: { path } }) };
  };
  const download = (path: string, folder = false) => {
    const { name, link: address } = download_link(path, folder);
    const link = document.createElement('a');
    link.href = address;
    link.download = name;
    link.click();
  };
  const download_all = (paths: readonly string[]) => {
    for (const path of paths) {
      const entry = tree.entry(path);
      download(path, entry !== undefined && is_directory(entry));
    }
  };

  const duplicate = (paths: readonly string[]) =>
    void Promise.all(paths.map((path) => copy_into([path], parent_path(path))));
  const upload = (directory: string, folder: boolean) =>
    void pick_files(folder).then((items) => session.uploads.add(directory, items));

  const open_terminal = (directory: string) => {
    session.layout.show('terminal', true);
    session.terminals.open({ cwd: directory }).catch(report);
  };

  const open_to_the_side = (path: string) =>
    void tabs.open(path, { group: tabs.groups.split(tabs.groups.active, 'right'), focus: true });

  const menu_of = (path: string | undefined, directory: string, selection: TreeSelection): MenuEntry[] => {
    const refused = may_change ? undefined : t(looks_only);
    const create = (type: 'file' | 'directory') => () => begin_create(directory, type);
    const make: MenuEntry[] = [
      ...(refused ? [{ kind: 'heading' as const, text: refused }] : []),
      { kind: 'item', label: t('New file…'), icon: 'file_add', refused, run: create('file') },
      { kind: 'item', label: t('New folder…'), icon: 'folder_add', refused, run: create('directory') },
      { kind: 'item', label: t('Upload files…'), icon: 'upload', refused, run: () => upload(directory, false) },
      { kind: 'item', label: t('Upload a folder…'), icon: 'upload', refused, run: () => upload(directory, true) },
      {
        kind: 'item',
        label: t('Open a terminal here'),
        icon: 'terminal',
        refused,
        run: () => open_terminal(directory),
      },
    ];
    const holding = clipboard.held ? undefined : t('Cut or copy something first.');
    const put: MenuEntry = {
      kind: 'item',
      label: t('Paste'),
      keys: shown_keys('ctrl+v'),
      refused: refused ?? holding,
      run: () => paste(directory),
    };
    const entry = path === undefined ? undefined : tree.entry(path);
    if (path === undefined || !entry) {
      const all = () => download(project_path, true);
      return [
        ...make,
        { kind: 'separator' },
        put,
        { kind: 'item', label: t('Download all as zip'), icon: 'download', run: all },
      ];
    }
    const chosen = acted_on(selection, path);
    const many = chosen.length > 1 ? t`${chosen.length} entries` : undefined;
    const only_one = many === undefined ? undefined : t('Choose a single file or folder for this.');
    return [
      ...make,
      { kind: 'separator' },
      ...(is_directory(entry)
        ? []
        : [
            {
              kind: 'item' as const,
              label: t('Open to the side'),
              icon: 'split' as const,
              run: () => open_to_the_side(path),
            },
          ]),
      {
        kind: 'item',
        label: t('Rename…'),
        icon: 'pencil',
        keys: 'F2',
        refused: refused ?? only_one,
        run: () => begin_rename(path),
      },
      { kind: 'item', label: t('Cut'), keys: shown_keys('ctrl+x'), refused, run: () => clipboard.hold(chosen, true) },
      {
        kind: 'item',
        label: t('Copy'),
        icon: 'copy',
        keys: shown_keys('ctrl+c'),
        run: () => clipboard.hold(chosen, false),
      },
      put,
      {
        kind: 'item',
        label: t('Copy path'),
        icon: 'copy',
        run: () => void copy_text(chosen.map(shown_path).join('\n'), notices),
      },
      { kind: 'item', label: t('Duplicate'), icon: 'file_add', refused, run: () => duplicate(chosen) },
      {
        kind: 'item',
        label: many ? t`Download ${many}` : is_directory(entry) ? t('Download as zip') : t('Download'),
        icon: 'download',
        run: () => download_all(chosen),
      },
      { kind: 'item', label: t('Show history'), icon: 'history', run: () => session.history.show(path) },
      { kind: 'separator' },
      {
        kind: 'item',
        label: many ? t`Delete ${many}` : t('Delete'),
        icon: 'trash',
        keys: t('Del'),
        danger: true,
        refused,
        run: () => void remove(chosen),
      },
    ];
  };

  return { begin_create, begin_rename, finish, remove, move, copy_into, paste, download_link, menu_of };
}
