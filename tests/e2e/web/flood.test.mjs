// SPDX-License-Identifier: GPL-3.0-or-later
// A terminal that floods: the page stays alive, Ctrl-C answers at once, and what follows the flood is whole.
import assert from 'node:assert/strict';
import { command, scenario, terminal_shows } from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage();

/** In the page: the longest time without a turn for anything else, and what the heap has grown by. */
async function alive_for(milliseconds) {
  const heap = () => performance.memory.usedJSHeapSize;
  const before = heap();
  const began = performance.now();
  let longest = 0;
  for (let last = began; last - began < milliseconds;) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }
  return { longest, grown: heap() - before };
}

/** One flood and its end by Ctrl-C: the page's longest pause, and how long the prompt took, in ms. */
async function flooded(page) {
  await command(page, 'clear; yes "$(printf %0200d 7)"');
  await terminal_shows(page, (text) => /0{100}/.test(text), 'the flood');
  // Long enough for an unbounded queue to grow by tens of megabytes, and for a page that can't keep up to stand still.
  const { longest, grown } = await page.evaluate(alive_for, 3000);
  console.log(`longest pause of the page: ${Math.round(longest)} ms, heap: ${Math.round(grown / 1e6)} MB more`);
  assert.ok(grown < 100e6, `the heap grew by ${grown} bytes`);
  const began = Date.now();
  await page.keyboard.press('Control+C');
  await terminal_shows(page, (text) => /\^C\n.*[$#] ?$/m.test(text.trimEnd()), 'a prompt after ^C');
  const took = Date.now() - began;
  console.log(`Ctrl-C to prompt: ${took} ms`);
  return { longest, took };
}

scenario('Ctrl-C ends a flood at once', async () => {
  const { page, faults } = await stage.new_workspace('Python', 'Flood');
  // Up to three floods, the best one counts: a busy machine is slow now and then, a fault always.
  let best = { longest: Infinity, took: Infinity };
  for (let round = 0; round < 3 && (best.longest >= 1000 || best.took >= 2000); ++round) best = await flooded(page);
  assert.ok(best.longest < 1000, `the page stood still for ${best.longest} ms`);
  assert.ok(best.took < 2000, `Ctrl-C took ${best.took} ms`);
  await command(page, 'clear; seq 100000 | sha256sum; seq 100000 | tail -1');
  await terminal_shows(page, (text) => /^100000$/m.test(text), 'the next command’s end');
  assert.deepEqual(faults, []);
});

scenario('a second terminal answers while the first floods', async () => {
  const { page } = await stage.open_workspace('Flood');
  await command(page, 'yes flooding');
  await terminal_shows(page, (text) => text.includes('flooding\nflooding'), 'the flood');
  await page.getByRole('button', { name: 'New terminal' }).click();
  await terminal_shows(
    page,
    (text) => /[$#] ?$/m.test(text) && !text.includes('flooding\nflooding'),
    'a prompt of its own',
  );
  await command(page, 'echo $((6 * 7)) answered');
  await terminal_shows(page, (text) => text.includes('42 answered'), 'the answer');
  // Closing the flooding one leaves the other alone.
  await page
    .getByRole('button', { name: /^Close terminal/ })
    .first()
    .click();
  await command(page, 'echo still $((6 * 7))');
  await terminal_shows(page, (text) => text.includes('still 42'), 'the answer after the other was closed');
});
