// SPDX-License-Identifier: GPL-3.0-or-later
// What the runner tells of a document besides its text: its file, how that is written, who may change it, what of it is safe.
import type {
  DocumentOpenResult,
  DocumentStateParams,
  Encoding,
  LineEnding,
  ReadOnlyReason,
} from '../protocol/messages';
import { Observable } from './observable';

export class DocumentFile extends Observable {
  path!: string;
  encoding!: Encoding;
  line_ending!: LineEnding;
  read_only!: boolean;
  reason: ReadOnlyReason | undefined;
  /** There is no such file now. */
  deleted = false;
  /** Why the text can't be written to disk, or why an edit was refused. */
  problem: string | undefined;
  conflict_copy: string | undefined;
  /** The newest version that the file has, and that a stored version has. */
  protected disk_version_!: number;
  protected stored_version_: number | undefined;

  constructor(opened: DocumentOpenResult) {
    super();
    this.take_opened(opened);
  }

  /** document/state */
  on_state(state: DocumentStateParams): void {
    this.path = state.path;
    this.encoding = state.encoding;
    this.line_ending = state.line_ending;
    this.read_only = state.read_only;
    if (!state.read_only) this.reason = undefined;
    this.deleted = state.deleted;
    this.problem = state.problem;
    this.conflict_copy = state.conflict_copy;
    this.disk_version_ = state.disk_version;
    this.stored_version_ = state.stored_version;
    this.changed();
  }

  /** Opened anew: what was told before is over. */
  protected take_opened(opened: DocumentOpenResult): void {
    this.path = opened.path;
    this.encoding = opened.encoding;
    this.line_ending = opened.line_ending;
    this.read_only = opened.read_only;
    this.reason = opened.reason;
    this.disk_version_ = opened.disk_version;
    this.stored_version_ = undefined;
    this.deleted = opened.etag === '';
    this.problem = undefined;
  }
}
