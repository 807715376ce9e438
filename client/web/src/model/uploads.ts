// SPDX-License-Identifier: GPL-3.0-or-later
// Files on their way into the workspace, one after the other, with progress; asks before it replaces anything.
import { has_code, sentence_of } from '../connection/berth_error';
import type { FileActions } from './file_actions';
import { Observable } from './observable';
import { join_path } from './paths';

export interface UploadItem {
  /** Below the target directory, with the folders of a dropped folder. */
  name: string;
  content: Blob;
  /** An empty folder. */
  folder?: boolean;
}

export interface Upload {
  path: string;
  content: Blob;
  folder: boolean;
  sent: number;
  state: 'waiting' | 'sending' | 'done' | 'exists' | 'failed' | 'skipped';
  problem: string;
}

export class Uploads extends Observable {
  list: Upload[] = [];
  private working_ = false;
  private cancel_ = new AbortController();

  constructor(private readonly actions_: FileActions) {
    super();
  }

  add(directory: string, items: UploadItem[]): void {
    for (const { name, content, folder = false } of items) {
      this.list.push({ path: join_path(directory, name), content, folder, sent: 0, state: 'waiting', problem: '' });
    }
    this.changed();
    void this.work();
  }

  /** The answer for files that are there already. */
  resolve_existing(replace: boolean): void {
    for (const upload of this.list) {
      if (upload.state === 'exists') upload.state = replace ? 'waiting' : 'skipped';
      if (replace && upload.state === 'waiting') upload.problem = 'replace';
    }
    this.changed();
    void this.work();
  }

  cancel(): void {
    for (const upload of this.list)
      if (upload.state === 'waiting' || upload.state === 'exists') upload.state = 'skipped';
    this.cancel_.abort();
    this.cancel_ = new AbortController();
    this.changed();
  }

  retry_failed(): void {
    for (const upload of this.list) if (upload.state === 'failed') upload.state = 'waiting';
    this.changed();
    void this.work();
  }

  /** Takes away what is done, failed or unanswered. */
  clear_settled(): void {
    this.list = this.list.filter((upload) => upload.state === 'waiting' || upload.state === 'sending');
    this.changed();
  }

  private async work(): Promise<void> {
    if (this.working_) return;
    this.working_ = true;
    for (;;) {
      const next = this.list.find((upload) => upload.state === 'waiting');
      if (!next) break;
      await this.send(next);
    }
    this.working_ = false;
  }

  private async send(upload: Upload): Promise<void> {
    const replace = upload.problem === 'replace';
    upload.state = 'sending';
    upload.sent = 0;
    upload.problem = '';
    this.changed();
    try {
      if (upload.folder) await this.make_folder(upload.path);
      else await this.write(upload, replace);
      upload.state = 'done';
    } catch (error) {
      if (!replace && has_code(error, 'already_exists', 'conflict')) {
        upload.state = 'exists';
      } else {
        upload.state = has_code(error, 'cancelled') ? 'skipped' : 'failed';
        upload.problem = sentence_of(error);
      }
    }
    this.changed();
  }

  private write(upload: Upload, replace: boolean): Promise<void> {
    const on_sent = (sent: number) => {
      upload.sent = sent;
      this.changed();
    };
    return this.actions_.write(upload.path, upload.content, replace ? undefined : '', on_sent, this.cancel_.signal);
  }

  /** One that is there already is as good. */
  private async make_folder(path: string): Promise<void> {
    try {
      await this.actions_.create_directory(path);
    } catch (error) {
      if (!has_code(error, 'already_exists', 'conflict')) throw error;
    }
  }
}
