// SPDX-License-Identifier: GPL-3.0-or-later
// What a document needs from its surroundings: the connection below it, the editor above it.
import type { Run, TextOperation } from '../protocol/text_operation';
import type { Document } from './document';

/**
 * stale: not applied, its base is forgotten; over: its author sent later ones, which are not known here; unknown: nobody
 * here can tell; lost: the connection went.
 */
export type EditAnswer = 'stale' | 'over' | 'unknown' | 'lost' | { version: number } | { refused: string };

/** What a document needs from the connection. */
export interface DocumentWire {
  is_connected(): boolean;
  /** Resolves once `in_flight` is named by what this browser keeps of the document, if it keeps anything. */
  before_sending(document: Document): Promise<void> | undefined;
  edit(params: { document: string; base_version: number; operation_id: string; operation: Run[] }): Promise<EditAnswer>;
  /** Writes to disk now; resolves with a sentence when that failed. */
  save(document: string): Promise<string | undefined>;
  /** Asks for a reopening: changes were missed, or the base is forgotten. */
  reopen(document: Document): void;
}

/** What a document tells its editor to do to the text that it shows. */
export interface DocumentEditor {
  /** Another session's operation, or the disk's. */
  remote(operation: TextOperation): void;
  /** The person's own choice: an undo takes it back by `inverse`. */
  own(operation: TextOperation, inverse: TextOperation): void;
}
