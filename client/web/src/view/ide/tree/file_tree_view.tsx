// SPDX-License-Identifier: GPL-3.0-or-later
// The tree itself: only the visible lines are in the page, so 100,000 entries scroll like ten.
import {
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type DragEvent,
  type KeyboardEvent,
  type RefObject,
} from 'react';
import { sentence_of } from '../../../connection/berth_error';
import { is_directory, type TreeRow } from '../../../model/file_tree';
import { parent_path } from '../../../model/paths';
import { project_path } from '../../../model/paths';
import { looks_only } from '../../../model/roles';
import { useApplication, useChanges } from '../../application';
import { Menu, type MenuPlace } from '../../controls/menu';
import { useMayChange, useSession } from '../ide_context';
import { items_of_drop } from '../../dropped_files';
import { EntryRow, NameRow } from './tree_rows';
import { dragged_path_type } from '../editor/tab_drag';
import { useTreeActions, type Naming } from './tree_actions';

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
  const { tree, tabs, uploads } = session;
  const { notices } = useApplication();
  useChanges(tree);
  useChanges(tabs);
  const scroller = useRef<HTMLDivElement>(null);
  const [view, set_view] = useState({ top: 0, height: 600 });
  const [selected, set_selected] = useState<string>();
  const [naming, set_naming] = useState<Naming>();
  const [menu, set_menu] = useState<{ place: MenuPlace; path: string | undefined }>();
  const [drop, set_drop] = useState<string>();
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
    void tree.reveal(shown).then(() => set_selected(shown));
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

  const choose = (path: string) => {
    set_selected(path);
    const entry = tree.entry(path);
    if (entry && is_directory(entry)) toggle(path);
    else void tabs.open(path);
  };
  const toggle = (path: string) => {
    if (tree.expanded.has(path)) tree.collapse(path);
    else void tree.expand(path);
  };
  const on_key = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return; // in a name field
    const step = (by: number) => {
      for (let at = selected_index + by; at >= 0 && at < rows.length; at += Math.sign(by)) {
        const row = rows[at];
        if (row?.kind === 'entry') return set_selected(row.path);
      }
    };
    const row = rows[selected_index];
    const entry = row?.kind === 'entry' ? row : undefined;
    if (event.key === 'ArrowDown') step(1);
    else if (event.key === 'ArrowUp') step(selected_index < 0 ? rows.length : -1);
    else if (event.key === 'Home') set_selected(rows.find((line) => line.kind === 'entry')?.path);
    else if (event.key === 'End') set_selected(rows.findLast((line) => line.kind === 'entry')?.path);
    else if (event.key === 'ArrowRight' && entry && is_directory(entry.entry)) {
      if (entry.expanded) step(1);
      else toggle(entry.path);
    } else if (event.key === 'ArrowLeft' && entry) {
      if (entry.expanded) toggle(entry.path);
      else if (parent_path(entry.path) !== project_path) set_selected(parent_path(entry.path));
    } else if ((event.key === 'Enter' || event.key === ' ') && entry) choose(entry.path);
    else if (event.key === 'F2' && entry && may_change) actions.begin_rename(entry.path);
    else if (event.key === 'Delete' && entry && may_change) actions.remove(entry.path);
    else if ((event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) && scroller.current) {
      const box = scroller.current.getBoundingClientRect();
      set_menu({
        place: { x: box.left + 40, y: box.top + (selected_index + 1) * row_height - view.top },
        path: selected,
      });
    } else return;
    event.preventDefault();
  };

  const drop_target = (event: DragEvent): string => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-path]') : null;
    return target_directory(row?.dataset['path'] ?? project_path);
  };
  const on_drop = (event: DragEvent) => {
    event.preventDefault();
    const directory = drop_target(event);
    set_drop(undefined);
    if (!may_change) return notices.problem(looks_only);
    const moved = event.dataTransfer.getData(dragged_path_type);
    if (moved) actions.move(moved, directory);
    else
      items_of_drop(event.dataTransfer).then(
        (items) => uploads.add(directory, items),
        (error: unknown) => notices.problem(sentence_of(error)),
      );
  };

  return (
    <div
      ref={scroller}
      className={`tree${drop === project_path ? ' drop' : ''}`}
      role="tree"
      aria-label="Project files"
      tabIndex={0}
      aria-activedescendant={selected === undefined ? undefined : `row-${selected}`}
      onScroll={(event) => set_view({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}
      onKeyDown={on_key}
      onContextMenu={(event) => {
        event.preventDefault();
        const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-path]') : null;
        const path = row?.dataset['path'];
        if (path) set_selected(path);
        set_menu({ place: { x: event.clientX, y: event.clientY }, path });
      }}
      onDragOver={(event) => {
        event.preventDefault();
        if (may_change) set_drop(drop_target(event));
        else event.dataTransfer.dropEffect = 'none';
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) set_drop(undefined);
      }}
      onDrop={on_drop}
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
                {row.kind === 'more' ? `Loading ${row.left.toLocaleString('en')} more…` : row.text}
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
              selected={row.path === selected}
              drop={drop !== undefined && drop === row.path}
              on_choose={() => {
                scroller.current?.focus({ preventScroll: true });
                choose(row.path);
              }}
              on_drag={(event) => event.dataTransfer.setData(dragged_path_type, row.path)}
            />
          );
        })}
      </div>
      {rows.length === 0 && tree.directories.get(project_path)?.state === 'ready' && (
        <div className="empty-state">
          <p>{may_change ? 'No files yet. Make one, or drop some here.' : 'No files yet.'}</p>
        </div>
      )}
      {menu && (
        <Menu
          place={menu.place}
          entries={actions.menu_of(menu.path, target_directory(menu.path ?? project_path))}
          on_close={() => set_menu(undefined)}
        />
      )}
    </div>
  );
}
