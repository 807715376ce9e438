// SPDX-License-Identifier: GPL-3.0-or-later
// Where the panels stand: beside each other with remembered sizes, or one at a time on a narrow window.
import { useSyncExternalStore, useState, type ReactNode } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { useApplication, useChanges } from '../application';
import { Icon, type IconName } from '../controls/icon';
import { MenuButton } from '../controls/menu';
import { ActivityBar } from './activity_bar';
import { EditorArea } from './editor/editor_area';
import { FileTreePanel } from './tree/file_tree_panel';
import { TerminalPlace } from './presence/people';
import { PeopleSide } from './people_side';
import { PreviewPane } from './preview_pane';
import { ProfilesPlace } from './terminal/profiles_place';
import { TerminalPanel } from './terminal/terminal_panel';
import { SearchPanel } from './search/search_panel';
import { useSession } from './ide_context';
import { message, type Message, t } from '../../model/translation';

const narrow_query = '(max-width: 760px)';

function subscribe_narrow(listener: () => void): () => void {
  const query = matchMedia(narrow_query);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

export function IdeLayout() {
  const narrow = useSyncExternalStore(subscribe_narrow, () => matchMedia(narrow_query).matches);
  return (
    <>
      {narrow ? <NarrowLayout /> : <WideLayout />}
      <ProfilesPlace />
    </>
  );
}

function WideLayout() {
  const { layout } = useSession();
  const { preferences } = useApplication();
  useChanges(layout);
  useChanges(preferences);
  const { zen } = layout;
  const side = layout.side_open && !zen;
  const terminal = layout.terminal && !zen;
  const preview = layout.preview && !zen;
  const columns = [...(side ? ['side'] : []), 'middle', ...(preview ? ['preview'] : [])];
  const rows = ['editor', ...(terminal ? ['terminal'] : [])];
  const across = useDefaultLayout({ id: t('columns'), panelIds: columns, storage: layout.sizes });
  const down = useDefaultLayout({ id: 'rows', panelIds: rows, storage: layout.sizes });
  return (
    <>
      {preferences.settings['workbench.activity_bar'] && !zen && <ActivityBar />}
      <Group
        id="berth.columns"
        orientation="horizontal"
        className="panels"
        defaultLayout={across.defaultLayout}
        onLayoutChanged={across.onLayoutChanged}
      >
        {side && (
          <Panel id="side" defaultSize="240px" minSize="140px" groupResizeBehavior="preserve-pixel-size">
            <SidePanel />
          </Panel>
        )}
        {side && <Separator className="separator" aria-label={t('Resize side panel')} />}
        <Panel id="middle" minSize="240px">
          <Group
            id="berth.rows"
            orientation="vertical"
            defaultLayout={down.defaultLayout}
            onLayoutChanged={down.onLayoutChanged}
          >
            <Panel id="editor" minSize="80px">
              <EditorArea />
            </Panel>
            {terminal && <Separator className="separator" aria-label={t('Resize terminal')} />}
            {terminal && (
              <Panel id="terminal" defaultSize="34" minSize="90px">
                <TerminalPanel />
                <TerminalPlace />
              </Panel>
            )}
          </Group>
        </Panel>
        {preview && <Separator className="separator" aria-label={t('Resize preview')} />}
        {preview && (
          <Panel id="preview" defaultSize="36" minSize="220px">
            <PreviewPane />
          </Panel>
        )}
      </Group>
    </>
  );
}

function SidePanel() {
  const { layout } = useSession();
  useChanges(layout);
  if (layout.side === 'people') return <PeopleSide />;
  return layout.side === 'search' ? <SearchPanel /> : <FileTreePanel />;
}

type Pane = 'tree' | 'editor' | 'terminal' | 'preview';

const panes: { pane: Pane; label: Message; icon: IconName }[] = [
  { pane: 'tree', label: message('Files'), icon: 'folder' },
  { pane: 'editor', label: message('Editor'), icon: 'file' },
  { pane: 'terminal', label: message('Terminal'), icon: 'terminal' },
  { pane: 'preview', label: message('Preview'), icon: 'preview' },
];

function NarrowLayout() {
  const session = useSession();
  const [pane, set_pane] = useState<Pane>('editor');
  // A wish of the person's that needs another pane: opening a file, running, previewing.
  const wish = useWish();
  const [answered, set_answered] = useState(wish);
  if (wish.count !== answered.count) {
    set_answered(wish);
    set_pane(wish.pane);
  }
  const show = (next: Pane) => {
    set_pane(next);
    if (next === 'tree') session.layout.show_side('files');
    const port = session.workspace?.port ?? session.ports.all[0]?.port;
    if (next === 'preview' && session.preview.state === 'empty' && port !== undefined) void session.preview.go(port);
  };
  const contents: Record<Pane, ReactNode> = {
    tree: <SidePanel />,
    editor: <EditorArea only_active />,
    terminal: (
      <>
        <TerminalPanel />
        <TerminalPlace />
      </>
    ),
    preview: <PreviewPane />,
  };
  return (
    <div className="narrow">
      <div className="narrow-pane">{contents[pane]}</div>
      <nav className="narrow-tabs" aria-label={t('Panels')}>
        {panes.map(({ pane: name, label, icon }) => (
          <button key={name} type="button" aria-current={pane === name} onClick={() => show(name)}>
            <Icon name={icon} size={18} />
            {t(label)}
          </button>
        ))}
        <MenuButton
          label={t('More')}
          className=""
          entries={() => [
            { kind: 'item', label: t('Commands'), icon: 'search', run: () => session.pick.commands() },
            { kind: 'item', label: t('Open a file by name'), icon: 'file', run: () => session.pick.files() },
            {
              kind: 'item',
              label: t('Find in all files'),
              icon: 'search',
              run: () => void session.commands.run('show_search'),
            },
            { kind: 'item', label: t('History'), icon: 'history', run: () => session.history.show() },
            {
              kind: 'item',
              label: t('Settings'),
              icon: 'settings',
              run: () => session.layout.show_settings('settings'),
            },
          ]}
        >
          <Icon name="more" size={18} />
          {t('More')}
        </MenuButton>
      </nav>
    </div>
  );
}

/** Counts what happened in the models that calls for another pane, and names the pane of the newest. */
function useWish(): { count: number; pane: Pane } {
  const session = useSession();
  useChanges(session.tabs);
  useChanges(session.terminals);
  useChanges(session.previews);
  useChanges(session.layout);
  const counts = {
    tree: session.layout.side_wishes,
    editor: session.tabs.shows,
    terminal: session.terminals.focus_wanted,
    preview: session.previews.wishes,
  };
  const [before, set_before] = useState({ counts, pane: 'editor' as Pane });
  const count = counts.tree + counts.editor + counts.terminal + counts.preview;
  let { pane } = before;
  if (counts.tree !== before.counts.tree) pane = 'tree';
  else if (counts.editor !== before.counts.editor) pane = 'editor';
  else if (counts.preview !== before.counts.preview) pane = 'preview';
  else if (counts.terminal !== before.counts.terminal) pane = 'terminal';
  const before_count = before.counts.tree + before.counts.editor + before.counts.terminal + before.counts.preview;
  if (count !== before_count) set_before({ counts, pane });
  return { count, pane };
}
