// SPDX-License-Identifier: GPL-3.0-or-later
// Following a person (their file and terminal show here; the editor scrolls with them) until this person does something
// of their own, and jumping to where somebody is.
import type { Participant } from '../protocol/messages';
import type { EditorTabs } from './editor_tabs';
import type { PlacedDocument, Presence } from './presence';
import type { Terminals } from './terminals';

export class Follow {
  private shows_ = 0; // of the tabs, by what was followed
  private path_: string | undefined; // that was shown last
  private terminal_: string | undefined;
  private jump_: string | undefined; // the session to jump to, once its document is here

  constructor(
    private readonly presence_: Presence,
    private readonly tabs_: Pick<EditorTabs, 'open' | 'active' | 'shows' | 'subscribe'>,
    private readonly terminals_: Pick<Terminals, 'find' | 'look_at'>,
  ) {
    presence_.on_follow((who) => this.show(who));
    tabs_.subscribe(() => {
      // Another file than the followed one's: somebody chose it here.
      if (presence_.following === undefined || tabs_.shows === this.shows_) return;
      if (tabs_.active?.path !== this.path_) presence_.stop_following();
    });
  }

  start(session: string): void {
    this.shows_ = this.tabs_.shows;
    this.path_ = this.tabs_.active?.path;
    this.terminal_ = undefined;
    this.presence_.follow(session);
  }

  /** Shows the place where somebody is, once. */
  jump(session: string): void {
    const who = this.presence_.find(session);
    if (!who) return;
    this.presence_.stop_following();
    if (who.path === undefined) return this.show_terminal(who);
    this.jump_ = session;
    void this.tabs_.open(who.path);
  }
  /** Where to go in this document, if that was asked for: told once. */
  take_jump(document: PlacedDocument): number | undefined {
    const there = this.presence_.in(document).find(({ session }) => session === this.jump_);
    if (!there) return undefined;
    this.jump_ = undefined;
    return there.selections[0]?.head ?? there.top;
  }

  private show(who: Participant): void {
    this.show_terminal(who);
    if (who.path === undefined || who.path === this.path_) return;
    this.path_ = who.path;
    this.shows_ = this.tabs_.shows + 1; // by the opening below
    void this.tabs_.open(who.path);
  }

  private show_terminal({ terminal }: Participant): void {
    if (terminal === undefined || terminal === this.terminal_) return;
    this.terminal_ = terminal;
    const shown = this.terminals_.find(terminal);
    if (shown) this.terminals_.look_at(shown);
  }
}
