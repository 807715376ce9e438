// SPDX-License-Identifier: GPL-3.0-or-later
// A TCP proxy whose connections can be killed, and which can refuse new ones for a while.
import net from 'node:net';

export async function start_proxy(target_port) {
  const open = new Set();
  let refusing = false;
  const server = net.createServer((client) => {
    if (refusing) {
      client.destroy();
      return;
    }
    const upstream = net.connect(target_port, '127.0.0.1');
    const pair = { client, upstream };
    open.add(pair);
    const end = () => {
      open.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
    client.pipe(upstream);
    upstream.pipe(client);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const kill_all = () => {
    for (const { client, upstream } of [...open]) {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    }
    open.clear();
  };
  return {
    origin: `http://localhost:${server.address().port}`,
    /** Every connection breaks now; new ones work. */
    kill_all,
    /** Every connection breaks and none is possible until `restore`. */
    cut() {
      refusing = true;
      kill_all();
    },
    restore() {
      refusing = false;
    },
    stop() {
      kill_all();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
