// SPDX-License-Identifier: GPL-3.0-or-later
// Shows one terminal's screen; screens are kept while their terminals live, so changing tabs costs nothing.
import { useEffect, useRef } from 'react';
import type { Terminal } from '../../../model/terminal';
import { parse_address } from '../../../model/preview';
import type { WorkspaceSession } from '../../../model/workspace_session';
import { copy_text } from '../../clipboard';
import { useApplication, useChanges, type Application } from '../../application';
import { useMayChange, useSession } from '../ide_context';
import { tell_bell, tell_finished } from './terminal_news';
import { TerminalSharing } from './terminal_sharing';
import { XtermScreen } from './xterm_screen';

class Screens {
  private readonly by_terminal_ = new Map<Terminal, XtermScreen>();

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
      refuse_paste: () => notices.problem('This paste is too large for a terminal. Upload it as a file instead.'),
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
    return { dark: preferences.is_dark(), ...preferences.terminal };
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
    if (wanted > 0) screens.get(session)?.of(terminal).focus();
  }, [session, terminal, wanted]);

  return (
    <div className="terminal-shown">
      <div ref={place} className="terminal-place" />
      <TerminalSharing terminal={terminal} />
    </div>
  );
}
