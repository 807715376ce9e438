// SPDX-License-Identifier: GPL-3.0-or-later
// What the account's versions take of what they may, and which workspaces hold the most.
import { sentence_of } from '../connection/berth_error';
import type { RestClient } from '../connection/rest_client';
import type { Workspace } from '../protocol/messages';
import { Observable } from './observable';

const near = 0.8; // of the limit
const full = 0.98; // what is stored goes in packs of megabytes: the last of them does not fit any more
const interval = 30_000; // ms between two looks

export type StorageLevel = 'unknown' | 'unlimited' | 'fine' | 'near' | 'full';

/** A workspace by its newest version. */
export interface HeldBytes {
  workspace: Workspace;
  bytes: number; // of its files, not compressed
  files: number;
}

export class AccountStorage extends Observable {
  used = 0; // bytes, deduplicated and compressed
  limit = 0; // bytes; 0: none
  level: StorageLevel = 'unknown';
  /** Largest first; undefined until asked for. */
  held: HeldBytes[] | undefined;
  problem = '';

  constructor(private readonly rest_: RestClient) {
    super();
  }

  /** Keeps it fresh until the returned function is called. */
  watch(): () => void {
    void this.refresh();
    const timer = setInterval(() => void this.refresh(), interval);
    return () => clearInterval(timer);
  }

  /** The person has signed out: nothing of it is the next one's. */
  forget(): void {
    Object.assign(this, { used: 0, limit: 0, level: 'unknown', held: undefined, problem: '' });
    this.changed();
  }

  async refresh(): Promise<void> {
    try {
      const { used, limit } = await this.rest_.call('GetStorage');
      Object.assign(this, { used, limit, level: level_of(used, limit), problem: '' });
    } catch (error) {
      this.problem = sentence_of(error);
    }
    this.changed();
  }

  /** Looks at the newest version of each workspace of this person: others' count for them. */
  async look_at_those_of(owner: string): Promise<void> {
    const own: Workspace[] = [];
    try {
      for (let cursor: string | undefined; ;) {
        const page = await this.rest_.call('ListWorkspaces', { query: { owner, cursor, limit: 200 } });
        own.push(...page.workspaces.filter((workspace) => workspace.owner.id === owner));
        cursor = page.next;
        if (cursor === undefined) break;
      }
    } catch (error) {
      this.problem = sentence_of(error);
      return this.changed();
    }
    await this.look_at(own);
  }

  /** Looks at the newest version of each workspace. */
  async look_at(workspaces: Workspace[]): Promise<void> {
    const look = async (workspace: Workspace): Promise<HeldBytes[]> => {
      const call = { parameters: { id: workspace.id }, query: { limit: 1 } };
      // One that is being deleted has none any more; the others are worth showing all the same.
      const newest = await this.rest_.call('ListVersions', call).then(
        ({ versions }) => versions[0],
        () => undefined,
      );
      return newest ? [{ workspace, bytes: newest.bytes, files: newest.files }] : [];
    };
    const held = (await Promise.all(workspaces.map(look))).flat();
    this.held = held.sort((a, b) => b.bytes - a.bytes);
    this.changed();
  }
}

export function level_of(used: number, limit: number): StorageLevel {
  if (limit === 0) return 'unlimited';
  if (used >= limit * full) return 'full';
  return used >= limit * near ? 'near' : 'fine';
}
