// SPDX-License-Identifier: GPL-3.0-or-later
// What the workspace's programs listen on.
import type { WorkspaceConnection } from '../connection/workspace_connection';
import type { Port } from '../protocol/messages';
import { Observable } from './observable';

export class Ports extends Observable {
  /** One row a port (a server on 0.0.0.0 and :: is one), by number. */
  all: Port[] = [];

  constructor(connection: WorkspaceConnection) {
    super();
    connection.on('port/changed', ({ ports }) => this.take(ports));
    connection.on_connected(() => {
      connection.request('port/list', {}).then(
        ({ ports }) => this.take(ports),
        () => {
          // Lost again: the next connection asks again.
        },
      );
    });
  }

  is_listening(port: number): boolean {
    return this.all.some((known) => known.port === port);
  }

  private take(ports: Port[]): void {
    const by_number = new Map<number, Port>();
    for (const port of ports) if (!by_number.has(port.port)) by_number.set(port.port, port);
    this.all = [...by_number.values()].sort((a, b) => a.port - b.port);
    this.changed();
  }
}
