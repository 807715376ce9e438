// SPDX-License-Identifier: GPL-3.0-or-later
// The tree itself: only the visible lines are in the page, so 100,000 entries scroll like ten.
import {
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type MouseEvent,
  type RefObject,
} from 'react';
import { is_directory, type TreeRow } from '../../../model/file_tree';
import { parent_path, project_path } from '../../../model/paths';
import { looks_only } from '../../../model/roles';
import {
  acted_on,
  nothing_selected,
  select_also,
  select_one,
  select_to,
  type TreeSelection,
} from '../../../model/tree_selection';
import { useApplication, useChanges } from '../../application';
import { Menu, type MenuPlace } from '../../controls/menu';
import { useMayChange, useSession } from '../ide_context';
import { items_of_files } from '../../dropped_files';
import { EntryRow, NameRow } from './tree_rows';
import { useTreeDrag } from './tree_drag';
import { useTreeKeys } from './tree_keys';
import { useTreeActions, type Naming } from './tree_actions';
import { current_locale, t } from '../../../model/translation';

export interface TreeControls {
  create(type: 'file' | 'directory'): void;
  /** Where new things go: the selected directory, or the selected file's. */
  target_directory(): string;
}

const row_height = 26; // px, as in ide.css
const beyond = 8; // rows drawn outside the view

/** Rows with the line for a new entry put in below its directory. */
function with_naming(rows: TreeRow[], naming: Naming | undefined): (TreeRow | { kind: 'naming'; depth: number })[] {
  if (naming?.kind !== 'create') return rows;
  if (naming.directory === project_path) return [{ kind: 'naming', depth: 0 }, ...rows];
  const at = rows.findIndex((row) => row.kind === 'entry' && row.path === naming.directory);
  const depth = (rows[at]?.depth ?? -1) + 1;
  return [...rows.slice(0, at + 1), { kind: 'naming', depth }, ...rows.slice(at + 1)];
}

export function FileTreeView({ controls }: { controls: RefObject<TreeControls | null> }) {
  const session = useSession();
  const { tree, tabs, uploads, clipboard } = session;
  const { notices } = useApplication();
  useChanges(tree);
  useChanges(tabs);
  useChanges(clipboard);
  const scroller = useRef<HTMLDivElement>(null);
  const [view, set_view] = useState({ top: 0, height: 600 });
  const [selection, set_selection] = useState<TreeSelection>(nothing_selected);
  const selected = selection.lead;
  const set_selected = (path: string | undefined) => set_selection(select_one(path));
  const [naming, set_naming] = useState<Naming>();
  const [menu, set_menu] = useState<{ place: MenuPlace; path: string | undefined }>();
  const may_change = useMayChange();
  const actions = useTreeActions(set_naming, set_selected, may_change);

  const target_directory = (path = selected): string => {
    if (path === undefined) return project_path;
    const entry = tree.entry(path);
    return entry && is_directory(entry) ? path : parent_path(path);
  };
  useImperativeHandle(controls, () => ({
    create: (type) => actions.begin_create(target_directory(), type),
    target_directory,
  }));

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => set_view((before) => ({ ...before, height: element.clientHeight })));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // The shown file's row is selected and in sight.
  const shown = tabs.active?.path;
  useEffect(() => {
    if (shown === undefined) return;
    void tree.reveal(shown).then(() => set_selection(select_one(shown)));
  }, [shown, tree]);

  const rows = with_naming(tree.rows(), naming);
  const selected_index = rows.findIndex((row) => row.kind === 'entry' && row.path === selected);
  useEffect(() => {
    const element = scroller.current;
    if (!element || selected_index < 0) return;
    const top = selected_index * row_height;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + row_height > element.scrollTop + element.clientHeight)
      element.scrollTop = top + row_height - element.clientHeight;
  }, [selected, selected_index]);

  const first = Math.max(0, Math.floor(view.top / row_height) - beyond);
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / row_height) + beyond);
  const visible = rows.slice(first, last);

  // A "more" line that came into sight loads its page.
  const more = visible.find((row) => row.kind === 'more');
  const more_path = more?.kind === 'more' ? more.path : undefined;
  const more_left = more?.kind === 'more' ? more.left : 0;
  useEffect(() => {
    if (more_path !== undefined) void tree.load_more(more_path);
  }, [tree, more_path, more_left]);

  const toggle = (path: string) => {
    if (tree.expanded.has(path)) tree.collapse(path);
    else void tree.expand(path);
  };
  const open = (path: string) => {
    const entry = tree.entry(path);
    if (entry && is_directory(entry)) toggle(path);
    else void tabs.open(path);
  };
  const choose = (path: string, event: MouseEvent) => {
    scroller.current?.focus({ preventScroll: true });
    if (event.shiftKey) {
      const paths = rows.flatMap((row) => (row.kind === 'entry' ? [row.path] : []));
      return set_selection(select_to(selection, path, paths));
    }
    if (event.ctrlKey || event.metaKey) return set_selection(select_also(selection, path));
    set_selected(path);
    open(path);
  };
  const on_key = useTreeKeys({
    tree,
    rows,
    selection,
    page: Math.max(1, Math.floor(view.height / row_height) - 1),
    may_change,
    select: set_selection,
    open,
    toggle,
    rename: actions.begin_rename,
    remove: (paths) => void actions.remove(paths),
    hold: (paths, cut) => clipboard.hold(paths, cut),
    holds: clipboard.held !== undefined,
    paste: () => (may_change ? actions.paste(target_directory()) : notices.problem(t(looks_only))),
    menu: () => {
      const box = scroller.current?.getBoundingClientRect();
      if (!box) return;
      const y = box.top + (selected_index + 1) * row_height - view.top;
      set_menu({ place: { x: box.left + 40, y }, path: selected });
    },
  });
  const { drop, on_drag, handlers } = useTreeDrag(may_change, (path) => target_directory(path), actions);

  return (
    <div
      ref={scroller}
      className={`tree${drop === project_path ? ' drop' : ''}`}
      role="tree"
      aria-label={t('Project files')}
      aria-multiselectable="true"
      tabIndex={0}
      aria-activedescendant={selected === undefined ? undefined : `row-${selected}`}
      onScroll={(event) => set_view({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}
      onKeyDown={on_key}
      onContextMenu={(event) => {
        event.preventDefault();
        const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-path]') : null;
        const path = row?.dataset['path'];
        if (path && !selection.paths.has(path)) set_selected(path);
        set_menu({ place: { x: event.clientX, y: event.clientY }, path });
      }}
      onPaste={(event) => {
        if (event.target instanceof HTMLInputElement) return; // a name
        event.preventDefault();
        if (!may_change) return notices.problem(t(looks_only));
        const { files } = event.clipboardData; // of the desktop
        if (files.length > 0) uploads.add(target_directory(), items_of_files(files));
      }}
      {...handlers}
    >
      <div className="tree-space" style={{ height: rows.length * row_height }}>
        {visible.map((row, index) => {
          const style = { top: (first + index) * row_height, paddingLeft: 8 + row.depth * 14 };
          if (row.kind === 'naming')
            return (
              <NameRow
                key="naming"
                style={style}
                initial=""
                directory={naming?.kind === 'create' && naming.type === 'directory'}
                on_done={(name) => actions.finish(naming, name)}
              />
            );
          if (row.kind !== 'entry')
            return (
              <div key={`${row.kind}-${row.path}`} className="tree-row quiet" style={style}>
                {row.kind === 'more' ? t`Loading ${row.left.toLocaleString(current_locale())} more…` : row.text}
              </div>
            );
          if (naming?.kind === 'rename' && naming.path === row.path)
            return (
              <NameRow
                key={row.path}
                style={style}
                initial={row.entry.name}
                directory={is_directory(row.entry)}
                on_done={(name) => actions.finish(naming, name)}
              />
            );
          return (
            <EntryRow
              key={row.path}
              row={row}
              style={style}
              selected={selection.paths.has(row.path)}
              cut={clipboard.is_cut(row.path)}
              drop={drop !== undefined && drop === row.path}
              on_choose={(event) => choose(row.path, event)}
              on_drag={(event) => on_drag(event, row.path, acted_on(selection, row.path), is_directory(row.entry))}
            />
          );
        })}
      </div>
      {rows.length === 0 && tree.directories.get(project_path)?.state === 'ready' && (
        <div className="empty-state">
          <p>{may_change ? t('No files yet. Make one, or drop some here.') : t('No files yet.')}</p>
        </div>
      )}
      {menu && (
        <Menu
          place={menu.place}
          entries={actions.menu_of(menu.path, target_directory(menu.path ?? project_path), selection)}
          on_close={() => set_menu(undefined)}
        />
      )}
    </div>
  );
}
