// SPDX-License-Identifier: GPL-3.0-or-later
// The lower panel: terminals as tabs and the list of ports.
import '../../../styles/terminal.css';
import { Fragment, lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { sentence_of } from '../../../connection/berth_error';
import { looks_only } from '../../../model/roles';
import type { Terminal } from '../../../model/terminal';
import {
  all_profiles,
  open_params,
  profile_colours,
  profile_icons,
  profile_of,
  usual_profile,
  type ProfileIcon,
  type TerminalProfile,
} from '../../../model/terminal_profiles';
import { terminal_colours } from '../../../model/terminals';
import type { TerminalQuestions } from '../../../model/terminal_questions';
import { useApplication, useChanges } from '../../application';
import { Icon } from '../../controls/icon';
import { Menu, MenuButton, type MenuEntry, type MenuPlace } from '../../controls/menu';
import { TabList } from '../../controls/tab_list';
import { useMayChange, useSession } from '../ide_context';
import { useKeysOf, with_keys } from '../ide_keys';
import { PortList } from './port_list';
import { TerminalQuestion } from './terminal_question';
import { t } from '../../../model/translation';

const TerminalView = lazy(() => import('./terminal_view'));

export function TerminalPanel() {
  const session = useSession();
  const { terminals, ports, connection, layout } = session;
  const { notices, preferences } = useApplication();
  const may_change = useMayChange();
  useChanges(terminals);
  useChanges(ports);
  useChanges(layout);
  useChanges(preferences);
  const keys_of = useKeysOf();
  const { scrollback } = preferences.terminal;
  useEffect(() => terminals.keep_lines(scrollback), [terminals, scrollback]);
  const showing_ports = layout.ports;
  const set_showing_ports = (ports: boolean) => layout.show_ports(ports);
  // Activating a terminal leaves the list of ports.
  const seen = useRef(terminals.focus_wanted);
  useEffect(() => {
    if (seen.current === terminals.focus_wanted) return;
    seen.current = terminals.focus_wanted;
    layout.show_ports(false);
  }, [layout, terminals.focus_wanted]);
  const report = (error: unknown) => notices.problem(sentence_of(error));
  const { profiles, default_profile } = preferences;
  const open = () => void terminals.open_usual().catch(report);
  const profile_menu = (): MenuEntry[] => {
    const usual = usual_profile(profiles, terminals.programs, default_profile).name;
    return [
      { kind: 'heading', text: t('New terminal with') },
      ...all_profiles(profiles, terminals.programs).map((one): MenuEntry => ({
        kind: 'item',
        label: one.name,
        icon: icon_of(one),
        ...(one.name === usual ? { keys: '✓' } : {}),
        refused: may_change ? undefined : t(looks_only),
        disabled: connection.phase !== 'connected',
        run: () => void terminals.open(open_params(one, profiles.includes(one))).catch(report),
      })),
      { kind: 'separator' },
      { kind: 'item', label: t('Profiles…'), icon: 'settings', run: () => terminals.edit_profiles(true) },
    ];
  };
  const shown = terminals.active ? terminals.shown_with(terminals.active) : [];
  return (
    <section className="pane terminal-pane" aria-label={t('Terminal')}>
      <div className="tab-bar">
        <TabList label={t('Terminals')} ids={[...terminals.all.map(tab_id), 'ports-tab']} />
        {terminals.all.map((terminal) => (
          <TerminalTab
            key={terminal.info.terminal}
            terminal={terminal}
            active={!showing_ports && terminal === terminals.active}
            beside={!showing_ports && terminal !== terminals.active && shown.includes(terminal)}
            on_show={() => {
              set_showing_ports(false);
              terminals.activate(terminal);
            }}
          />
        ))}
        <button
          type="button"
          className="icon-button tab-add"
          aria-label={t('New terminal')}
          title={may_change ? with_keys(t('New terminal'), keys_of('new_terminal')) : t(looks_only)}
          disabled={connection.phase !== 'connected' || !may_change}
          onClick={open}
        >
          <Icon name="add" />
        </button>
        <MenuButton label={t('Profiles of terminals')} entries={profile_menu} className="icon-button tab-more">
          <Icon name="chevron" size={12} className="turn-down" />
        </MenuButton>
        <button
          type="button"
          className="icon-button wide-only"
          aria-label={t('Split the terminal')}
          title={may_change ? with_keys(t('Split|terminal'), keys_of('split_terminal')) : t(looks_only)}
          disabled={connection.phase !== 'connected' || !may_change}
          onClick={() => void terminals.split().catch(report)}
        >
          <Icon name="split" size={15} />
        </button>
        <span className="spread" />
        {terminals.active && (
          <button
            type="button"
            className="icon-button"
            aria-label={t('Find in the terminal')}
            title={with_keys(t('Find'), keys_of('find_in_terminal'))}
            onClick={() => {
              layout.show_ports(false);
              if (terminals.active) terminals.find_in(terminals.active);
            }}
          >
            <Icon name="search" size={14} />
          </button>
        )}
        <button
          type="button"
          id="ports-tab"
          role="tab"
          aria-selected={showing_ports}
          className={`tab-name ports-tab${showing_ports ? ' active' : ''}`}
          onClick={() => set_showing_ports(!showing_ports)}
        >
          <Icon name="port" size={14} /> {t('Ports')}
          {ports.all.length > 0 && <span className="count">{ports.all.length}</span>}
        </button>
        <button
          type="button"
          className="icon-button wide-only"
          aria-label={t('Hide the terminal')}
          title={with_keys(t('Hide'), keys_of('toggle_terminal'))}
          onClick={() => layout.show('terminal', false)}
        >
          <Icon name="close" size={14} />
        </button>
      </div>
      <TerminalQuestion questions={terminals.questions} />
      {showing_ports ? (
        <PortList />
      ) : terminals.active ? (
        <Suspense fallback={<div className="terminal-place" />}>
          <TerminalRow shown={shown} />
        </Suspense>
      ) : (
        <div className="empty-state grow">
          {terminals.listed && !may_change && <p className="muted">{t('No terminal is open.')}</p>}
          {terminals.listed && may_change && (
            <button type="button" className="button" onClick={open}>
              <Icon name="terminal" /> {t('New terminal')}
            </button>
          )}
        </div>
      )}
    </section>
  );
}

/** The shown terminal, and those beside it. */
function TerminalRow({ shown }: { shown: Terminal[] }) {
  const { terminals } = useSession();
  const [only] = shown;
  if (only && shown.length === 1) return <TerminalView terminal={only} />;
  return (
    <Group orientation="horizontal" className="terminal-row">
      {shown.map((terminal, index) => (
        <Fragment key={terminal.info.terminal}>
          {index > 0 && <Separator className="separator" aria-label={t('Resize terminals')} />}
          <Panel id={`terminal-${terminal.info.terminal}`} minSize="80px">
            <div
              className={`terminal-part${terminal === terminals.active ? ' active' : ''}`}
              onFocusCapture={() => {
                if (terminal !== terminals.active) terminals.look_at(terminal);
              }}
            >
              <TerminalView terminal={terminal} />
            </div>
          </Panel>
        </Fragment>
      ))}
    </Group>
  );
}

function icon_of({ icon }: TerminalProfile): ProfileIcon {
  return profile_icons[icon as keyof typeof profile_icons]?.[0] ?? 'terminal';
}

function tab_id({ info }: Terminal): string {
  return `terminal-tab-${info.terminal}`;
}

/** How its program ended; one that somebody stopped did nothing wrong. */
function exit_words({ info }: Terminal): { text: string; bad: boolean } | undefined {
  if (info.running) return undefined;
  const by_hand = [1, 2, 15].includes(info.exit_signal ?? 0) || info.exit_code === 130;
  if (by_hand) return { text: t('stopped'), bad: false };
  if (info.exit_signal !== undefined) return { text: t`signal ${info.exit_signal}`, bad: true };
  if (info.exit_code === undefined) return { text: t('ended'), bad: false };
  return { text: t`exit ${info.exit_code}`, bad: info.exit_code !== 0 };
}

/** The answer that was given once can be taken back. */
function clipboard_entry(questions: TerminalQuestions): MenuEntry {
  const allowed = questions.clipboard_allowed() === true;
  return {
    kind: 'item',
    label: t('Programs may use the clipboard'),
    icon: 'copy',
    ...(allowed ? { keys: '✓' } : {}),
    run: () => questions.allow_clipboard(!allowed),
  };
}

function TerminalTab({
  terminal,
  active,
  beside,
  on_show,
}: {
  terminal: Terminal;
  active: boolean;
  /** Shows beside the active one. */
  beside: boolean;
  on_show: () => void;
}) {
  const { terminals, pick } = useSession();
  const { notices, preferences } = useApplication();
  useChanges(terminal);
  const keys_of = useKeysOf();
  const [menu, set_menu] = useState<MenuPlace>();
  const [renaming, set_renaming] = useState(false);
  const report = (error: unknown) => notices.problem(sentence_of(error));
  const close = () => void terminals.close(terminal).catch(report);
  const split = () => {
    terminals.look_at(terminal);
    terminals.split().catch(report);
  };
  const find = () => {
    terminals.look_at(terminal);
    terminals.find_in(terminal);
  };
  const begun_with = profile_of(terminal.info, preferences.profiles, terminals.programs);
  const colour =
    terminals.colour_of(terminal) ?? profile_colours[begun_with?.colour as keyof typeof profile_colours]?.[0];
  const tint = colour === undefined ? '' : ` tinted person-${colour}`;
  const choose_colour = () => {
    const item = (label: string, of: number | undefined) => ({
      label,
      chosen: of === colour,
      run: () => terminals.set_colour(terminal, of),
    });
    const items = terminal_colours.map(([of, name]) => item(t(name), of));
    pick.ask({ label: t('Colour of the terminal’s tab'), items: [item(t('None'), undefined), ...items] });
  };
  const title = terminal.info.title || t('Terminal');
  const { directory } = terminal.info;
  const others = terminal.others().length;
  const may_type = terminal.may_type();
  const exit = exit_words(terminal);
  if (renaming) {
    const done = (name: string | undefined) => {
      set_renaming(false);
      if (name !== undefined && name !== terminal.info.title) terminals.rename(terminal, name).catch(report);
    };
    return (
      <div className="tab active">
        <input
          className="name-field"
          aria-label={t('Terminal name')}
          defaultValue={terminal.info.title}
          autoFocus
          maxLength={60}
          onFocus={(event) => event.target.select()}
          onBlur={(event) => done(event.target.value.trim())}
          onKeyDown={(event) => {
            if (event.key === 'Enter') done(event.currentTarget.value.trim());
            if (event.key === 'Escape') done(undefined);
          }}
        />
      </div>
    );
  }
  return (
    <div
      className={`tab${active ? ' active' : ''}${beside ? ' beside' : ''}${tint}${terminal.info.running ? '' : ' ended'}`}
      title={[title, directory, others > 0 ? t`shown in ${others + 1} windows` : ''].filter(Boolean).join('\n')}
      onAuxClick={(event) => {
        if (event.button === 1 && may_type) close();
      }}
      onContextMenu={(event) => {
        event.preventDefault();
        if (may_type) set_menu({ x: event.clientX, y: event.clientY });
      }}
    >
      <button
        type="button"
        id={tab_id(terminal)}
        role="tab"
        aria-selected={active}
        className="tab-name"
        onClick={on_show}
        onDoubleClick={() => set_renaming(may_type)}
      >
        <Icon
          name={begun_with ? icon_of(begun_with) : terminal.info.command ? 'play' : 'terminal'}
          size={terminal.info.command && !begun_with ? 10 : 14}
        />
        <span className="tab-title">{title}</span>
        {terminal.rang && <span className="rang" role="img" aria-label={t('The bell rang')} />}
        {exit && <span className={`exit${exit.bad ? ' bad' : ''}`}>{exit.text}</span>}
      </button>
      {may_type && (
        <button type="button" className="icon-button tab-close" aria-label={t`Close terminal ${title}`} onClick={close}>
          <Icon name="close" size={13} />
        </button>
      )}
      {menu && (
        <Menu
          place={menu}
          on_close={() => set_menu(undefined)}
          entries={[
            { kind: 'item', label: t('Rename…'), icon: 'pencil', run: () => set_renaming(true) },
            { kind: 'item', label: t('Colour…'), run: choose_colour },
            { kind: 'item', label: t('Split|terminal'), icon: 'split', keys: keys_of('split_terminal'), run: split },
            ...(terminals.shown_with(terminal).length > 1
              ? [{ kind: 'item' as const, label: t('Show alone'), run: () => terminals.unsplit(terminal) }]
              : []),
            { kind: 'item', label: t('Find…'), icon: 'search', keys: keys_of('find_in_terminal'), run: find },
            { kind: 'separator' },
            clipboard_entry(terminals.questions),
            { kind: 'item', label: t('Close'), icon: 'trash', danger: true, run: close },
          ]}
        />
      )}
    </div>
  );
}
