// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace that its owner shows to everybody: its last stored version, to be looked at without an account.
import { has_code, sentence_of } from '../connection/berth_error';
import type { RestClient } from '../connection/rest_client';
import type { FileEntry, PublicWorkspace as Shown, Workspace } from '../protocol/messages';
import { Observable } from './observable';
import { project_path } from './paths';
import { t } from './translation';

const most_bytes = 1 << 20; // of a file that is shown; more is downloaded
const page = 500; // entries

export interface PublicFile {
  path: string;
  state: 'loading' | 'text' | 'not_text' | 'too_long' | 'failed';
  text: string;
  problem: string;
}

export class PublicWorkspace extends Observable {
  shown: Shown | undefined;
  /** missing: there is no such page any more. */
  state: 'loading' | 'ready' | 'missing' | 'failed' = 'loading';
  problem = '';
  /** The folder shown, its entries and the cursor of more. */
  path = project_path;
  entries: FileEntry[] | undefined;
  more: string | undefined;
  folder_problem = '';
  file: PublicFile | undefined;
  private round_ = 0; // answers about an earlier folder are dropped
  private look_ = 0;

  constructor(
    private readonly token_: string,
    private readonly rest_: RestClient,
  ) {
    super();
  }

  async load(): Promise<void> {
    this.state = 'loading';
    this.changed();
    try {
      this.shown = await this.rest_.call('GetPublic', { parameters: { token: this.token_ } });
      this.state = 'ready';
      this.changed();
      await this.open_folder(project_path);
      if (this.shown.open_file) await this.open_file(this.shown.open_file, true);
    } catch (error) {
      this.problem = sentence_of(error);
      this.state = has_code(error, 'not_found') ? 'missing' : 'failed';
      this.changed();
    }
  }

  async open_folder(path: string): Promise<void> {
    ++this.round_;
    Object.assign(this, { path, entries: undefined, more: undefined, folder_problem: '' });
    this.changed();
    await this.load_more();
  }

  async load_more(): Promise<void> {
    const round = this.round_;
    const cursor = this.more;
    try {
      const query = { path: this.path || undefined, cursor, limit: page };
      const answer = await this.rest_.call('ListPublicFiles', { parameters: { token: this.token_ }, query });
      if (round !== this.round_ || cursor !== this.more) return;
      this.entries = [...(this.entries ?? []), ...answer.entries];
      this.more = answer.cursor;
    } catch (error) {
      if (round !== this.round_) return;
      this.folder_problem = sentence_of(error);
      this.entries ??= [];
    }
    this.changed();
  }

  /** `if_there`: without a word where there is none. */
  async open_file(path: string, if_there = false): Promise<void> {
    const look = ++this.look_;
    const show = (state: PublicFile['state'], text = '', problem = '') => {
      if (look !== this.look_) return;
      this.file = { path, state, text, problem };
      this.changed();
    };
    show('loading');
    try {
      const read = { parameters: { token: this.token_ }, query: { path } };
      const blob = await this.rest_.read_up_to(most_bytes, 'GetPublicFile', read);
      if (!blob) return show('too_long');
      const text = text_of(new Uint8Array(await blob.arrayBuffer()));
      if (text === undefined) show('not_text');
      else show('text', text);
    } catch (error) {
      if (if_there && look === this.look_) {
        this.file = undefined;
        this.changed();
      } else {
        show('failed', '', sentence_of(error));
      }
    }
  }

  file_address(path: string): string {
    return this.rest_.address('GetPublicFile', { parameters: { token: this.token_ }, query: { path } });
  }

  /** A workspace of the signed-in person's own with what is shown here. */
  async copy(): Promise<Workspace> {
    const { name = t('Copy'), template_id = 'empty' } = this.shown ?? {};
    return await this.rest_.call('CreateWorkspace', { body: { name, template_id, from_public: this.token_ } });
  }
}

/** Undefined of bytes that are not UTF-8 text. */
export function text_of(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
