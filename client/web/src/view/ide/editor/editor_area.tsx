// SPDX-License-Identifier: GPL-3.0-or-later
// Editor tabs and what the active one shows: text in Monaco (a chunk of its own), a picture, or why it can't be shown.
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { EditorTab } from '../../../model/editor_tabs';
import type { Document } from '../../../model/document';
import { base_name, parent_path } from '../../../model/paths';
import { useApplication, useChanges } from '../../application';
import { copy_text, shown_path } from '../../clipboard';
import { Icon } from '../../controls/icon';
import { Menu, type MenuEntry, type MenuPlace } from '../../controls/menu';
import { useSession } from '../ide_context';
import { file_kind } from '../tree/tree_rows';
import { DocumentBars } from './document_bars';
import { PagedView } from './paged_view';

const dragged_tab = 'application/x-berth-tab';

const TextEditor = lazy(() => import('./text_editor'));

export function EditorArea() {
  const { tabs } = useSession();
  useChanges(tabs);
  const { active } = tabs;
  return (
    <section className="pane editor-pane" aria-label="Editor">
      {tabs.tabs.length > 0 && <TabBar />}
      {active ? <TabContent tab={active} /> : <NothingOpen />}
    </section>
  );
}

function NothingOpen() {
  return (
    <div className="empty-state grow">
      <img src="/berth.svg" width={56} height={56} alt="" className="faded" />
      <p>Choose a file on the left to edit it.</p>
      <dl className="key-list">
        <dt>
          <kbd>Ctrl</kbd> <kbd>P</kbd>
        </dt>
        <dd>Open a file by name</dd>
        <dt>
          <kbd>Ctrl</kbd> <kbd>B</kbd>
        </dt>
        <dd>Files</dd>
        <dt>
          <kbd>Ctrl</kbd> <kbd>`</kbd>
        </dt>
        <dd>Terminal</dd>
        <dt>
          <kbd>Ctrl</kbd> <kbd>S</kbd>
        </dt>
        <dd>Write to disk now</dd>
      </dl>
    </div>
  );
}

function TabBar() {
  const { tabs } = useSession();
  const bar = useRef<HTMLDivElement>(null);
  const index = tabs.active ? tabs.tabs.indexOf(tabs.active) : -1;
  useEffect(() => {
    bar.current?.children[index]?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [index]);
  return (
    <div ref={bar} className="tab-bar" role="tablist" aria-label="Open files">
      {tabs.tabs.map((tab) => (
        <Tab key={tab.path} tab={tab} active={tab === tabs.active} />
      ))}
    </div>
  );
}

/** The folder, where two open files have the same name. */
function useTellApart(tab: EditorTab): string {
  const { tabs } = useSession();
  const name = base_name(tab.path);
  const twins = tabs.tabs.some((other) => other !== tab && base_name(other.path) === name);
  return twins ? base_name(parent_path(tab.path)) : '';
}

function Tab({ tab, active }: { tab: EditorTab; active: boolean }) {
  const { tabs } = useSession();
  const { notices } = useApplication();
  const [menu, set_menu] = useState<MenuPlace>();
  const close = (...closing: EditorTab[]) => {
    const undecided = closing.filter((one) => !tabs.close_if_decided(one));
    if (undecided.length > 0) notices.show('Choose which text to keep before you close this file.');
  };
  const name = base_name(tab.path);
  const folder = useTellApart(tab);
  const others = tabs.tabs.filter((other) => other !== tab);
  const entries = (): MenuEntry[] => [
    { kind: 'item', label: 'Close', run: () => close(tab) },
    { kind: 'item', label: 'Close the others', disabled: others.length === 0, run: () => close(...others) },
    { kind: 'item', label: 'Close all', run: () => close(...tabs.tabs) },
    { kind: 'separator' },
    { kind: 'item', label: 'Copy path', icon: 'copy', run: () => void copy_text(shown_path(tab.path), notices) },
  ];
  return (
    <div
      className={`tab${active ? ' active' : ''}`}
      title={shown_path(tab.path)}
      draggable
      onDragStart={(event) => event.dataTransfer.setData(dragged_tab, tab.path)}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes(dragged_tab)) event.preventDefault();
      }}
      onDrop={(event) => {
        const dragged = tabs.tabs.find((one) => one.path === event.dataTransfer.getData(dragged_tab));
        if (dragged) tabs.move(dragged, tab);
      }}
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
          <Icon name="file" size={14} />
        </span>
        {name}
        {folder && <span className="muted"> {folder}</span>}
        {tab.document && <DirtyMark document={tab.document} />}
      </button>
      <button type="button" className="icon-button tab-close" aria-label={`Close ${name}`} onClick={() => close(tab)}>
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
  return <span className={`dirty ${state}`} aria-label="not saved yet" />;
}

function TabContent({ tab }: { tab: EditorTab }) {
  const session = useSession();
  const { rest } = useApplication();
  const { tabs } = session;
  const link = rest.address('GetFile', { parameters: { id: session.id }, query: { path: tab.path } });
  switch (tab.state) {
    case 'loading':
      return (
        <div className="empty-state grow" aria-busy="true">
          <span className="spinner" role="status" aria-label="Opening" />
        </div>
      );
    case 'text':
      return tab.document ? (
        <>
          <DocumentBars document={tab.document} />
          <Suspense fallback={<pre className="plain-text">{tab.document.text().slice(0, 20_000)}</pre>}>
            <TextEditor document={tab.document} />
          </Suspense>
        </>
      ) : null;
    case 'paged':
      return tab.paged ? <PagedView text={tab.paged} link={link} /> : null;
    case 'image':
      return (
        <div className="image-view">
          <img src={link} alt={base_name(tab.path)} />
        </div>
      );
    case 'binary':
      return (
        <div className="empty-state grow">
          <Icon name="file" size={32} />
          <h2>{base_name(tab.path)} is not text</h2>
          <p>{tab.problem}</p>
          <a className="button" href={link} download={base_name(tab.path)}>
            <Icon name="download" /> Download
          </a>
        </div>
      );
    case 'failed':
      return (
        <div className="empty-state grow">
          <Icon name="warning" size={32} />
          <p>{tab.problem}</p>
          <div className="row">
            <button type="button" className="button" onClick={() => void tabs.retry(tab)}>
              Try again
            </button>
            <button type="button" className="button plain" onClick={() => tabs.close(tab)}>
              Close
            </button>
          </div>
        </div>
      );
  }
}
