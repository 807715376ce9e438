// SPDX-License-Identifier: GPL-3.0-or-later
// Workspaces as the server lists them, page by page: the account's own, its teams' and those shared with it, or those of one
// owner. Polled quickly while one is between two states, slowly otherwise; what has not changed is not sent again.
import { has_code, sentence_of } from '../connection/berth_error';
import type { RestClient, Tagged } from '../connection/rest_client';
import type {
  CreateWorkspaceBody,
  GetWorkspaceLogEntry,
  ListWorkspacesResult,
  Template,
  Workspace,
} from '../protocol/messages';
import { Observable } from './observable';

const quick = 700; // ms
const slow = 10_000;

/** Which workspaces: a part of their names or ids, and whose (id of a person or team). */
export interface WorkspaceChoice {
  query: string;
  owner?: string | undefined;
}

interface ListedPage {
  cursor: string | undefined;
  choice: WorkspaceChoice;
  answer: Tagged<ListWorkspacesResult>;
}

export class Workspaces extends Observable {
  list: Workspace[] = [];
  templates: Template[] = [];
  state: 'loading' | 'ready' | 'failed' = 'loading';
  problem = '';
  /** There are more than `list` has. */
  more = false;
  /** Other workspaces, or more of them, were asked for and are not there yet. */
  asking = false;
  /** Ids of those that run on though the person stopped them: their reason says what could not be stored. */
  readonly not_stopped = new Set<string>();
  /** Ids of all that were ever listed, and of those that were or are being deleted here. */
  readonly seen = new Set<string>();
  readonly removed = new Set<string>();
  private pages_: ListedPage[] = [];
  private pages_wanted_ = 1;
  private asked_ = 0;
  private timer_: ReturnType<typeof setTimeout> | undefined;
  private watchers_ = 0;

  constructor(
    private readonly rest_: RestClient,
    private choice_: WorkspaceChoice = { query: '' },
  ) {
    super();
  }

  get choice(): WorkspaceChoice {
    return this.choice_;
  }

  /** Keeps the list fresh until the returned function is called. */
  watch(): () => void {
    ++this.watchers_;
    void this.refresh();
    return () => {
      if (--this.watchers_ === 0) clearTimeout(this.timer_);
    };
  }

  /** Lists others from now on, from their first page. */
  async look_for(choice: WorkspaceChoice): Promise<void> {
    if (choice.query === this.choice_.query && choice.owner === this.choice_.owner) return;
    this.choice_ = choice;
    this.pages_ = [];
    this.pages_wanted_ = 1;
    this.asking = true;
    this.changed();
    await this.refresh();
  }

  async load_more(): Promise<void> {
    if (!this.more || this.asking) return;
    ++this.pages_wanted_;
    this.asking = true;
    this.changed();
    await this.refresh();
  }

  async refresh(): Promise<void> {
    clearTimeout(this.timer_);
    const asked = ++this.asked_;
    try {
      if (this.templates.length === 0) this.templates = (await this.rest_.call('ListTemplates')).templates;
      const pages = await this.ask_pages();
      if (asked !== this.asked_) return; // a newer question is under way, perhaps for others
      this.take(pages);
      this.state = 'ready';
      this.problem = '';
    } catch (error) {
      if (asked !== this.asked_) return;
      this.problem = sentence_of(error);
      if (this.state === 'loading') this.state = 'failed';
    }
    this.asking = false;
    this.changed();
    this.plan();
  }

  /** The person has signed out: nothing of it is the next one's. */
  forget(): void {
    ++this.asked_;
    Object.assign(this, { list: [], templates: [], state: 'loading', problem: '', more: false, asking: false });
    Object.assign(this, { choice_: { query: '' }, pages_: [], pages_wanted_: 1 });
    for (const ids of [this.not_stopped, this.seen, this.removed]) ids.clear();
    this.changed();
  }

  template(id: string): Template | undefined {
    return this.templates.find((template) => template.id === id);
  }

  /** Made stopped or starting: the workspace page opens at once and shows what it does. */
  async create(body: CreateWorkspaceBody): Promise<Workspace> {
    const made = await this.rest_.call('CreateWorkspace', { body });
    this.put(made);
    return made;
  }

  /** Where the browser downloads everything in it from. */
  archive_address(id: string): string {
    return this.rest_.address('GetArchive', { parameters: { id }, query: { format: 'zip' } });
  }

  async start(id: string): Promise<void> {
    await this.change(id, 'starting', () => this.rest_.call('StartWorkspace', { parameters: { id } }));
  }
  async stop(id: string): Promise<void> {
    await this.change(id, 'stopping', () => this.rest_.call('StopWorkspace', { parameters: { id } }));
  }
  /** Its starts, ends and failures, newest first; of one's own. */
  async log(id: string): Promise<GetWorkspaceLogEntry[]> {
    return (await this.rest_.call('GetOwnWorkspaceLog', { parameters: { id } })).entries;
  }
  async rename(id: string, name: string): Promise<void> {
    this.put(await this.rest_.call('UpdateWorkspace', { parameters: { id }, body: { name } }));
  }
  async remove(id: string): Promise<void> {
    const before = this.list.find((workspace) => workspace.id === id);
    this.removed.add(id);
    if (before) this.put({ ...before, state: 'deleting', reason: '' });
    try {
      await this.rest_.call('DeleteWorkspace', { parameters: { id } });
    } catch (error) {
      this.removed.delete(id);
      throw error;
    } finally {
      await this.refresh();
    }
  }

  /** Of a member: the workspace stays its owner's. */
  async leave(id: string, account: string): Promise<void> {
    await this.rest_.call('RemoveMember', { parameters: { id, account } });
    this.list = this.list.filter((workspace) => workspace.id !== id);
    this.changed();
  }

  /** As many pages as were asked for, and as there are. */
  private async ask_pages(): Promise<ListedPage[]> {
    const choice = this.choice_;
    const pages: ListedPage[] = [];
    for (let cursor: string | undefined; ;) {
      const before = this.pages_[pages.length];
      const known = before?.cursor === cursor && before?.choice === choice ? before.answer : undefined;
      const query = { query: choice.query || undefined, owner: choice.owner, cursor };
      const answer = await this.rest_.call_again('ListWorkspaces', { query }, known);
      pages.push({ cursor, choice, answer });
      cursor = answer.result.next;
      if (cursor === undefined || pages.length >= this.pages_wanted_) return pages;
    }
  }

  private take(pages: ListedPage[]): void {
    this.pages_ = pages;
    this.more = pages.at(-1)?.answer.result.next !== undefined;
    // One that was used between two pages' answers stands on both.
    const listed = new Map<string, Workspace>();
    for (const { answer } of pages)
      for (const workspace of answer.result.workspaces)
        if (!listed.has(workspace.id)) listed.set(workspace.id, workspace);
    for (const workspace of listed.values()) this.look_at_stop(workspace);
    for (const id of listed.keys()) this.seen.add(id);
    this.list = [...listed.values()];
  }

  /** Shows the state that comes before the answer, which may take a while. */
  private async change(id: string, meanwhile: Workspace['state'], call: () => Promise<Workspace>): Promise<void> {
    const before = this.list.find((workspace) => workspace.id === id);
    if (before) this.put({ ...before, state: meanwhile, reason: '', start_steps: undefined });
    this.plan(); // what it does meanwhile is told by the list
    try {
      this.put(await call());
    } catch (error) {
      await this.refresh();
      throw error;
    }
    this.plan();
  }

  /** Called with a workspace's new state while the list has the one before. */
  private look_at_stop({ id, state, reason }: Workspace): void {
    const before = this.list.find((other) => other.id === id)?.state;
    if (state !== 'running') this.not_stopped.delete(id);
    else if (before === 'stopping' && reason !== '') this.not_stopped.add(id);
  }

  private put(workspace: Workspace): void {
    this.look_at_stop(workspace);
    const known = this.list.some((other) => other.id === workspace.id);
    this.list = known
      ? this.list.map((other) => (other.id === workspace.id ? workspace : other))
      : [workspace, ...this.list];
    this.changed();
  }

  private plan(): void {
    clearTimeout(this.timer_);
    if (this.watchers_ === 0) return;
    const moving = this.list.some(({ state }) => state === 'starting' || state === 'stopping' || state === 'deleting');
    this.timer_ = setTimeout(() => void this.refresh(), moving ? quick : slow);
  }
}

/** One workspace, looked at again and again while somebody looks; undefined until it is there, and when it is there no longer. */
export class LookedAtWorkspace extends Observable {
  workspace: Workspace | undefined;
  /** Why it can't be shown; '' while it can, or while nothing was answered. */
  problem = '';
  private known_: Tagged<Workspace> | undefined;

  constructor(
    private readonly id_: string,
    private readonly rest_: RestClient,
  ) {
    super();
  }

  /** Until the returned function is called. */
  watch(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const look = async () => {
      await this.look();
      const moving = this.workspace && !['stopped', 'running', 'failed'].includes(this.workspace.state);
      if (!over) timer = setTimeout(() => void look(), moving ? quick : slow);
    };
    void look();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }

  async look(): Promise<void> {
    try {
      this.known_ = await this.rest_.call_again('GetWorkspace', { parameters: { id: this.id_ } }, this.known_);
      this.workspace = this.known_.result;
      this.problem = '';
    } catch (error) {
      // While the server is away, what was there is shown on.
      if (!this.workspace || has_code(error, 'not_found')) {
        this.workspace = undefined;
        this.problem = sentence_of(error);
      }
    }
    this.changed();
  }
}
