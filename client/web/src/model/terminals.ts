// SPDX-License-Identifier: GPL-3.0-or-later
// The workspace's terminals, whoever opened them, in the order they were made; which one this window shows.
import { has_code } from '../connection/berth_error';
import type { WorkspaceConnection } from '../connection/workspace_connection';
import type { TerminalOpenParams, TerminalOpenResult } from '../protocol/messages';
import { Observable } from './observable';
import { recall, remember, tab_storage } from './tab_storage';
import { Terminal } from './terminal';
import { FeltDelay } from './terminal_echo';
import type { TerminalStart } from './terminal_profiles';
import { TerminalQuestions } from './terminal_questions';
import { message, type Message } from './translation';

export class Terminals extends Observable {
  all: Terminal[] = [];
  active: Terminal | undefined;
  /** The list was read in this session: an empty one is really empty. */
  listed = false;
  /** Grows each time the active terminal should get the focus. */
  focus_wanted = 0;
  /** Where something is looked for, and how often that was asked. */
  finding: { terminal: Terminal; asked: number } | undefined;
  /** Whether keys take long to come back. */
  readonly delay = new FeltDelay();
  readonly questions: TerminalQuestions;
  private beside_: string[][] = []; // ids of terminals that show side by side, as this window wants it
  /** Which colour a terminal's tab has, of those in terminal_colours; the person's, in this browser tab. */
  private colours_: Record<string, number> = {};
  /** Shells and the like that the workspace has. */
  programs: readonly string[] = [];
  /** The person wants to change their profiles. */
  editing_profiles = false;
  private usual_: () => TerminalStart = () => ({});
  private scrollback_: number | undefined;
  private round_trip_: number | undefined;
  private was_listed_ = false;

  /** Under `storage_key` the tab remembers which terminal it shows. `no_clipboard` tells that the page has none. */
  constructor(
    private readonly connection_: WorkspaceConnection,
    private readonly storage_key_ = '',
    private readonly storage_ = tab_storage(),
    no_clipboard: () => void = () => {},
  ) {
    super();
    this.questions = new TerminalQuestions(`${storage_key_}.clipboard`, local_storage(), (text) => {
      // Pages without TLS have no clipboard; called by xterm.js's parser, which an exception would stop for good.
      if (!navigator.clipboard) return no_clipboard();
      navigator.clipboard.writeText(text).catch(() => {
        // The browser refuses pages without the person's touch: asked, they give it.
        this.questions.ask({ kind: 'clipboard', text });
      });
    });
    this.colours_ = parse_colours(recall(storage_, `${storage_key_}.colours`));
    this.beside_ = parse_beside(recall(storage_, `${storage_key_}.beside`));
    connection_.subscribe(() => this.measure());
    connection_.on('terminal/changed', ({ terminal: info }) => {
      const known = this.find(info.terminal);
      if (known) known.on_info(info);
      else this.add(new Terminal(info, connection_));
      this.changed();
    });
    connection_.on('terminal/closed', ({ terminal }) => this.remove(terminal));
    connection_.on_connected((resumed) => {
      if (!resumed) this.listed = false;
      void this.refresh(resumed);
    });
  }

  find(id: string): Terminal | undefined {
    return this.all.find((terminal) => terminal.info.terminal === id);
  }

  /** The newest terminal that runs `command`. */
  running(command: string): Terminal | undefined {
    return this.all.findLast((terminal) => terminal.info.running && terminal.info.command === command);
  }

  /** `quietly`: shows it without taking the keys from where they go. */
  async open({ cwd_if_there = false, ...params }: TerminalStart = {}, quietly = false): Promise<Terminal> {
    const size = this.active?.info ?? { columns: 80, rows: 24 };
    const wanted = {
      columns: size.columns,
      rows: size.rows,
      ...(this.scrollback_ === undefined ? {} : { scrollback: this.scrollback_ }),
      ...params,
    };
    const { terminal: info } = await this.start(wanted, cwd_if_there);
    const terminal = this.find(info.terminal) ?? this.add(new Terminal(info, this.connection_));
    if (quietly) this.show(terminal);
    else this.activate(terminal);
    this.changed();
    return terminal;
  }

  /** As the person's usual profile has it. */
  open_usual(quietly = false): Promise<Terminal> {
    return this.open(this.usual_(), quietly);
  }
  /** `usual`: what a plain new terminal begins with. */
  begin_with(usual: () => TerminalStart): void {
    this.usual_ = usual;
  }
  edit_profiles(open: boolean): void {
    this.editing_profiles = open;
    this.changed();
  }

  /** A new terminal beside the shown one. */
  async split(): Promise<Terminal> {
    const { active } = this;
    const added = await this.open_usual();
    if (!active || !this.all.includes(active)) return added;
    const ids = this.shown_with(active).map(({ info }) => info.terminal);
    ids.splice(ids.indexOf(active.info.terminal) + 1, 0, added.info.terminal);
    this.put_beside(ids);
    this.changed();
    return added;
  }
  /** It shows alone from now on. */
  unsplit(terminal: Terminal): void {
    this.beside_ = this.beside_.map((ids) => ids.filter((id) => id !== terminal.info.terminal));
    this.put_beside([]);
    this.changed();
  }
  /** Those that show when it does, in their order. */
  shown_with(terminal: Terminal): Terminal[] {
    const ids = this.beside_.find((some) => some.includes(terminal.info.terminal));
    const known = ids?.flatMap((id) => this.find(id) ?? []) ?? [];
    return known.length > 1 ? known : [terminal];
  }

  colour_of(terminal: Terminal): number | undefined {
    return this.colours_[terminal.info.terminal];
  }
  /** Undefined: none. */
  set_colour(terminal: Terminal, colour: number | undefined): void {
    const id = terminal.info.terminal;
    const others = Object.entries(this.colours_).filter(([other]) => other !== id && this.find(other));
    this.colours_ = Object.fromEntries(colour === undefined ? others : [...others, [id, colour]]);
    remember(this.storage_, `${this.storage_key_}.colours`, this.colours_);
    this.changed();
  }

  /** Asks the view for the field in which something is looked for. */
  find_in(terminal: Terminal): void {
    this.finding = { terminal, asked: (this.finding?.asked ?? 0) + 1 };
    if (!this.shown_with(terminal).includes(this.active ?? terminal)) this.show(terminal);
    this.changed();
  }
  leave_finding(): void {
    this.finding = undefined;
    this.focus();
  }

  private put_beside(ids: string[]): void {
    const others = this.beside_.map((some) => some.filter((id) => !ids.includes(id)));
    this.beside_ = [...others, ids].filter((some) => some.length > 1);
    remember(this.storage_, `${this.storage_key_}.beside`, this.beside_);
  }

  /** It begins where the shown one is, if that is a place below home. */
  private async start({ cwd, ...params }: TerminalOpenParams, if_there: boolean): Promise<TerminalOpenResult> {
    const from = cwd ?? this.directory();
    if (from === undefined) return this.connection_.request('terminal/open', params);
    try {
      return await this.connection_.request('terminal/open', { ...params, cwd: from });
    } catch (error) {
      // The folder is gone, or a file has its name; what a shell says of its own may also lead out of home by a link.
      const gone = has_code(error, 'not_found', 'invalid_argument');
      if (cwd === undefined ? !gone && !has_code(error, 'permission_denied') : !gone || !if_there) throw error;
      return this.connection_.request('terminal/open', params);
    }
  }

  private directory(): string | undefined {
    const directory = this.active?.info.directory;
    const home = this.connection_.hello?.home;
    if (directory === undefined || home === undefined) return undefined;
    if (directory === home) return '';
    return directory.startsWith(`${home}/`) ? directory.slice(home.length + 1) : undefined;
  }

  private measure(): void {
    const { round_trip, phase } = this.connection_;
    if (phase !== 'connected') this.delay.forget();
    if (round_trip !== undefined && round_trip !== this.round_trip_) this.delay.measured(round_trip);
    this.round_trip_ = round_trip;
  }

  /** How much a new terminal keeps for those who look at it later. */
  keep_lines(scrollback: number): void {
    this.scrollback_ = scrollback;
  }

  activate(terminal: Terminal): void {
    this.show(terminal);
    this.focus();
  }

  /** Shows it, and leaves the keys where they go. */
  look_at(terminal: Terminal): void {
    this.show(terminal);
    this.changed();
  }

  private show(terminal: Terminal): void {
    this.active = terminal;
    remember(this.storage_, this.storage_key_, terminal.info.terminal);
  }

  /** Asks the view to give the active terminal the keys. */
  focus(): void {
    ++this.focus_wanted;
    this.changed();
  }

  async close(terminal: Terminal): Promise<void> {
    const id = terminal.info.terminal;
    try {
      await this.connection_.request('terminal/close', { terminal: id });
    } catch (error) {
      if (!has_code(error, 'not_found')) throw error;
    }
    this.remove(id);
  }

  rename(terminal: Terminal, title: string): Promise<unknown> {
    return this.connection_.request('terminal/rename', { terminal: terminal.info.terminal, title });
  }

  private async refresh(resumed: boolean): Promise<void> {
    try {
      const { terminals, programs } = await this.connection_.request('terminal/list', {});
      this.programs = programs ?? [];
      const gone = this.all.filter((known) => !terminals.some((info) => info.terminal === known.info.terminal));
      for (const terminal of gone) this.remove(terminal.info.terminal);
      for (const info of terminals) {
        const known = this.find(info.terminal);
        if (known) known.on_info(info);
        else this.add(new Terminal(info, this.connection_));
      }
      for (const terminal of this.all) terminal.on_connected(resumed);
      // After a reload: the one that was shown before it.
      if (!this.was_listed_) this.active = this.find(String(recall(this.storage_, this.storage_key_))) ?? this.active;
      this.listed = this.was_listed_ = true;
      this.changed();
    } catch {
      // Lost again: the next connection asks again.
    }
  }

  /** Resolves once the list was read. */
  when_listed(): Promise<void> {
    if (this.listed) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.subscribe(() => {
        if (!this.listed) return;
        stop();
        resolve();
      });
    });
  }

  private add(terminal: Terminal): Terminal {
    this.all = [...this.all, terminal].sort((a, b) => a.info.created - b.info.created);
    this.active ??= terminal;
    return terminal;
  }

  private remove(id: string): void {
    const index = this.all.findIndex((terminal) => terminal.info.terminal === id);
    if (index < 0) return;
    const gone = this.all[index];
    const beside = gone && this.shown_with(gone).filter((other) => other !== gone);
    this.all = this.all.filter((terminal) => terminal !== gone);
    if (this.active === gone) this.active = beside?.[0] ?? this.all[Math.min(index, this.all.length - 1)];
    if (this.finding?.terminal === gone) this.finding = undefined;
    this.changed();
  }
}

/** By the number of the colour that styles/presence.css has. */
export const terminal_colours: readonly (readonly [colour: number, name: Message])[] = [
  [0, message('Blue')],
  [1, message('Pink')],
  [2, message('Green')],
  [3, message('Orange')],
  [4, message('Violet')],
  [5, message('Teal')],
  [6, message('Red')],
];

function parse_colours(stored: unknown): Record<string, number> {
  if (typeof stored !== 'object' || stored === null) return {};
  const known = Object.entries(stored).filter(([, colour]) => terminal_colours.some(([one]) => one === colour));
  return Object.fromEntries(known);
}

function parse_beside(stored: unknown): string[][] {
  if (!Array.isArray(stored)) return [];
  const ids = stored.map((some: unknown) =>
    Array.isArray(some) ? some.filter((id): id is string => typeof id === 'string') : [],
  );
  return ids.filter((some) => some.length > 1).slice(0, 32);
}

function local_storage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
