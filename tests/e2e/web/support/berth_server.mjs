// SPDX-License-Identifier: GPL-3.0-or-later
// A real berthd on a free port with a data folder of its own, and its end: SIGTERM and exit 0.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this through ctest`);
  return value;
}

export async function start_server(...options) {
  const data = mkdtempSync(join(tmpdir(), 'berth-e2e-'));
  chmodSync(data, 0o755); // started by root, berthd becomes another user and must reach its data below
  const child = spawn(
    needed('BERTH_BERTHD'),
    [
      'serve',
      '--listen=127.0.0.1:0',
      '--preview-listen=127.0.0.1:0',
      `--data=${join(data, 'data')}`,
      `--web=${needed('BERTH_WEB')}`,
      `--runner=${needed('BERTH_RUNNER')}`,
      `--templates=${needed('BERTH_TEMPLATES')}`,
      '--allow-unlimited',
      ...options,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (output += text));
  const exited = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
  const setup_link = await found(
    () => /set-up link: (\S+)/.exec(output)?.[1],
    exited,
    () => output,
  );
  const origin = new URL(setup_link).origin;
  return {
    origin,
    port: Number(new URL(origin).port),
    setup_link,
    output: () => output,
    /** Ends berthd; a test fails when it does not end well. */
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
      const { code, signal } = await exited;
      clearTimeout(timer);
      rmSync(data, { recursive: true, force: true });
      assert.equal(code, 0, `berthd ended with ${code ?? signal}:\n${output}`);
    },
  };
}

async function found(look, exited, output) {
  const deadline = Date.now() + 20_000;
  let ended = false;
  void exited.then(() => (ended = true));
  while (Date.now() < deadline && !ended) {
    const value = look();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`berthd did not start:\n${output()}`);
}
