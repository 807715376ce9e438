// SPDX-License-Identifier: GPL-3.0-or-later
// Everything one open workspace needs, and the actions that touch several models: start, run, stop, stay.
import { has_code, sentence_of } from '../connection/berth_error';
import type { RestClient } from '../connection/rest_client';
import { WorkspaceConnection, type ConnectionParts } from '../connection/workspace_connection';
import type { Role, Workspace } from '../protocol/messages';
import { Commands } from './commands';
import { Documents } from './documents';
import { EditorTabs } from './editor_tabs';
import { FileActions } from './file_actions';
import { FileClipboard } from './file_clipboard';
import { FileIndex } from './file_index';
import { FileTree } from './file_tree';
import { Follow } from './follow';
import { History } from './history';
import { IdleWarning } from './idle_warning';
import type { Notices } from './notices';
import { Observable } from './observable';
import { project_path } from './paths';
import { Ports } from './ports';
import { Presence } from './presence';
import type { Preview } from './preview';
import { Previews } from './previews';
import { ProjectImport } from './project_import';
import { QuickPick } from './quick_pick';
import { PortAccess } from './port_access';
import { looks_only, may_change, may_start, role_words } from './roles';
import { Search } from './search';
import type { Settings } from './settings';
import { Storage } from './storage';
import { tab_storage } from './tab_storage';
import { Terminals } from './terminals';
import { browser_unsent_store } from './unsent_store';
import { UnsentTexts } from './unsent_texts';
import { Uploads } from './uploads';
import { window_locks } from './window_locks';
import { WorkbenchLayout } from './workbench_layout';
import { t, within } from './translation';

const stop_patience = 3000; // ms between Ctrl-C and hanging up

export class WorkspaceSession extends Observable {
  /** As the server told it last; undefined until the first answer. */
  workspace: Workspace | undefined;
  /** Why the workspace can't be shown at all. */
  problem = '';
  starting = false;
  readonly connection: WorkspaceConnection;
  readonly presence: Presence;
  readonly documents: Documents;
  readonly tabs: EditorTabs;
  readonly terminals: Terminals;
  readonly follow: Follow;
  readonly tree: FileTree;
  readonly index: FileIndex;
  readonly files: FileActions;
  readonly search: Search;
  readonly uploads: Uploads;
  readonly ports: Ports;
  readonly previews: Previews;
  readonly port_access: PortAccess;
  readonly idle: IdleWarning;
  readonly storage: Storage;
  readonly project_import: ProjectImport;
  readonly history: History;
  readonly layout: WorkbenchLayout;
  readonly clipboard = new FileClipboard();
  readonly commands = new Commands();
  readonly pick: QuickPick;
  private first_connection_ = true;
  private imported_ = 0; // projects that arrived while this page was there
  private show_preview_of_: number | undefined; // once it listens
  private role_: Role | undefined; // of the connection before this one

  constructor(
    readonly id: string,
    private readonly rest_: RestClient,
    private readonly notices_: Notices,
    private readonly on_preview_: () => void,
    { account = '', ...parts }: Partial<ConnectionParts> & { account?: string } = {},
    private readonly new_ports_: () => Settings['preview.new_ports'] = () => 'off',
  ) {
    super();
    this.connection = new WorkspaceConnection(id, { rest: rest_, ...parts });
    const unsent = new UnsentTexts(`${account}.${id}`, browser_unsent_store(), window_locks(tab_storage()));
    // Before the documents: it hears whose change comes before they take it.
    this.presence = new Presence(this.connection, (id) =>
      [...this.documents.all.values()].find((document) => document.id === id),
    );
    this.documents = new Documents(this.connection, unsent);
    this.tabs = new EditorTabs(this.documents, `berth.tabs.${id}`);
    this.terminals = new Terminals(this.connection, `berth.terminal.${id}`, tab_storage(), () =>
      notices_.problem(t('The browser did not allow copying.')),
    );
    this.follow = new Follow(this.presence, this.tabs, this.terminals);
    this.tree = new FileTree(this.connection, project_path);
    this.index = new FileIndex(this.connection, project_path);
    this.pick = new QuickPick(this.index);
    this.layout = new WorkbenchLayout(id);
    this.files = new FileActions(this.connection);
    this.search = new Search(this.connection);
    this.uploads = new Uploads(this.files);
    this.ports = new Ports(this.connection);
    this.previews = new Previews(id, rest_, this.ports);
    this.port_access = new PortAccess(id, rest_);
    this.idle = new IdleWarning(this.connection, notices_);
    this.storage = new Storage(this.connection);
    this.project_import = new ProjectImport(this.connection, `berth.import.${id}`, tab_storage());
    this.history = new History(id, rest_, project_path);
    this.connection.on_connected((resumed) => void this.on_connected(resumed));
    this.connection.on('workspace/import', ({ finished, problem }) => {
      if (!finished || problem !== undefined) return;
      ++this.imported_;
      if (this.tabs.tabs.length === 0) void this.open_first_file();
    });
    this.ports.subscribe(() => this.on_ports());
    this.ports.on_new = (port) => this.tell_port(port);
  }

  /** Looks at the workspace, starts it when it stands still, and connects. */
  async open(): Promise<void> {
    this.problem = '';
    try {
      this.workspace = await this.rest_.call('GetWorkspace', { parameters: { id: this.id } });
      this.changed();
      const stands_still = this.workspace.state === 'stopped' || this.workspace.state === 'stopping';
      // Who may not start it waits for somebody who does.
      if (stands_still && may_start(this.workspace.role)) await this.start();
      else if (this.workspace.state !== 'failed') this.connection.start();
    } catch (error) {
      this.problem = sentence_of(error);
      this.changed();
    }
  }

  /** Starts a stopped or failed workspace; its state and reason show how that went. */
  async start(): Promise<void> {
    if (this.starting) return;
    this.starting = true;
    this.changed();
    try {
      this.workspace = await this.rest_.call('StartWorkspace', { parameters: { id: this.id } });
      if (this.workspace.state === 'running' || this.workspace.state === 'starting') {
        if (this.connection.phase === 'idle') this.connection.start();
        else this.connection.retry_now();
      }
    } catch (error) {
      this.notices_.problem(sentence_of(error));
    }
    this.starting = false;
    this.changed();
  }

  /** Ends what this page holds; what the runner has not acknowledged is kept in this browser. */
  close(): void {
    this.documents.close_all();
    this.connection.close();
  }

  async stay(): Promise<void> {
    this.idle.clear();
    try {
      this.workspace = await this.rest_.call('StayWorkspace', { parameters: { id: this.id } });
    } catch (error) {
      this.notices_.problem(sentence_of(error));
    }
  }

  /** The terminal in which the template's command runs, if it does. */
  run_terminal() {
    const command = this.workspace?.run_command;
    return command ? this.terminals.running(command) : undefined;
  }

  async run(): Promise<void> {
    const command = this.workspace?.run_command;
    if (!command || this.run_terminal()) return;
    try {
      // Others are left alone: saving would answer for the person what is told of a file that they may not have seen.
      const unwritten = [...this.documents.all.values()].filter((open) => !open.deleted && open.lacks_on_disk());
      await Promise.all(unwritten.map((document) => document.save()));
      const ended = this.terminals.all.filter((terminal) => terminal.info.command === command);
      await this.terminals.open({ command, cwd: project_path, title: t('Run') });
      await Promise.all(ended.map((terminal) => this.terminals.close(terminal)));
      const port = this.workspace?.port;
      if (port !== undefined) {
        this.show_preview_of_ = port;
        this.on_ports();
      }
    } catch (error) {
      this.notices_.problem(sentence_of(error));
    }
  }

  /** Ctrl-C first; what ignores it is hung up. */
  stop(): void {
    const terminal = this.run_terminal();
    if (!terminal) return;
    this.show_preview_of_ = undefined;
    terminal.type(new Uint8Array([3]));
    setTimeout(() => {
      if (!terminal.info.running) return;
      this.terminals.close(terminal).catch((error: unknown) => this.notices_.problem(sentence_of(error)));
    }, stop_patience);
  }

  /** The one that is looked at. */
  get preview(): Preview {
    return this.previews.active;
  }

  show_preview(port: number, to = '/'): void {
    this.on_preview_();
    this.previews.go(port, to);
  }

  private async on_connected(resumed: boolean): Promise<void> {
    this.idle.clear();
    this.tell_role();
    if (this.port_access.known) void this.port_access.load();
    const first = this.first_connection_;
    this.first_connection_ = false;
    if (first) void this.tabs.restore().then((any) => (any ? undefined : this.open_first_file()));
    if (resumed) return;
    await this.terminals.when_listed(); // none: a new workspace, or one that was stopped in between
    if (this.terminals.all.length > 0 || !may_change(this.connection)) return;
    try {
      await this.terminals.open_usual(true);
    } catch (error) {
      // The person opens one with the + button; a lost connection tells of itself.
      if (!has_code(error, 'unavailable', 'timeout')) this.notices_.problem(sentence_of(error));
    }
  }

  /** The role may be another one than that of the connection before: the owner gave it meanwhile. */
  private tell_role(): void {
    const role = this.connection.hello?.role;
    const before = this.role_;
    this.role_ = role;
    if (role === undefined) return;
    if (this.workspace && this.workspace.role !== role && role !== 'server') {
      this.workspace = { ...this.workspace, role };
      this.changed();
    }
    if (before === undefined || before === role) return;
    const word = { viewer: t(looks_only), editor: t('You may edit this workspace now.') } as Partial<
      Record<Role, string>
    >;
    this.notices_.show(word[role] ?? t`You are its ${within(t(role_words[role]?.name) || role)} now.`);
  }

  /** What the template wants to be read first; an imported project may not have it, or not yet. */
  private async open_first_file(): Promise<void> {
    const path = this.workspace?.open_file;
    if (!path) return;
    const imported = this.imported_;
    await this.tabs.open(path, { if_there: true });
    if (imported !== this.imported_ && this.tabs.tabs.length === 0) await this.open_first_file();
  }

  /** A program began to listen: shown at once or told, as the person has it. */
  private tell_port(port: number): void {
    const choice = this.new_ports_();
    if (choice === 'off' || this.show_preview_of_ === port || this.previews.all.some((one) => one.port === port))
      return;
    if (choice === 'open') return this.show_preview(port);
    this.notices_.show(t`A program listens on port ${port}.`, {
      action: { label: t('Preview'), run: () => this.show_preview(port) },
    });
  }

  private on_ports(): void {
    const port = this.show_preview_of_;
    if (port === undefined || !this.ports.is_listening(port)) return;
    this.show_preview_of_ = undefined;
    const there = this.previews.all.find((preview) => preview.port === port);
    if (!there) return this.show_preview(port);
    this.previews.show(there); // it looks again by itself
    this.on_preview_();
  }
}
