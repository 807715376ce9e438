// SPDX-License-Identifier: GPL-3.0-or-later
// A TCP proxy whose connections can be killed, which can refuse new ones for a while, and which can be slow.
import net from 'node:net';

export async function start_proxy(target_port) {
  const open = new Set();
  let refusing = false;
  let each_way = 0; // ms
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
    carry(client, upstream, () => each_way);
    carry(upstream, client, () => each_way);
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
    /** So many ms pass until what was sent arrives. */
    set_delay(milliseconds) {
      each_way = milliseconds;
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

/** In order, each piece after the delay that held when it came; a slow reader slows the sender. */
function carry(from, to, delay) {
  let due = 0;
  from.on('data', (piece) => {
    due = Math.max(due, Date.now() + delay());
    const arrive = () => {
      if (to.destroyed || to.write(piece)) return;
      from.pause();
      to.once('drain', () => from.resume());
    };
    if (due <= Date.now()) arrive();
    else setTimeout(arrive, due - Date.now());
  });
  from.on('end', () => setTimeout(() => to.end(), Math.max(0, due - Date.now())));
}
