// SPDX-License-Identifier: GPL-3.0-or-later
// The folders of one version, one at a time, as they were: for files that did not change in it.
import { has_code, sentence_of } from '../connection/berth_error';
import type { RestClient } from '../connection/rest_client';
import type { FileEntry } from '../protocol/messages';
import { Observable } from './observable';

const page = 500; // entries

export class VersionFolder extends Observable {
  /** Of the folder shown; '' is home. */
  path = '';
  entries: FileEntry[] = [];
  total = 0;
  /** missing: the version has no such folder. */
  state: 'loading' | 'ready' | 'missing' | 'failed' = 'loading';
  problem = '';
  more: string | undefined;
  private round_ = 0; // answers of an earlier folder are dropped

  constructor(
    private readonly parameters_: { id: string; version: string },
    private readonly rest_: RestClient,
  ) {
    super();
  }

  async open(path: string): Promise<void> {
    const round = ++this.round_;
    Object.assign(this, { path, entries: [], total: 0, state: 'loading', problem: '', more: undefined });
    this.changed();
    await this.load_page(round);
  }

  async load_more(): Promise<void> {
    if (this.more !== undefined) await this.load_page(this.round_);
  }

  private async load_page(round: number): Promise<void> {
    const cursor = this.more;
    try {
      const query = { path: this.path || undefined, cursor, limit: page };
      const answer = await this.rest_.call('ListVersionFiles', { parameters: { ...this.parameters_ }, query });
      if (round !== this.round_ || cursor !== this.more) return; // or asked for twice
      this.entries = [...this.entries, ...answer.entries];
      this.total = answer.total;
      this.more = answer.cursor;
      this.state = 'ready';
    } catch (error) {
      if (round !== this.round_) return;
      this.problem = sentence_of(error);
      if (this.state === 'loading')
        this.state = has_code(error, 'not_found', 'invalid_argument') ? 'missing' : 'failed';
    }
    this.changed();
  }
}
