// SPDX-License-Identifier: GPL-3.0-or-later
// What administrators look at and change: pages of accounts, workspaces and the audit log, templates, ways in, and what the
// servers carry now.
import { sentence_of } from '../connection/berth_error';
import type { RestClient } from '../connection/rest_client';
import type {
  AdminAccount,
  AdminProvider,
  AdminTemplate,
  AdminWorkspace,
  AuditEntry,
  GetLoadResult,
  PutProviderBody,
  Quota,
  ServerLoad,
  UpdateTemplateBody,
  WorkspaceState,
} from '../protocol/messages';
import { Observable } from './observable';
import { PagedList } from './paged_list';

export interface AuditWish {
  actor?: string;
  action?: string;
  workspace?: string;
  since?: number; // Unix ms
  until?: number;
}

export interface AccountWish {
  query: string;
  kind?: 'person' | 'team';
}

export interface WorkspaceWish {
  query: string;
  state?: WorkspaceState;
}

export class Administration {
  readonly accounts: PagedList<AdminAccount, AccountWish>;
  readonly workspaces: PagedList<AdminWorkspace, WorkspaceWish>;
  readonly audit: PagedList<AuditEntry, AuditWish>;
  readonly templates: PagedList<AdminTemplate, object>;
  readonly providers: PagedList<AdminProvider, object>;
  readonly load: Load;

  constructor(private readonly rest_: RestClient) {
    this.accounts = new PagedList<AdminAccount, AccountWish>(
      async ({ query, kind }, cursor) => {
        const { accounts, next } = await rest_.call('ListAccounts', {
          query: { query: query || undefined, kind, cursor },
        });
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
    this.providers = new PagedList(async () => ({ items: (await rest_.call('ListProviders')).providers }), {});
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

  /** Offers it or not; an `image` of '' is the installation's again. */
  async update_template(id: string, body: UpdateTemplateBody): Promise<void> {
    const updated = await this.rest_.call('UpdateTemplate', { parameters: { id }, body });
    this.templates.put(updated, (one) => one.id === id);
  }

  /** Adds a way in, or changes one; without a secret the one before stays. */
  async put_provider(id: string, body: PutProviderBody): Promise<AdminProvider> {
    const put = await this.rest_.call('PutProvider', { parameters: { id }, body });
    if (this.providers.items?.some((one) => one.id === id)) this.providers.put(put, (one) => one.id === id);
    else await this.providers.load();
    return put;
  }
  async remove_provider(id: string): Promise<void> {
    await this.rest_.call('DeleteProvider', { parameters: { id } });
    await this.providers.load();
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
