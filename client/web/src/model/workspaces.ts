// SPDX-License-Identifier: GPL-3.0-or-later
// The account's workspaces: polled quickly while one is between two states, slowly otherwise.
import { sentence_of } from '../connection/berth_error';
import type { RestClient } from '../connection/rest_client';
import type { Template, Workspace } from '../protocol/messages';
import { Observable } from './observable';

const quick = 700; // ms
const slow = 10_000;

export class Workspaces extends Observable {
  list: Workspace[] = [];
  templates: Template[] = [];
  state: 'loading' | 'ready' | 'failed' = 'loading';
  problem = '';
  /** Ids of those that run on though the person stopped them: their reason says what could not be stored. */
  readonly not_stopped = new Set<string>();
  private timer_: ReturnType<typeof setTimeout> | undefined;
  private watchers_ = 0;

  constructor(private readonly rest_: RestClient) {
    super();
  }

  /** Keeps the list fresh until the returned function is called. */
  watch(): () => void {
    ++this.watchers_;
    void this.refresh();
    return () => {
      if (--this.watchers_ === 0) clearTimeout(this.timer_);
    };
  }

  async refresh(): Promise<void> {
    clearTimeout(this.timer_);
    try {
      if (this.templates.length === 0) this.templates = (await this.rest_.call('ListTemplates')).templates;
      const { workspaces } = await this.rest_.call('ListWorkspaces');
      for (const workspace of workspaces) this.look_at_stop(workspace);
      this.list = workspaces;
      this.state = 'ready';
      this.problem = '';
    } catch (error) {
      this.problem = sentence_of(error);
      if (this.state === 'loading') this.state = 'failed';
    }
    this.changed();
    this.plan();
  }

  template(id: string): Template | undefined {
    return this.templates.find((template) => template.id === id);
  }

  async create(name: string, template_id: string): Promise<Workspace> {
    // Created stopped, then started: the workspace page opens at once and shows the start.
    const made = await this.rest_.call('CreateWorkspace', { body: { name, template_id } });
    this.put(made);
    return made;
  }

  /** Its project is the repository; the clone goes on while the workspace is open. */
  async clone(name: string, template_id: string, git_url: string): Promise<Workspace> {
    const made = await this.rest_.call('CreateWorkspace', { body: { name, template_id, git_url } });
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
  async rename(id: string, name: string): Promise<void> {
    this.put(await this.rest_.call('UpdateWorkspace', { parameters: { id }, body: { name } }));
  }
  async remove(id: string): Promise<void> {
    const before = this.list.find((workspace) => workspace.id === id);
    if (before) this.put({ ...before, state: 'deleting', reason: '' });
    try {
      await this.rest_.call('DeleteWorkspace', { parameters: { id } });
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

  /** Shows the state that comes before the answer, which may take a while. */
  private async change(id: string, meanwhile: Workspace['state'], call: () => Promise<Workspace>): Promise<void> {
    const before = this.list.find((workspace) => workspace.id === id);
    if (before) this.put({ ...before, state: meanwhile, reason: '' });
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
