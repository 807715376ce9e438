// SPDX-License-Identifier: GPL-3.0-or-later
// The editor groups beside and below each other, each with its tabs, its breadcrumbs and what its tab shows.
import { Fragment, useState, type DragEvent } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { shown_keys } from '../../../model/key_chord';
import { groups_of, type Side, type SplitNode } from '../../../model/split_tree';
import { useApplication, useChanges } from '../../application';
import { useSession } from '../ide_context';
import { bindings_of } from '../ide_keys';
import { Breadcrumbs } from './breadcrumbs';
import { TabBar } from './tab_bar';
import { TabContent } from './tab_content';
import { dragged_path_type, dragged_tab_type, side_at, tab_of_drag, take_drag } from './tab_drag';
import { message, t } from '../../../model/translation';

/** `only_active`: where there is room for one group. */
export function EditorArea({ only_active = false }: { only_active?: boolean }) {
  const { tabs } = useSession();
  useChanges(tabs);
  return (
    <section className="pane editor-pane" aria-label={t('Editor')}>
      {only_active ? <EditorGroup group={tabs.groups.active} /> : <SplitView node={tabs.groups.layout} />}
    </section>
  );
}

function SplitView({ node }: { node: SplitNode }) {
  if (typeof node === 'number') return <EditorGroup key={node} group={node} />;
  return (
    <Group orientation={node.direction === 'row' ? 'horizontal' : 'vertical'} className="editor-split">
      {node.parts.map((part, index) => {
        const id = groups_of(part).join('-');
        return (
          <Fragment key={id}>
            {index > 0 && <Separator className="separator" aria-label={t('Resize editor groups')} />}
            <Panel id={`group-${id}`} minSize="120px">
              <SplitView node={part} />
            </Panel>
          </Fragment>
        );
      })}
    </Group>
  );
}

function EditorGroup({ group }: { group: number }) {
  const { tabs } = useSession();
  const { preferences } = useApplication();
  useChanges(tabs);
  useChanges(preferences);
  const shown = tabs.shown_in(group);
  const [drop, set_drop] = useState<Side | 'middle'>();
  const on_drag_over = (event: DragEvent) => {
    if (!take_drag(event, dragged_tab_type, dragged_path_type)) return;
    const box = event.currentTarget.getBoundingClientRect();
    set_drop(side_at(event.clientX, event.clientY, box) ?? 'middle');
  };
  const on_drop = (event: DragEvent) => {
    const side = side_at(event.clientX, event.clientY, event.currentTarget.getBoundingClientRect());
    set_drop(undefined);
    const tab = tab_of_drag(event, tabs);
    if (tab) return tabs.move_to(tab, group, side);
    const path = event.dataTransfer.getData(dragged_path_type);
    if (path === '') return;
    event.preventDefault();
    event.stopPropagation();
    void tabs.open(path, { group: side === undefined ? group : tabs.groups.split(group, side) });
  };
  return (
    <div
      className="editor-group"
      data-group={group}
      onPointerDownCapture={() => tabs.use_group(group)}
      onFocusCapture={() => tabs.use_group(group)}
    >
      {shown && <TabBar group={group} />}
      <div
        className="group-body"
        onDragOver={on_drag_over}
        onDragLeave={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget as Node | null)) set_drop(undefined);
        }}
        onDrop={on_drop}
      >
        {shown && preferences.settings['workbench.breadcrumbs'] && <Breadcrumbs tab={shown} />}
        {shown ? <TabContent tab={shown} /> : <NothingOpen />}
        {drop && <div className={`drop-place ${drop}`} aria-hidden="true" />}
      </div>
    </div>
  );
}

const first_commands = [
  ['quick_open', message('Open a file by name')],
  ['show_commands', message('Find a command')],
  ['toggle_side_bar', message('Files')],
  ['toggle_terminal', message('Terminal')],
  ['save', message('Write to disk now')],
] as const;

function NothingOpen() {
  const { preferences } = useApplication();
  const bindings = bindings_of(preferences);
  return (
    <div className="empty-state grow">
      <img src="/berth.svg" width={56} height={56} alt="" className="faded" />
      <p>{t('Choose a file on the left to edit it.')}</p>
      <dl className="key-list">
        {first_commands.map(([command, words]) => {
          const [keys] = bindings.keys_of(command);
          if (keys === undefined) return null;
          const chords = shown_keys(keys).split(' ');
          return (
            <Fragment key={command}>
              <dt>
                {chords
                  .flatMap((chord) => chord.split('+'))
                  .map((key, at) => (
                    <Fragment key={`${key}${at}`}>
                      <kbd>{key}</kbd>{' '}
                    </Fragment>
                  ))}
              </dt>
              <dd>{t(words)}</dd>
            </Fragment>
          );
        })}
      </dl>
    </div>
  );
}
