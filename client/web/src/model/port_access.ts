// SPDX-License-Identifier: GPL-3.0-or-later
// Who may look at what a workspace's programs serve: each port by itself.
import { sentence_of } from '../connection/berth_error';
import type { RestClient } from '../connection/rest_client';
import { Observable } from './observable';
import { message, type Message } from './translation';

const hour = 3600_000; // ms

export type Access = 'private' | 'people' | 'public';

export const port_words: Record<Access, { name: Message; about: Message }> = {
  private: { name: message('Editors'), about: message('The owner and people who may edit') },
  people: { name: message('Everyone here'), about: message('All people whom the workspace is shared with') },
  public: { name: message('Public'), about: message('Anyone who has the address, without an account') },
};

export class PortAccess extends Observable {
  /** Of ports that are not private. */
  private by_port_: Record<string, string> = {};
  problem = '';
  /** False until the server was asked. */
  known = false;

  constructor(
    private readonly workspace_: string,
    private readonly rest_: RestClient,
    private readonly now_: () => number = Date.now,
  ) {
    super();
  }

  of(port: number): Access {
    const access = this.by_port_[String(port)] ?? 'private';
    return access in port_words ? (access as Access) : 'private';
  }

  async load(): Promise<void> {
    try {
      this.by_port_ = (await this.rest_.call('GetPorts', { parameters: { id: this.workspace_ } })).ports;
      this.known = true;
      this.problem = '';
    } catch (error) {
      this.problem = sentence_of(error);
    }
    this.changed();
  }

  /** Rejects with what the server said; then the port is what it was. */
  async set(port: number, access: Access): Promise<void> {
    try {
      const body = { ports: { [String(port)]: access } };
      this.by_port_ = (await this.rest_.call('UpdatePorts', { parameters: { id: this.workspace_ }, body })).ports;
    } finally {
      this.changed();
    }
  }

  /** An address that shows this port to anybody, for so long. */
  async make_link(port: number, hours: number): Promise<string> {
    const parameters = { id: this.workspace_, port: String(port) };
    const body = { expires: this.now_() + hours * hour };
    return (await this.rest_.call('CreatePortLink', { parameters, body })).url;
  }
}
