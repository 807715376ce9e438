// SPDX-License-Identifier: GPL-3.0-or-later
// Shows one terminal's screen; screens are kept while their terminals live, so changing tabs costs nothing.
import { useEffect, useRef, useState } from 'react';
import { shown_keys } from '../../../model/key_chord';
import type { Terminal } from '../../../model/terminal';
import { parse_address } from '../../../model/preview';
import { wire_path } from '../../../model/terminal_places';
import type { WorkspaceSession } from '../../../model/workspace_session';
import { looks_only } from '../../../model/roles';
import { copy_text } from '../../clipboard';
import { Menu, type MenuEntry, type MenuPlace } from '../../controls/menu';
import { useApplication, useChanges, type Application } from '../../application';
import { useMayChange, useSession } from '../ide_context';
import { keys_of_command } from '../ide_keys';
import { tell_bell, tell_finished } from './terminal_news';
import { TerminalFind } from './terminal_find';
import { TerminalSharing } from './terminal_sharing';
import { XtermScreen } from './xterm_screen';
import { t } from '../../../model/translation';

const asked_again = 5000; // ms
const most_asked = 200;

class Screens {
  private readonly by_terminal_ = new Map<Terminal, XtermScreen>();
  private readonly asked_ = new Map<string, { when: number; answer: Promise<string | undefined> }>();

  constructor(
    private readonly session_: WorkspaceSession,
    private readonly application_: Application,
  ) {
    session_.terminals.subscribe(() => {
      for (const [terminal, screen] of this.by_terminal_) {
        if (session_.terminals.all.includes(terminal)) continue;
        screen.dispose();
        this.by_terminal_.delete(terminal);
      }
    });
  }

  of(terminal: Terminal): XtermScreen {
    const known = this.by_terminal_.get(terminal);
    if (known) return known;
    const { terminals } = this.session_;
    const { notices } = this.application_;
    const news = { terminal, terminals, notices, is_shown: () => screen.is_shown() };
    const screen: XtermScreen = new XtermScreen(terminal, this.options(), terminals.delay, {
      open_link: (address) => this.open_link(address),
      find_place: (name) => this.find_place(terminal, name),
      open_place: (path, { line, column }) =>
        void this.session_.tabs.open(path, line === undefined ? { focus: true } : { line, column: column ?? 1 }),
      refuse_paste: () => notices.problem(t('This paste is too large for a terminal. Upload it as a file instead.')),
      ask_paste: (text, lines, paste) => terminals.questions.ask({ kind: 'paste', text, lines, paste }),
      copy: (text) => terminals.questions.copy(text),
      copy_selection: (text) => void copy_text(text, notices),
      bell: () => tell_bell(news),
      finished: (command, milliseconds, exit_code) => tell_finished(news, command, milliseconds, exit_code),
    });
    this.by_terminal_.set(terminal, screen);
    return screen;
  }

  follow_preferences(): void {
    for (const screen of this.by_terminal_.values()) screen.set_options(this.options());
  }

  private options() {
    const { preferences } = this.application_;
    const { settings } = preferences;
    return {
      dark: preferences.is_dark(),
      high_contrast: preferences.is_high_contrast(),
      ...preferences.terminal,
      font_size: settings['terminal.font_size'],
      cursor_style: settings['terminal.cursor_style'],
      cursor_blink: settings['terminal.cursor_blink'] && !preferences.is_still(),
      font_ligatures: settings['terminal.font_ligatures'],
    };
  }

  /** Asked of the workspace once for each name and folder, for a while: the pointer passes over a line often. */
  private find_place(terminal: Terminal, name: string): Promise<string | undefined> {
    const { connection } = this.session_;
    const home = connection.hello?.home;
    const path = home === undefined ? undefined : wire_path(name, terminal.info.directory, home);
    if (path === undefined) return Promise.resolve(undefined);
    const known = this.asked_.get(path);
    if (known && Date.now() - known.when < asked_again) return known.answer;
    const answer = connection.request('file/stat', { path }).then(
      ({ entry }) => (entry.type === 'file' || entry.target_type === 'file' ? path : undefined),
      () => undefined,
    );
    if (this.asked_.size >= most_asked) this.asked_.clear();
    this.asked_.set(path, { when: Date.now(), answer });
    return answer;
  }

  /** A server's own address means the workspace's port, which the browser can't reach: its preview opens instead. */
  private open_link(address: string): void {
    const local = /^https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]):\d+/.test(address)
      ? parse_address(address.replace(/\[::1?\]/, 'localhost'), undefined)
      : undefined;
    if (local) this.session_.show_preview(local.port, local.to);
    else window.open(address, '_blank', 'noopener,noreferrer');
  }
}

const screens = new WeakMap<WorkspaceSession, Screens>();

export default function TerminalView({ terminal }: { terminal: Terminal }) {
  const session = useSession();
  const application = useApplication();
  const { preferences } = application;
  const taste = useChanges(preferences);
  useChanges(session.terminals);
  const place = useRef<HTMLDivElement>(null);
  const wanted = session.terminals.focus_wanted;
  const may_change = useMayChange();

  useEffect(() => {
    let all = screens.get(session);
    if (!all) screens.set(session, (all = new Screens(session, application)));
    all.follow_preferences();
  }, [session, application, taste]);
  useEffect(() => {
    const screen = screens.get(session)?.of(terminal);
    if (!screen || !place.current) return;
    screen.mount(place.current);
    const look = () => {
      if (screen.is_shown()) terminal.seen();
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      screen.unmount();
    };
  }, [session, terminal]);
  useEffect(() => screens.get(session)?.of(terminal).follow_role(), [session, terminal, may_change]);
  useEffect(() => {
    if (wanted > 0 && session.terminals.active === terminal) screens.get(session)?.of(terminal).focus();
  }, [session, terminal, wanted]);
  const { finding } = session.terminals;
  const [menu, set_menu] = useState<MenuPlace>();
  const menu_of = (): MenuEntry[] => {
    const screen = screens.get(session)?.of(terminal);
    if (!screen) return [];
    const { notices } = application;
    const refused = may_change ? undefined : t(looks_only);
    const selected = screen.selection();
    const paste = () => {
      // Pages without TLS have none.
      if (!navigator.clipboard)
        return notices.problem(t('Paste with Ctrl+Shift+V: the browser gives the clipboard to keys alone here.'));
      navigator.clipboard.readText().then(
        (text) => screen.paste(text),
        () => notices.problem(t('The browser did not allow pasting. Ctrl+Shift+V works all the same.')),
      );
    };
    return [
      {
        kind: 'item',
        label: t('Copy'),
        icon: 'copy',
        keys: shown_keys('ctrl+shift+c'),
        disabled: selected === '',
        run: () => void copy_text(selected, notices),
      },
      { kind: 'item', label: t('Paste'), keys: shown_keys('ctrl+shift+v'), refused, run: paste },
      { kind: 'item', label: t('Select all'), run: () => screen.select_all() },
      { kind: 'separator' },
      {
        kind: 'item',
        label: t('Find…'),
        icon: 'search',
        keys: keys_of_command(preferences, 'find_in_terminal'),
        run: () => session.terminals.find_in(terminal),
      },
      {
        kind: 'item',
        label: t('Split|terminal'),
        icon: 'split',
        keys: keys_of_command(preferences, 'split_terminal'),
        refused,
        run: () => {
          session.terminals.look_at(terminal);
          session.commands.run('split_terminal');
        },
      },
    ];
  };
  const finder = finding?.terminal === terminal ? screens.get(session)?.of(terminal).finder : undefined;

  return (
    <div className="terminal-shown">
      {finding && finder && (
        <TerminalFind finder={finder} asked={finding.asked} on_close={() => session.terminals.leave_finding()} />
      )}
      <div
        ref={place}
        className="terminal-place"
        onContextMenu={(event) => {
          if (event.shiftKey) return; // the browser's own
          event.preventDefault();
          set_menu({ x: event.clientX, y: event.clientY });
        }}
      />
      {menu && <Menu place={menu} entries={menu_of()} on_close={() => set_menu(undefined)} />}
      <TerminalSharing terminal={terminal} />
    </div>
  );
}
