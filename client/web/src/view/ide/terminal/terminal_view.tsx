// SPDX-License-Identifier: GPL-3.0-or-later
// Shows one terminal's screen; screens are kept while their terminals live, so changing tabs costs nothing.
import { useEffect, useRef } from 'react';
import type { Terminal } from '../../../model/terminal';
import { parse_address } from '../../../model/preview';
import type { WorkspaceSession } from '../../../model/workspace_session';
import { useApplication, useChanges, type Application } from '../../application';
import { useSession } from '../ide_context';
import { terminal_theme } from './terminal_theme';
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
    const read_only = this.session_.connection.hello?.role === 'viewer';
    const screen = new XtermScreen(terminal, this.application_.preferences.is_dark(), read_only, {
      open_link: (address) => this.open_link(address),
      refuse_paste: () =>
        this.application_.notices.problem('This paste is too large for a terminal. Upload it as a file instead.'),
    });
    this.by_terminal_.set(terminal, screen);
    return screen;
  }

  set_dark(dark: boolean): void {
    for (const screen of this.by_terminal_.values()) screen.set_theme(terminal_theme(dark));
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
  useChanges(preferences);
  useChanges(session.terminals);
  const place = useRef<HTMLDivElement>(null);
  const dark = preferences.is_dark();
  const wanted = session.terminals.focus_wanted;

  useEffect(() => {
    let all = screens.get(session);
    if (!all) screens.set(session, (all = new Screens(session, application)));
    all.set_dark(dark);
  }, [session, application, dark]);
  useEffect(() => {
    const screen = screens.get(session)?.of(terminal);
    if (!screen || !place.current) return;
    screen.mount(place.current);
    return () => screen.unmount();
  }, [session, terminal]);
  useEffect(() => {
    if (wanted > 0) screens.get(session)?.of(terminal).focus();
  }, [session, terminal, wanted]);

  return <div ref={place} className="terminal-place" />;
}
