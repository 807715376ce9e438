// SPDX-License-Identifier: GPL-3.0-or-later
// Whether all that lies in the workspace is stored as a version, as the runner tells it.
import type { WorkspaceConnection } from '../connection/workspace_connection';
import type { WorkspaceStorageParams } from '../protocol/messages';
import { Observable } from './observable';

export class Storage extends Observable {
  /** Undefined until told. */
  now: WorkspaceStorageParams | undefined;

  constructor(connection: WorkspaceConnection) {
    super();
    connection.on('workspace/storage', (now) => {
      this.now = now;
      this.changed();
    });
  }
}
