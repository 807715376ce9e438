// SPDX-License-Identifier: GPL-3.0-or-later
// The versions of one workspace as a person goes through them: a timeline (of everything, or of one path), what a version
// changed and what lies in it, both texts of one file, and what can be done with a version.
import { has_code, sentence_of } from '../connection/berth_error';
import type { RestClient } from '../connection/rest_client';
import type { FileEntry, PathProblem, Version, VersionChange, Workspace } from '../protocol/messages';
import { Observable } from './observable';
import { join_path, parent_path } from './paths';
import { VersionFolder } from './version_folder';
import { current_locale, t } from './translation';

const page = 50; // versions
const largest_shown = 2_000_000; // bytes of a file that is compared here

export type LoadState = 'loading' | 'ready' | 'failed';

/** What the right side of a comparison is. */
export type Against = 'before' | 'now';

/** What of a version is listed: the files that it changed, or everything in it, folder by folder. */
export type Listed = 'changes' | 'files';

export interface Comparison {
  /** Undefined: too large or no text, only its sizes are told. */
  texts: { left: string; right: string } | undefined;
}

export class History extends Observable {
  shown = false;
  /** Only versions that changed this file or folder; '' is everything. */
  path = '';
  versions: Version[] = [];
  state: LoadState = 'loading';
  problem = '';
  more: string | undefined;
  chosen: Version | undefined;
  changes: VersionChange[] = [];
  changes_state: LoadState = 'ready';
  truncated = false;
  listed: Listed = 'changes';
  /** Of the chosen version, once its files were asked for. */
  folder: VersionFolder | undefined;
  file: VersionChange | undefined;
  against: Against = 'before';
  comparison: Comparison | undefined;
  comparison_problem = '';
  /** What is under way and can't be begun twice. */
  busy = false;
  private compared_with_ = ''; // version id that the changes are told against
  private round_ = 0; // answers of an earlier choice are dropped

  constructor(
    private readonly id_: string,
    private readonly rest_: RestClient,
    /** The folder that listing a version's files begins with. */
    private readonly first_folder_ = '',
  ) {
    super();
  }

  show(path = ''): void {
    this.shown = true;
    this.path = path;
    this.against = 'before';
    void this.load();
  }

  hide(): void {
    this.shown = false;
    ++this.round_;
    this.changed();
  }

  async load(): Promise<void> {
    const round = ++this.round_;
    this.state = 'loading';
    this.versions = [];
    this.more = undefined;
    this.leave_version();
    this.changed();
    await this.load_page(round);
    const newest = this.versions[0];
    if (round === this.round_ && newest) await this.choose(newest);
  }

  async load_more(): Promise<void> {
    if (this.more !== undefined) await this.load_page(this.round_);
  }

  async choose(version: Version): Promise<void> {
    const round = ++this.round_;
    this.leave_version();
    this.chosen = version;
    this.changes_state = 'loading';
    this.changed();
    if (this.listed === 'files') this.open_folder();
    try {
      const query = { path: this.path || undefined };
      const answer = await this.rest_.call('ListVersionChanges', { parameters: this.of(version), query });
      if (round !== this.round_) return;
      this.changes = answer.changes;
      this.truncated = answer.truncated;
      this.compared_with_ = answer.against;
      this.changes_state = 'ready';
      const first = this.changes[0];
      if (first && (this.path !== '' || this.changes.length === 1)) await this.compare(first);
    } catch (error) {
      if (round !== this.round_) return;
      this.changes_state = 'failed';
      this.problem = sentence_of(error);
    }
    this.changed();
  }

  async compare(file: VersionChange): Promise<void> {
    const version = this.chosen;
    if (!version) return;
    const round = ++this.round_;
    this.file = file;
    this.comparison = undefined;
    this.comparison_problem = '';
    this.changed();
    try {
      const sizes = [file.size_before, file.size];
      const then = file.kind === 'deleted' ? '' : await this.text_of(version, file);
      const other = this.against === 'now' ? await this.text_now(file.path) : await this.text_before(file);
      if (round !== this.round_) return;
      const whole = then !== undefined && other !== undefined && sizes.every((size) => size <= largest_shown);
      const [left, right] = this.against === 'now' ? [then, other] : [other, then];
      this.comparison = { texts: whole ? { left: left ?? '', right: right ?? '' } : undefined };
    } catch (error) {
      if (round !== this.round_) return;
      this.comparison_problem = sentence_of(error);
    }
    this.changed();
  }

  list(listed: Listed): void {
    this.listed = listed;
    if (listed === 'files') this.open_folder();
    this.changed();
  }

  /** A file of the version, whether it changed in it or not. */
  look_at(entry: FileEntry): void {
    const path = join_path(this.folder?.path ?? '', entry.name);
    const known = this.changes.find((change) => change.path === path);
    void this.compare(known ?? { path, kind: 'modified', size_before: entry.size, size: entry.size });
  }

  compare_against(against: Against): void {
    this.against = against;
    if (this.file) void this.compare(this.file);
    else this.changed();
  }

  /** Everything when `path` is undefined. What was there is stored first, so this is no loss. */
  async restore(version: Version, path?: string): Promise<PathProblem[]> {
    const body = path === undefined ? {} : { path };
    const { problems } = await this.exclusively(() =>
      this.rest_.call('RestoreVersion', { parameters: this.of(version), body }),
    );
    await this.load();
    return problems;
  }

  /** Keeps what is there now for ever. */
  async keep_now(name: string): Promise<void> {
    await this.exclusively(() => this.rest_.call('CreateVersion', { parameters: { id: this.id_ }, body: { name } }));
    await this.load();
  }

  async rename(version: Version, name: string): Promise<void> {
    const named = await this.exclusively(() =>
      this.rest_.call('UpdateVersion', { parameters: this.of(version), body: { name } }),
    );
    this.versions = this.versions.map((other) => (other.id === named.id ? named : other));
    if (this.chosen?.id === named.id) this.chosen = named;
    this.changed();
  }

  /** A new workspace that begins as this version. */
  async fork(version: Version, name: string, template_id: string): Promise<Workspace> {
    const body = { name, template_id, from_workspace: this.id_, from_version: version.id };
    return await this.exclusively(() => this.rest_.call('CreateWorkspace', { body }));
  }

  archive_address(version: Version, format: 'zip' | 'tar.gz', path = this.path): string {
    const query = { format, version: version.id, path: path || undefined };
    return this.rest_.address('GetArchive', { parameters: { id: this.id_ }, query });
  }

  file_address(version: Version, path: string): string {
    return this.rest_.address('GetVersionFile', { parameters: this.of(version), query: { path } });
  }

  private of(version: Version): Record<string, string> {
    return { id: this.id_, version: version.id };
  }

  private leave_version(): void {
    this.chosen = undefined;
    this.changes = [];
    this.changes_state = 'ready';
    this.truncated = false;
    this.folder = undefined;
    this.file = undefined;
    this.comparison = undefined;
    this.comparison_problem = '';
  }

  /** Where the person was in the version before, if this one has it. */
  private open_folder(): void {
    if (!this.chosen || this.folder) return;
    const folder = new VersionFolder({ id: this.id_, version: this.chosen.id }, this.rest_);
    folder.subscribe(() => {
      if (folder !== this.folder) return;
      if (folder.state !== 'missing' || folder.path === '') this.changed();
      else void folder.open(parent_path(folder.path));
    });
    this.folder = folder;
    void folder.open(this.path || this.first_folder_);
  }

  private async load_page(round: number): Promise<void> {
    const cursor = this.more;
    try {
      const query = { path: this.path || undefined, cursor, limit: page };
      const answer = await this.rest_.call('ListVersions', { parameters: { id: this.id_ }, query });
      if (round !== this.round_ || cursor !== this.more) return; // or asked for twice
      this.versions = [...this.versions, ...answer.versions];
      this.more = answer.cursor;
      this.state = 'ready';
    } catch (error) {
      if (round !== this.round_) return;
      this.problem = sentence_of(error);
      if (this.state === 'loading') this.state = 'failed';
    }
    this.changed();
  }

  private async text_of(version: Version, { path, size }: VersionChange): Promise<string | undefined> {
    if (size > largest_shown) return undefined;
    return await text_in(await this.rest_.read('GetVersionFile', { parameters: this.of(version), query: { path } }));
  }

  private async text_before({ path, kind, size_before }: VersionChange): Promise<string | undefined> {
    if (kind === 'added' || this.compared_with_ === '') return '';
    if (size_before > largest_shown) return undefined;
    const parameters = { id: this.id_, version: this.compared_with_ };
    const before = await this.rest_.read('GetVersionFile', { parameters, query: { path } }).catch(none_if_missing);
    return before ? await text_in(before) : '';
  }

  /** '' when the file is gone by now. */
  private async text_now(path: string): Promise<string | undefined> {
    const query = { path };
    try {
      const now = await this.rest_.read_up_to(largest_shown, 'GetFile', { parameters: { id: this.id_ }, query });
      return now && (await text_in(now));
    } catch (error) {
      none_if_missing(error);
      return '';
    }
  }

  private async exclusively<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    this.busy = true;
    this.changed();
    try {
      return await call();
    } finally {
      this.busy = false;
      this.changed();
    }
  }
}

function none_if_missing(error: unknown): undefined {
  if (!has_code(error, 'not_found')) throw error;
}

/** Undefined for what is no text, or too much of it. */
async function text_in(bytes: Blob): Promise<string | undefined> {
  if (bytes.size > largest_shown) return undefined;
  const text = await bytes.text();
  return text.includes('\0') ? undefined : text;
}

/** "Today", "Yesterday", or the date, for the headings of a timeline. */
export function day_of(created: number, now = new Date()): string {
  const day = new Date(created);
  const days_ago = Math.round(
    (new Date(now).setHours(0, 0, 0, 0) - new Date(created).setHours(0, 0, 0, 0)) / 86_400_000,
  );
  if (days_ago === 0) return t('Today');
  if (days_ago === 1) return t('Yesterday');
  return day.toLocaleDateString(current_locale(), { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' });
}
