// SPDX-License-Identifier: GPL-3.0-or-later
// The way to the file above its text: each part opens a list of what lies beside it, and folders in it lead on.
import { useRef, useState } from 'react';
import { sentence_of } from '../../../connection/berth_error';
import type { EditorTab } from '../../../model/editor_tabs';
import { is_directory } from '../../../model/file_tree';
import { base_name, join_path, parent_path, project_path } from '../../../model/paths';
import { useApplication } from '../../application';
import { shown_path } from '../../clipboard';
import { Icon } from '../../controls/icon';
import { Menu, type MenuEntry, type MenuPlace } from '../../controls/menu';
import { useSession } from '../ide_context';
import { file_kind } from '../tree/tree_rows';
import { current_locale, t } from '../../../model/translation';

const most_listed = 200;

export function Breadcrumbs({ tab }: { tab: EditorTab }) {
  const { connection, tabs } = useSession();
  const { notices } = useApplication();
  const [menu, set_menu] = useState<{ place: MenuPlace; entries: MenuEntry[] }>();
  const asked = useRef(0);
  const inside = tab.path.startsWith(`${project_path}/`);
  const parts = shown_path(tab.path).split('/');
  const path_of = (index: number) => {
    const path = parts.slice(0, index + 1).join('/');
    return inside ? join_path(project_path, path) : path;
  };

  /** What lies in a folder, as a menu. */
  const list = async (folder: string, place: MenuPlace) => {
    const mine = ++asked.current;
    try {
      const { entries, total } = await connection.request('file/list', { path: folder, limit: most_listed });
      if (mine !== asked.current) return;
      const items = entries.map((entry): MenuEntry => {
        const path = join_path(folder, entry.name);
        const directory = is_directory(entry);
        return {
          kind: 'item',
          label: entry.name,
          icon: directory ? 'folder' : 'file',
          ...(tab.path === path || tab.path.startsWith(`${path}/`) ? { keys: '✓' } : {}),
          run: () => {
            if (directory) void list(path, place);
            else void tabs.open(path, { group: tab.group, focus: true });
          },
        };
      });
      const more: MenuEntry[] =
        total > entries.length
          ? [{ kind: 'heading', text: t`and ${(total - entries.length).toLocaleString(current_locale())} more` }]
          : [];
      const heading: MenuEntry = { kind: 'heading', text: folder === '' ? t('Home|folder') : shown_path(folder) };
      set_menu({ place, entries: [heading, ...items, ...more] });
    } catch (error) {
      notices.problem(sentence_of(error));
    }
  };

  return (
    <nav className="breadcrumbs" aria-label={t('Path of the file')}>
      {parts.map((part, index) => (
        <span key={path_of(index)} className="breadcrumb">
          {index > 0 && <Icon name="chevron" size={11} />}
          <button
            type="button"
            aria-haspopup="menu"
            aria-current={index === parts.length - 1 ? 'page' : undefined}
            onClick={(event) => {
              const box = event.currentTarget.getBoundingClientRect();
              void list(parent_path(path_of(index)), { x: box.left, y: box.bottom + 2 });
            }}
          >
            {index === parts.length - 1 && (
              <span className={`file-mark ${file_kind(base_name(part))}`}>
                <Icon name="file" size={12} />
              </span>
            )}
            {part}
          </button>
        </span>
      ))}
      {menu && <Menu place={menu.place} entries={menu.entries} on_close={() => set_menu(undefined)} />}
    </nav>
  );
}
