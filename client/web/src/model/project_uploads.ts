// SPDX-License-Identifier: GPL-3.0-or-later
// Archives and folders on their way to becoming workspaces. They outlive the dialog that began them and every page of this
// browser tab; a reload cuts them, and the server then takes back what it had made.
import { BerthError, has_code, sentence_of } from '../connection/berth_error';
import type { RestClient } from '../connection/rest_client';
import type { Workspace } from '../protocol/messages';
import { folder_archive, split_top_folder, total_size } from './folder_archive';
import { Observable } from './observable';
import { base_name } from './paths';
import type { UploadItem } from './uploads';
import { t } from './translation';

/** What a workspace is made of: one archive, or files with their paths in it. */
export type ProjectSource = { archive: File } | { files: UploadItem[] };

/** sending: bytes are under way; unpacking: all are there, the server answers when it has begun to unpack them. */
export type ProjectUploadState = 'preparing' | 'sending' | 'unpacking' | 'failed';

export interface ProjectUpload {
  id: number;
  /** Of the workspace that it becomes. */
  name: string;
  source: ProjectSource;
  team: string; // id of the team whose it is to be; '' for one's own
  state: ProjectUploadState;
  sent: number; // bytes
  total: number; // bytes
  problem: string;
}

export class ProjectUploads extends Observable {
  list: ProjectUpload[] = [];
  private readonly cancels_ = new Map<ProjectUpload, AbortController>();
  private readonly known_before_ = new Map<ProjectUpload, ReadonlySet<string>>();
  private readonly made_listeners_ = new Set<(workspace: Workspace) => void>();
  private next_ = 1;

  constructor(
    private readonly rest_: RestClient,
    /** Ids of the account's workspaces now. */
    private readonly known_: () => string[],
  ) {
    super();
  }

  /** Called with each workspace that is there. Returns the end of it. */
  on_made(listener: (workspace: Workspace) => void): () => void {
    this.made_listeners_.add(listener);
    return () => this.made_listeners_.delete(listener);
  }

  begin(name: string, source: ProjectSource, team = ''): ProjectUpload {
    const upload: ProjectUpload = {
      id: this.next_++,
      name,
      source,
      team,
      state: 'preparing',
      sent: 0,
      total: size_of(source),
      problem: '',
    };
    this.list = [...this.list, upload];
    void this.send(upload);
    return upload;
  }

  retry(upload: ProjectUpload): void {
    if (upload.state === 'failed') void this.send(upload);
  }

  /** Ends it, or takes one away that failed. */
  cancel(upload: ProjectUpload): void {
    // Once the server has it all it goes on by itself: its answer is waited for, and taken back.
    if (upload.state !== 'unpacking') this.cancels_.get(upload)?.abort();
    this.remove(upload);
  }

  /** The person has signed out. */
  cancel_all(): void {
    for (const upload of this.list) {
      this.cancels_.get(upload)?.abort();
      this.remove(upload);
    }
  }

  /** True while leaving the page would cut one. */
  any_under_way(): boolean {
    return this.list.some(({ state }) => state !== 'failed');
  }

  /** The server's half-made workspace of an upload: the person sees the upload instead. */
  is_making(workspace: Workspace): boolean {
    return this.list.some(
      (upload) =>
        upload.state !== 'failed' &&
        upload.name === workspace.name &&
        this.known_before_.get(upload)?.has(workspace.id) === false,
    );
  }

  private async send(upload: ProjectUpload): Promise<void> {
    const cancel = new AbortController();
    this.cancels_.set(upload, cancel);
    this.known_before_.set(upload, new Set(this.known_()));
    Object.assign(upload, { state: 'preparing', sent: 0, problem: '' });
    this.changed();
    try {
      const made = await this.send_body(upload, cancel.signal);
      if (!this.list.includes(upload)) {
        await this.rest_.call('DeleteWorkspace', { parameters: { id: made.id } });
        return;
      }
      this.remove(upload);
      for (const listener of [...this.made_listeners_]) listener(made);
    } catch (error) {
      if (cancel.signal.aborted || has_code(error, 'cancelled')) return this.remove(upload);
      upload.state = 'failed';
      upload.problem = sentence_of(error);
      this.changed();
    }
  }

  private async send_body(upload: ProjectUpload, signal: AbortSignal): Promise<Workspace> {
    const { body, format } = await body_of(upload.source, signal);
    signal.throwIfAborted();
    upload.state = 'sending';
    upload.total = body.size;
    this.changed();
    const on_sent = (bytes: number) => {
      upload.sent = Math.min(bytes, upload.total);
      if (upload.sent === upload.total) upload.state = 'unpacking';
      this.changed();
    };
    const query: Record<string, string> = { name: upload.name, template_id: 'empty', format };
    if (upload.team) query.team = upload.team;
    return await this.rest_.upload('ImportWorkspace', query, body, { signal, on_sent });
  }

  private remove(upload: ProjectUpload): void {
    if (!this.list.includes(upload)) return;
    this.list = this.list.filter((other) => other !== upload);
    this.cancels_.delete(upload);
    this.known_before_.delete(upload);
    this.changed();
  }
}

/** What dropped or chosen files are, and what it is called; undefined when there are none. */
export function project_source(dropped: UploadItem[]): { source: ProjectSource; name: string } | undefined {
  const [first] = dropped;
  if (!first) return undefined;
  const { content, name } = first;
  if (dropped.length === 1 && content instanceof File && !name.includes('/') && archive_format(name) !== undefined)
    return { source: { archive: content }, name: name_without_ending(name) };
  const { folder, items } = split_top_folder(dropped);
  return { source: { files: items }, name: folder ?? base_name(first.name) };
}

export function size_of(source: ProjectSource): number {
  return 'archive' in source ? source.archive.size : total_size(source.files);
}

async function body_of(source: ProjectSource, signal: AbortSignal): Promise<{ body: Blob; format: string }> {
  if ('files' in source) return { body: await folder_archive(source.files, signal), format: 'tar' };
  const format = archive_format(source.archive.name);
  if (!format) throw new BerthError('invalid_argument', t`${source.archive.name} is no archive that can be unpacked.`);
  return { body: source.archive, format };
}

/** The server's word for an archive's format, by the file's name; undefined for anything else. */
export function archive_format(name: string): string | undefined {
  const formats: Record<string, string> = { tgz: 'tar.gz', txz: 'tar.xz', tzst: 'tar.zst' };
  const ending = /\.(zip|tar|tar\.gz|tar\.xz|tar\.zst|tgz|txz|tzst)$/i.exec(name)?.[1]?.toLowerCase();
  return ending && (formats[ending] ?? ending);
}

/** What the workspace is called unless the person says: as the archive or the folder is. */
export function name_without_ending(name: string): string {
  return name.replace(/\.(git|zip|tar(\.\w+)?|t[gx]z|tzst)$/i, '');
}
