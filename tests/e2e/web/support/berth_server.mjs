// SPDX-License-Identifier: GPL-3.0-or-later
// A real berthd on a free port with a data folder of its own, and its end: SIGTERM and exit 0.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sign_in_natively } from './rest.mjs';

function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this through ctest`);
  return value;
}

export async function start_server(...options) {
  const folder = mkdtempSync(join(tmpdir(), 'berth-e2e-web-'));
  chmodSync(folder, 0o755); // started by root, berthd becomes another user and must reach its data below
  let running = launch_berthd(folder, ['--listen=127.0.0.1:0', '--preview-listen=127.0.0.1:0', ...options]);
  const setup_link = await found(() => /set-up link: (\S+)/.exec(running.output())?.[1], running);
  const origin = new URL(setup_link).origin;
  const port = Number(new URL(origin).port);
  return {
    data: join(folder, 'data'),
    origin,
    port,
    setup_link,
    output: () => running.output(),
    /** Ends berthd and starts it again on the same port and data; `meanwhile` happens in between. */
    async restart(meanwhile) {
      await running.end();
      await meanwhile();
      running = launch_berthd(folder, [`--listen=127.0.0.1:${port}`, '--preview-listen=127.0.0.1:0', ...options]);
      await found(() => /listening on (\S+)/.exec(running.output())?.[1], running);
    },
    /** Stops every workspace of these people (berthd itself leaves them running, for its next start), then ends berthd. */
    async stop(...people) {
      for (const person of people)
        await stop_workspaces(origin, person).catch((error) => console.log(`workspaces left: ${error}`));
      await running.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function stop_workspaces(origin, person) {
  const call = await sign_in_natively(origin, person);
  const { workspaces } = await call('GET', 'workspaces');
  const running = workspaces.filter(({ state }) => state === 'running' || state === 'starting');
  await Promise.all(running.map(({ id }) => call('POST', `workspaces/${id}/stop`)));
}

function launch_berthd(folder, options) {
  const child = spawn(
    needed('BERTH_BERTHD'),
    [
      'serve',
      `--data=${join(folder, 'data')}`,
      `--web=${needed('BERTH_WEB')}`,
      `--runner=${needed('BERTH_RUNNER')}`,
      `--templates=${needed('BERTH_TEMPLATES')}`,
      '--allow-unlimited',
      ...options,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let text = '';
  child.stdout.on('data', (piece) => (text += piece));
  child.stderr.on('data', (piece) => (text += piece));
  const running = {
    ended: false,
    output: () => text,
    async end() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
      const { code, signal } = await exited;
      clearTimeout(timer);
      assert.equal(code, 0, `berthd ended with ${code ?? signal}:\n${text}`);
    },
  };
  const exited = new Promise((resolve) =>
    child.on('exit', (code, signal) => {
      running.ended = true;
      resolve({ code, signal });
    }),
  );
  return running;
}

async function found(look, running) {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline && !running.ended) {
    const value = look();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`berthd did not start:\n${running.output()}`);
}
