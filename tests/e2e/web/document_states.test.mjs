// SPDX-License-Identifier: GPL-3.0-or-later
// How safe a text is, as the person sees it; and how soon they see what a program did to its file.
import assert from 'node:assert/strict';
import {
  command,
  editor_shows,
  eventually,
  focus_editor,
  retype,
  saved_on_disk,
  scenario,
  terminal_shows,
} from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage();

/** In the page: notes each state of the shown document, in order, from now on. */
function note_states() {
  const shown = () => document.querySelector('[data-save-state]')?.dataset.saveState;
  window.states = [shown()];
  new MutationObserver(() => {
    if (shown() !== window.states.at(-1)) window.states.push(shown());
  }).observe(document.querySelector('.status-bar'), { subtree: true, childList: true, attributes: true });
}

scenario('typed, journalled, on disk: each shows, in this order', async () => {
  const { page, context, faults } = await stage.new_workspace('Python', 'Clear');
  await retype(page, 'begin\n');
  await saved_on_disk(page);
  await page.evaluate(note_states);
  await focus_editor(page);
  await page.keyboard.type('x');
  await eventually(
    async () => (await page.evaluate(() => window.states)).join(' ') === 'on_disk typing journalled on_disk',
    async () => `the states in turn; there were ${await page.evaluate(() => window.states)}`,
  );
  await page.getByText(/^Saved ✓ (on disk|stored)$/).waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

scenario('what a program writes into an open file shows soon', async () => {
  const { page, context, faults } = await stage.open_workspace('Clear');
  await retype(page, Array.from({ length: 30 }, (_, line) => `line ${line}`).join('\n'));
  await saved_on_disk(page);
  await page.keyboard.press('Control+Home'); // where the words will be
  // Each word with the time at which its writing ended, on the clock that the page has too.
  await page.evaluate(() => {
    window.seen = {};
    const look = () => {
      const text = document.querySelector('.editor-host .view-lines').textContent;
      for (const [word] of text.matchAll(/word-\d/g)) window.seen[word] ??= Date.now();
    };
    new MutationObserver(look).observe(document.querySelector('.editor-host .view-lines'), {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  const program = [
    'import time',
    'for i in range(8):',
    '    lines = open("main.py").read().splitlines()',
    '    lines[i + 2] = f"word-{i}"',
    '    with open("main.py", "w") as file: file.write(chr(10).join(lines))',
    '    print(f"wrote-{i}={int(time.time() * 1000)}", flush=True)',
    '    time.sleep(1.2)',
    'print("al" + "l")',
  ];
  await command(
    page,
    `clear; printf '%s\\n' ${program.map((line) => `'${line}'`).join(' ')} > ../write.py; python3 ../write.py`,
  );
  await terminal_shows(page, (text) => /^all$/m.test(text), 'the program’s end');
  await editor_shows(page, (text) => text.includes('word-7'), 'the last word');
  let written = {};
  await terminal_shows(
    page,
    (text) => {
      written = Object.fromEntries(
        [...text.matchAll(/^wrote-(\d)=(\d+)$/gm)].map((found) => [found[1], Number(found[2])]),
      );
      return Object.keys(written).length === 8;
    },
    'all times',
  );
  const seen = await page.evaluate(() => window.seen);
  const took = Object.entries(written).map(([index, at]) => seen[`word-${index}`] - at);
  console.log(`from the end of writing to the page: ${took.join(', ')} ms`);
  assert.ok(took.every(Number.isFinite), JSON.stringify({ written, seen }));
  const middle = took.toSorted((a, b) => a - b)[took.length >> 1];
  // The goal is 200 ms, to the page: read it from the line above on an idle machine. Here other tests run beside, so that only
  // what stands still fails; the way to the client's connection is held to 200 ms by tests/integration/runner/disk_change_test.
  assert.ok(middle < 2000, `half of them took longer than ${middle} ms`);
  assert.deepEqual(faults, []);
  await context.close();
});
