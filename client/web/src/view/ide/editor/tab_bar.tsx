// SPDX-License-Identifier: GPL-3.0-or-later
// The tabs of one group: shown, closed, dragged within it, to other groups and to their edges.
import { useEffect, useRef, useState, type DragEvent } from 'react';
import type { Document } from '../../../model/document';
import type { EditorTab } from '../../../model/editor_tabs';
import { drawing_of } from '../../../model/file_kinds';
import { base_name, parent_path } from '../../../model/paths';
import { useApplication, useChanges } from '../../application';
import { copy_text, shown_path } from '../../clipboard';
import { Icon } from '../../controls/icon';
import { TabList } from '../../controls/tab_list';
import { Menu, type MenuEntry, type MenuPlace } from '../../controls/menu';
import { useSession } from '../ide_context';
import { useKeysOf, with_keys } from '../ide_keys';
import { file_kind } from '../tree/tree_rows';
import { dragged_tab_type, tab_of_drag, take_drag } from './tab_drag';
import { t } from '../../../model/translation';

export function TabBar({ group }: { group: number }) {
  const { tabs } = useSession();
  useChanges(tabs);
  const bar = useRef<HTMLDivElement>(null);
  const own = tabs.in_group(group);
  const shown = tabs.shown_in(group);
  const index = shown ? own.indexOf(shown) : -1;
  const groups = tabs.groups.all();
  useEffect(() => {
    bar.current?.querySelectorAll('.tab')[index]?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [index]);
  const number = groups.indexOf(group) + 1;
  const label = groups.length > 1 ? t`Open files, group ${number}` : t('Open files');
  return (
    <div className={`tab-row${groups.length > 1 && tabs.groups.active !== group ? ' resting' : ''}`}>
      <div
        ref={bar}
        className="tab-bar"
        onDragOver={(event) => take_drag(event, dragged_tab_type)}
        onDrop={(event) => {
          const tab = tab_of_drag(event, tabs);
          if (tab) tabs.move_to(tab, group);
        }}
      >
        <TabList label={label} ids={own.map((_, at) => `editor-tab-${group}-${at}`)} />
        {own.map((tab, at) => (
          <Tab key={`${tab.path}\n${tab.preview}`} id={`editor-tab-${group}-${at}`} tab={tab} active={tab === shown} />
        ))}
      </div>
      {shown && <GroupButtons tab={shown} />}
    </div>
  );
}

/** What can be done with what the group shows. */
function GroupButtons({ tab }: { tab: EditorTab }) {
  const { tabs } = useSession();
  const keys_of = useKeysOf();
  const split_keys = keys_of('split_right');
  const drawn = tab.state === 'text' && drawing_of(tab.path);
  return (
    <div className="group-buttons">
      {drawn && (
        <button
          type="button"
          className="icon-button"
          aria-pressed={tab.preview}
          aria-label={drawn === 'markdown' ? t('Show the page') : t('Show the table')}
          title={with_keys(
            tab.preview ? t('Show the text') : drawn === 'markdown' ? t('Show the page') : t('Show the table'),
            keys_of('toggle_preview_of_file'),
          )}
          onClick={() => tabs.toggle_preview(tab)}
        >
          <Icon name="eye" size={15} />
        </button>
      )}
      <button
        type="button"
        className="icon-button wide-only"
        aria-label={t('Split the editor')}
        title={
          split_keys === undefined ? t('Split the editor') : t`Split the editor (${split_keys}; with Alt downwards)`
        }
        onClick={(event) => tabs.split(tab, event.altKey ? 'down' : 'right')}
      >
        <Icon name="split" size={15} />
      </button>
    </div>
  );
}

/** The folder, where two open files have the same name. */
function useTellApart(tab: EditorTab): string {
  const { tabs } = useSession();
  const name = base_name(tab.path);
  const twins = tabs.tabs.some((other) => other.path !== tab.path && base_name(other.path) === name);
  return twins ? base_name(parent_path(tab.path)) : '';
}

function Tab({ id, tab, active }: { id: string; tab: EditorTab; active: boolean }) {
  const { tabs, layout, tree } = useSession();
  const { notices } = useApplication();
  const keys_of = useKeysOf();
  const [menu, set_menu] = useState<MenuPlace>();
  const close = (...closing: EditorTab[]) => {
    const undecided = closing.filter((one) => !tabs.close_if_decided(one));
    if (undecided.length > 0) notices.show(t('Choose which text to keep before you close this file.'));
  };
  const name = base_name(tab.path);
  const folder = useTellApart(tab);
  const own = tabs.in_group(tab.group);
  const others = own.filter((other) => other !== tab);
  const behind = own.slice(own.indexOf(tab) + 1);
  const reveal = () => {
    layout.show_side('files');
    tabs.show(tab);
    void tree.reveal(tab.path);
  };
  const entries = (): MenuEntry[] => [
    { kind: 'item', label: t('Close'), run: () => close(tab) },
    { kind: 'item', label: t('Close the others'), disabled: others.length === 0, run: () => close(...others) },
    { kind: 'item', label: t('Close to the right'), disabled: behind.length === 0, run: () => close(...behind) },
    { kind: 'item', label: t('Close all'), run: () => close(...tabs.tabs) },
    { kind: 'separator' },
    {
      kind: 'item',
      label: t('Split right'),
      icon: 'split',
      keys: keys_of('split_right'),
      run: () => tabs.split(tab, 'right'),
    },
    { kind: 'item', label: t('Split down'), run: () => tabs.split(tab, 'down') },
    { kind: 'separator' },
    { kind: 'item', label: t('Show among the files'), icon: 'folder', run: reveal },
    { kind: 'item', label: t('Copy path'), icon: 'copy', run: () => void copy_text(shown_path(tab.path), notices) },
  ];
  const on_drop = (event: DragEvent) => {
    const dragged = tab_of_drag(event, tabs);
    if (dragged) tabs.move(dragged, tab);
  };
  return (
    <div
      className={`tab${active ? ' active' : ''}`}
      title={shown_path(tab.path)}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData(dragged_tab_type, JSON.stringify([tab.group, tab.path, tab.preview]));
        event.dataTransfer.effectAllowed = 'move';
      }}
      onDragOver={(event) => take_drag(event, dragged_tab_type)}
      onDrop={on_drop}
      onAuxClick={(event) => {
        if (event.button === 1) close(tab);
      }}
      onContextMenu={(event) => {
        event.preventDefault();
        set_menu({ x: event.clientX, y: event.clientY });
      }}
    >
      <button
        type="button"
        id={id}
        role="tab"
        aria-selected={active}
        className="tab-name"
        onClick={() => tabs.show(tab)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowRight') tabs.step(1);
          else if (event.key === 'ArrowLeft') tabs.step(-1);
          else if (event.key === 'Delete') close(tab);
        }}
      >
        <span className={`file-mark ${file_kind(name)}`}>
          <Icon name={tab.preview ? 'eye' : 'file'} size={14} />
        </span>
        {name}
        {folder && <span className="muted"> {folder}</span>}
        {tab.document && <DirtyMark document={tab.document} />}
      </button>
      <button type="button" className="icon-button tab-close" aria-label={t`Close ${name}`} onClick={() => close(tab)}>
        <Icon name="close" size={13} />
      </button>
      {menu && <Menu place={menu} entries={entries()} on_close={() => set_menu(undefined)} />}
    </div>
  );
}

function DirtyMark({ document }: { document: Document }) {
  useChanges(document);
  const state = document.save_state();
  if (state === 'on_disk' || state === 'journalled') return null;
  return <span className={`dirty ${state}`} aria-label={t('not saved yet')} />;
}
