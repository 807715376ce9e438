// SPDX-License-Identifier: GPL-3.0-or-later
// What the workspace's programs listen on.
import type { WorkspaceConnection } from '../connection/workspace_connection';
import type { Port } from '../protocol/messages';
import { Observable } from './observable';

export class Ports extends Observable {
  /** One row a port (a server on 0.0.0.0 and :: is one), by number. */
  all: Port[] = [];

  /** A program began to listen while this page looked. */
  on_new: (port: number) => void = () => {};
  private listed_ = false;

  constructor(connection: WorkspaceConnection) {
    super();
    connection.on('port/changed', ({ ports }) => this.take(ports));
    connection.on_connected(() => {
      connection.request('port/list', {}).then(
        ({ ports }) => {
          this.listed_ = false; // what happened before this page looked is no news
          this.take(ports);
          this.listed_ = true;
        },
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
    const before = this.all;
    this.all = [...by_number.values()].sort((a, b) => a.port - b.port);
    this.changed();
    if (!this.listed_) return;
    for (const { port } of this.all) if (!before.some((known) => known.port === port)) this.on_new(port);
  }
}
