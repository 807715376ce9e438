// SPDX-License-Identifier: GPL-3.0-or-later
// What administrators look at and change: pages of accounts, workspaces and the audit log, templates, and what the
// servers carry now.
import { sentence_of } from '../connection/berth_error';
import type { RestClient } from '../connection/rest_client';
import type {
  AdminAccount,
  AdminTemplate,
  AdminWorkspace,
  AuditEntry,
  GetLoadResult,
  Quota,
  ServerLoad,
  WorkspaceState,
} from '../protocol/messages';
import { Observable } from './observable';

export interface Page<Item> {
  items: Item[];
  next?: string;
}

/** A list that comes page by page. What a slower, older question answers is dropped. */
export class PagedList<Item, Wish extends object> extends Observable {
  items: Item[] | undefined;
  more = false;
  busy = false;
  problem = '';
  private next_: string | undefined;
  private asked_ = 0;

  constructor(
    private readonly fetch_: (wish: Wish, cursor: string | undefined) => Promise<Page<Item>>,
    public wish: Wish,
  ) {
    super();
  }

  /** From the beginning, for other wishes too. */
  load(wish: Wish = this.wish): Promise<void> {
    this.wish = wish;
    return this.ask(undefined);
  }

  load_more(): Promise<void> {
    return this.more && !this.busy ? this.ask(this.next_) : Promise.resolve();
  }

  /** Of the item that `same` finds, what it is now. */
  put(item: Item, same: (one: Item) => boolean): void {
    this.items = this.items?.map((one) => (same(one) ? item : one));
    this.changed();
  }

  private async ask(cursor: string | undefined): Promise<void> {
    const asked = ++this.asked_;
    this.busy = true;
    this.changed();
    try {
      const page = await this.fetch_(this.wish, cursor);
      if (asked !== this.asked_) return;
      this.items = cursor === undefined ? page.items : [...(this.items ?? []), ...page.items];
      this.next_ = page.next;
      this.more = page.next !== undefined;
      this.problem = '';
    } catch (error) {
      if (asked !== this.asked_) return;
      this.problem = sentence_of(error);
    }
    this.busy = false;
    this.changed();
  }
}

export interface AuditWish {
  actor?: string;
  action?: string;
  workspace?: string;
  since?: number; // Unix ms
  until?: number;
}

export interface WorkspaceWish {
  query: string;
  state?: WorkspaceState;
}

export class Administration {
  readonly accounts: PagedList<AdminAccount, { query: string }>;
  readonly workspaces: PagedList<AdminWorkspace, WorkspaceWish>;
  readonly audit: PagedList<AuditEntry, AuditWish>;
  readonly templates: PagedList<AdminTemplate, object>;
  readonly load: Load;

  constructor(private readonly rest_: RestClient) {
    this.accounts = new PagedList(
      async ({ query }, cursor) => {
        const { accounts, next } = await rest_.call('ListAccounts', { query: { query: query || undefined, cursor } });
        return { items: accounts, next };
      },
      { query: '' },
    );
    this.workspaces = new PagedList<AdminWorkspace, WorkspaceWish>(
      async ({ query, state }, cursor) => {
        const { workspaces, next } = await rest_.call('ListAllWorkspaces', {
          query: { query: query || undefined, state, cursor },
        });
        return { items: workspaces, next };
      },
      { query: '' },
    );
    this.audit = new PagedList(async (wish, cursor) => {
      const { entries, next } = await rest_.call('ListAudit', { query: { ...asked(wish), cursor, limit: 100 } });
      return { items: entries, next };
    }, {});
    this.templates = new PagedList(async () => ({ items: (await rest_.call('ListAllTemplates')).templates }), {});
    this.load = new Load(rest_);
  }

  async update_account(
    id: string,
    body: { disabled?: boolean; administrator?: boolean; quota?: Quota },
  ): Promise<void> {
    const updated = await this.rest_.call('UpdateAccount', { parameters: { id }, body });
    this.accounts.put(updated, (one) => one.id === id);
  }

  /** The link by which the person sets a password. */
  async reset_account(id: string, remove_second_factor: boolean): Promise<string> {
    const { url } = await this.rest_.call('ResetAccount', { parameters: { id }, body: { remove_second_factor } });
    return url;
  }

  /** From now on this browser is that person's, until end_impersonation(). */
  async impersonate(id: string, reason: string): Promise<void> {
    await this.rest_.call('Impersonate', { parameters: { id }, body: { reason } });
  }
  async end_impersonation(): Promise<void> {
    await this.rest_.call('EndImpersonation');
  }

  async stop_workspace(id: string): Promise<AdminWorkspace> {
    const stopped = await this.rest_.call('StopAnyWorkspace', { parameters: { id } });
    this.workspaces.put(stopped, (one) => one.id === id);
    return stopped;
  }
  async workspace_log(id: string) {
    return (await this.rest_.call('GetWorkspaceLog', { parameters: { id } })).entries;
  }

  async offer_template(id: string, enabled: boolean): Promise<void> {
    const updated = await this.rest_.call('UpdateTemplate', { parameters: { id }, body: { enabled } });
    this.templates.put(updated, (one) => one.id === id);
  }

  /** Where the whole audit log of these wishes is fetched, as NDJSON. */
  audit_address(wish: AuditWish): string {
    return this.rest_.address('ExportAudit', { query: asked(wish) });
  }
}

function asked({ actor, action, workspace, since, until }: AuditWish) {
  return { actor: actor || undefined, action: action || undefined, workspace: workspace || undefined, since, until };
}

/** What a server did between two looks, a second. */
export interface Rates {
  processor: number; // processors kept busy: 1 is one of them
  requests: number;
  sent: number; // bytes
  received: number;
}

/** Undefined where there is nothing to compare with: the first look, or the server began anew. */
export function rates(before: ServerLoad | undefined, now: ServerLoad): Rates | undefined {
  const seconds = before ? (now.at - before.at) / 1000 : 0;
  if (!before || seconds <= 0 || now.since !== before.since) return undefined;
  const a_second = (name: 'processor' | 'requests' | 'sent' | 'received') =>
    Math.max(0, now[name] - before[name]) / seconds;
  return {
    processor: a_second('processor'),
    requests: a_second('requests'),
    sent: a_second('sent'),
    received: a_second('received'),
  };
}

export interface SeenServer {
  load: ServerLoad;
  rates: Rates | undefined;
  /** Windows at the looks so far, the oldest first. */
  windows: number[];
}

const between_looks = 3000; // ms
const longest_history = 60; // looks

/** What the servers carry, asked for again and again while somebody looks. */
export class Load extends Observable {
  now: GetLoadResult | undefined;
  servers: SeenServer[] = [];
  problem = '';
  private timer_: ReturnType<typeof setTimeout> | undefined;
  private watchers_ = 0;

  constructor(private readonly rest_: RestClient) {
    super();
  }

  /** Until the returned function is called. */
  watch(): () => void {
    if (++this.watchers_ === 1) void this.look();
    return () => {
      if (--this.watchers_ > 0) return;
      clearTimeout(this.timer_);
      this.timer_ = undefined;
    };
  }

  private async look(): Promise<void> {
    try {
      this.take(await this.rest_.call('GetLoad'));
      this.problem = '';
    } catch (error) {
      this.problem = sentence_of(error);
    }
    this.changed();
    clearTimeout(this.timer_);
    if (this.watchers_ > 0) this.timer_ = setTimeout(() => void this.look(), between_looks);
  }

  private take(now: GetLoadResult): void {
    this.servers = now.servers.map((load) => {
      const before = this.servers.find((seen) => seen.load.id === load.id && seen.load.address === load.address);
      // Others tell of themselves every few seconds: the same figures again say nothing new.
      if (before?.load.at === load.at) return before;
      return {
        load,
        rates: rates(before?.load, load),
        windows: [...(before?.windows ?? []), load.windows].slice(-longest_history),
      };
    });
    this.now = now;
  }
}
