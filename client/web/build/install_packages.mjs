// SPDX-License-Identifier: GPL-3.0-or-later
/* global process */
// npm ci, once for each package-lock.json: several build trees share one node_modules, so a lock keeps them apart.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(web, 'node_modules', '.berth-installed');
const lock = join(web, '.installing');
const wanted = createHash('sha256')
  .update(readFileSync(join(web, 'package-lock.json')))
  .digest('hex');
const stale_lock = 10 * 60_000; // ms; whoever held it is gone

function installed() {
  try {
    return readFileSync(stamp, 'utf8') === wanted;
  } catch {
    return false;
  }
}

function take_lock() {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    if (Date.now() - statSync(lock, { throwIfNoEntry: false })?.mtimeMs > stale_lock)
      rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

while (!installed()) {
  if (!take_lock()) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    continue;
  }
  try {
    if (installed()) break;
    const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: web, stdio: 'inherit' });
    if (status !== 0) process.exit(status ?? 1);
    writeFileSync(stamp, wanted);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}
