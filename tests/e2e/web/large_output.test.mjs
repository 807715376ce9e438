// SPDX-License-Identifier: GPL-3.0-or-later
// A large file on a terminal in the page: shown to its end, while the page answers and keeps no more of it than the screen
// and its scrollback. In `packaging/dev soak` it is a gigabyte; BERTH_SOAK=N takes so many megabytes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { command, eventually, scenario, terminal_shows, terminal_text } from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage();
const asked = Number(process.env.BERTH_SOAK ?? 0);
const megabytes = asked === 0 ? 12 : asked === 1 ? 1000 : asked;
const patience = 60_000 + megabytes * 3_000; // ms
const most_heap = 100e6; // bytes more, of the page's script: what is not collected yet
const most_process = 256e6; // bytes more, of the process that the page lives in: so much Chromium takes before it gives back

/** In the page, from now on: the longest time in which nothing else had a turn. */
function watch_turns() {
  let last = performance.now();
  window.longest_turn = 0;
  const look = () => {
    const now = performance.now();
    window.longest_turn = Math.max(window.longest_turn, now - last);
    last = now;
    setTimeout(look, 10);
  };
  look();
}

/** What the page holds: its script's heap, and the memory of the process that it lives in. */
async function memory_of(page) {
  const metrics = await page.context().newCDPSession(page);
  const system = await page.context().browser().newBrowserCDPSession();
  await metrics.send('Performance.enable');
  /** Renderers, the largest: the others are the browser's spare ones. */
  const resident = async () => {
    const { processInfo } = await system.send('SystemInfo.getProcessInfo');
    const sizes = processInfo
      .filter(({ type }) => type === 'renderer')
      .map(
        ({ id }) => Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0) * 1024,
      );
    return Math.max(...sizes);
  };
  return async ({ collected = false } = {}) => {
    if (collected) await metrics.send('HeapProfiler.collectGarbage');
    const { metrics: all } = await metrics.send('Performance.getMetrics');
    const value = (name) => all.find((metric) => metric.name === name).value;
    return { heap: value('JSHeapUsedSize'), nodes: value('Nodes'), resident: await resident() };
  };
}

scenario(`${megabytes} MB are shown to their end, and the page lives`, async () => {
  const { page, faults } = await stage.new_workspace('Python', 'Neap tide');
  // Caches are not stored: the server has nothing to do with the file.
  await command(
    page,
    `clear; mkdir -p ~/.cache; yes "$(printf %090d 7)" | head -c ${megabytes * 1_000_000} > ~/.cache/large; echo made=$?`,
  );
  await eventually(async () => /^made=0$/m.test(await terminal_text(page)), 'the file made', patience);
  // What a full scrollback takes is no growth: it is there before anything is measured.
  await command(page, 'clear; seq -f %090.0f 12000; echo warm=$?');
  await terminal_shows(page, (text) => /^warm=0$/m.test(text), 'a full scrollback');

  const memory = await memory_of(page);
  const before = await memory({ collected: true });
  await page.evaluate(watch_turns);
  const began = Date.now();
  await command(page, 'clear; cat ~/.cache/large; echo over=$?');
  const samples = [before];
  let shown = false;
  while (!shown) {
    assert.ok(Date.now() - began < patience, `not over after ${patience} ms`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    samples.push(await memory());
    shown = await page
      .locator('.terminal-place .xterm-rows')
      .evaluate((rows) => [...rows.children].some((row) => row.textContent.trimEnd().endsWith('over=0')));
  }
  const took = Date.now() - began;
  const longest = await page.evaluate(() => window.longest_turn);
  const after = await memory({ collected: true });
  const most = (what, from = 0, to = 1) =>
    Math.max(...samples.slice(from * samples.length, Math.ceil(to * samples.length)).map((sample) => sample[what]));
  const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  console.log(
    `${megabytes} MB in ${took} ms; longest turn ${Math.round(longest)} ms; heap ${mb(before.heap)}, at most ` +
      `${mb(most('heap'))}, in the end ${mb(after.heap)}; process ${mb(before.resident)}, at most ` +
      `${mb(most('resident', 0, 0.5))} in the first half and ${mb(most('resident', 0.5))} in the second`,
  );
  assert.ok(longest < 1000, `the page stood still for ${longest} ms`);
  assert.ok(most('heap') - before.heap < most_heap, `the heap grew by ${mb(most('heap') - before.heap)}`);
  const grown = most('resident') - before.resident;
  assert.ok(grown < most_process, `the process grew by ${mb(grown)}`);
  // However long it goes on: what it takes it has taken by the middle.
  const later = most('resident', 0.5) - most('resident', 0, 0.5);
  if (samples.length > 40) assert.ok(later < 64e6, `the process goes on growing: by ${mb(later)} in the second half`);
  assert.ok(after.heap - before.heap < 20e6, `${mb(after.heap - before.heap)} stayed`);
  assert.ok(after.nodes - before.nodes < 2000, `${after.nodes - before.nodes} nodes stayed`);

  // Keys were answered all the while and are still.
  await command(page, 'clear; echo still $((6 * 7))');
  await terminal_shows(page, (text) => text.includes('still 42'), 'the shell');
  assert.deepEqual(faults, []);
});
