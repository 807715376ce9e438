// SPDX-License-Identifier: GPL-3.0-or-later
// How far the clone or the unpacking that a workspace begins with has come.
import type { WorkspaceConnection } from '../connection/workspace_connection';
import type { WorkspaceImportParams } from '../protocol/messages';
import { Observable } from './observable';

export class ProjectImport extends Observable {
  /** Undefined while there is none, or once the person has seen its end. */
  now: WorkspaceImportParams | undefined;

  constructor(connection: WorkspaceConnection) {
    super();
    connection.on('workspace/import', (now) => {
      this.now = now.finished && now.problem === undefined ? undefined : now;
      this.changed();
    });
  }

  dismiss(): void {
    this.now = undefined;
    this.changed();
  }
}
