// SPDX-License-Identifier: GPL-3.0-or-later
// How far the clone or the unpacking that a workspace begins with has come. The runner tells each window that opens, so a
// reload loses nothing of it.
import type { WorkspaceConnection } from '../connection/workspace_connection';
import type { WorkspaceImportParams } from '../protocol/messages';
import { Observable } from './observable';
import { recall, remember } from './tab_storage';

export class ProjectImport extends Observable {
  /** Undefined while there is none, or once the person has seen its end. */
  now: WorkspaceImportParams | undefined;

  /** `key`: under which `storage` remembers the failure that was read. */
  constructor(
    connection: WorkspaceConnection,
    private readonly key_: string,
    private readonly storage_: Storage | undefined,
  ) {
    super();
    // What went on while the connection was away is told after it; nothing told means that nothing goes on.
    connection.on_connected(() => this.show(undefined));
    connection.on('workspace/import', (now) => {
      if (!now.finished) this.storage_?.removeItem(this.key_);
      const read = now.finished && (now.problem === undefined || now.problem === recall(this.storage_, this.key_));
      this.show(read ? undefined : now);
    });
  }

  /** The person has read why it failed. */
  dismiss(): void {
    if (this.now?.problem !== undefined) remember(this.storage_, this.key_, this.now.problem);
    this.show(undefined);
  }

  private show(now: WorkspaceImportParams | undefined): void {
    this.now = now;
    this.changed();
  }
}
