// SPDX-License-Identifier: GPL-3.0-or-later
// One end of tests/unit/protocol/histories_across, as history_peer.cpp is the other: `make SEED COUNT` writes random
// concurrent histories, a line of JSON each; `replay COUNT` reads as many and tells the first that comes out differently.
import { once } from 'node:events';
import { argv, exit, stderr, stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline';
import { ConcurrentHistory, type HistoryRecord } from './concurrent_history';
import { random_of } from './random_text';

async function make(seed: number, count: number): Promise<void> {
  const luck = random_of(seed);
  for (let made = 0; made < count; ++made) {
    const line = JSON.stringify(ConcurrentHistory.make(luck));
    if (!stdout.write(`${line}\n`)) await once(stdout, 'drain');
  }
}

async function replay(count: number): Promise<void> {
  let seen = 0;
  for await (const line of createInterface({ input: stdin, crlfDelay: Infinity })) {
    try {
      ConcurrentHistory.replay(JSON.parse(line) as HistoryRecord);
    } catch (error) {
      throw new Error(`history ${seen}: ${String(error)}\n${line}`, { cause: error });
    }
    ++seen;
  }
  if (seen !== count) throw new Error(`${seen} histories came, not ${count}`);
  stdout.write(`${seen} histories came out alike\n`);
}

const [verb, ...numbers] = argv.slice(2);
const [first, second] = numbers.map(Number);
try {
  if (verb === 'make' && first !== undefined && second !== undefined) await make(first, second);
  else if (verb === 'replay' && first !== undefined) await replay(first);
  else throw new Error('history_peer make SEED COUNT | replay COUNT');
} catch (error) {
  stderr.write(`${String(error)}\n`);
  exit(1);
}
