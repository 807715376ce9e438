// SPDX-License-Identifier: GPL-3.0-or-later
// What a person does to files: create, rename, delete with undo, upload of any size in constant memory.
import { BerthError } from '../connection/berth_error';
import type { WorkspaceConnection } from '../connection/workspace_connection';
import { SendWindow } from '../protocol/flow_window';
import { t } from './translation';

const upload_frame = 64 << 10; // bytes; small enough that keys pass between two of them

export class FileActions {
  constructor(private readonly connection_: WorkspaceConnection) {}

  async create_file(path: string): Promise<void> {
    await this.write(path, new Blob([]), '', () => {});
  }
  async create_directory(path: string): Promise<void> {
    await this.connection_.request('file/create_directory', { path });
  }
  async rename(from: string, to: string): Promise<void> {
    await this.connection_.request('file/rename', { from, to });
  }
  async copy(from: string, to: string): Promise<void> {
    await this.connection_.request('file/copy', { from, to });
  }
  /** The trash's name for `undelete`. */
  async remove(path: string): Promise<string | undefined> {
    return (await this.connection_.request('file/delete', { path })).trash;
  }
  async undelete(trash: string): Promise<string> {
    return (await this.connection_.request('file/undelete', { trash })).path;
  }

  /**
   * Streams `content` to `path` as credit allows. `expected_etag` "" refuses to replace a file; undefined replaces.
   * Rejects with already_exists or conflict when it may not, and with unavailable when the connection drops: the old file
   * stays then.
   */
  async write(
    path: string,
    content: Blob,
    expected_etag: string | undefined,
    on_sent: (bytes: number) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const channels = this.connection_.channels;
    const { channel, limit } = await this.connection_.request('file/write', {
      path,
      ...(expected_etag === undefined ? {} : { expected_etag }),
    });
    const window = new SendWindow(0, limit);
    let wake: () => void = () => {};
    let broken: BerthError | undefined;
    const check = () => {
      if (broken) throw broken;
    };
    const stop = (error: BerthError) => {
      broken = error;
      wake();
    };
    channels.open(channel, {
      on_credit: (granted) => {
        window.on_credit(granted);
        wake();
      },
      on_abort: () => stop(new BerthError('unavailable', t('The upload was interrupted. Try it again.'))),
    });
    const cancel = () => stop(new BerthError('cancelled', t('The upload was cancelled.')));
    signal?.addEventListener('abort', cancel);
    try {
      while (window.sent() < content.size) {
        while (window.available() === 0 && !broken) await new Promise<void>((resolve) => (wake = resolve));
        check();
        const bytes = Math.min(upload_frame, window.available(), content.size - window.sent());
        const piece = await content.slice(window.sent(), window.sent() + bytes).arrayBuffer();
        check();
        channels.send_data(channel, window.sent(), new Uint8Array(piece));
        window.on_sent(bytes);
        on_sent(window.sent());
      }
      channels.send_end(channel, content.size);
      await this.connection_.request('file/commit', { channel, size: content.size });
    } catch (error) {
      if (broken?.code === 'cancelled') channels.send_abort(channel);
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
      channels.close(channel);
    }
  }
}
