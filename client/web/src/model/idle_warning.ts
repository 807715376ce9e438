// SPDX-License-Identifier: GPL-3.0-or-later
// What the runner and the server want the person to know: above all that the workspace is about to stop.
import type { WorkspaceConnection } from '../connection/workspace_connection';
import type { Notices } from './notices';
import { Observable } from './observable';

export class IdleWarning extends Observable {
  text = '';
  /** Unix ms; undefined: no warning. */
  stops_at: number | undefined;

  constructor(connection: WorkspaceConnection, notices: Notices) {
    super();
    connection.on('session/notice', ({ kind, text, seconds_left }) => {
      if (kind === 'idle_warning') {
        this.text = text;
        this.stops_at = Date.now() + (seconds_left ?? 120) * 1000;
        this.changed();
      } else if (kind === 'resource') {
        notices.problem(text);
      } else {
        notices.show(text);
      }
    });
  }

  clear(): void {
    if (this.stops_at === undefined) return;
    this.stops_at = undefined;
    this.changed();
  }
}
