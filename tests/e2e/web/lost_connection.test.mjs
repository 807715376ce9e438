// SPDX-License-Identifier: GPL-3.0-or-later
// The TCP connection dies under a running terminal and an unsaved edit: both continue and nothing is lost or doubled.
import assert from 'node:assert/strict';
import {
  command,
  editor_shows,
  editor_text,
  focus_editor,
  retype,
  saved_on_disk,
  scenario,
  terminal_shows,
  terminal_text,
} from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';
import { inspect } from './support/looks.mjs';

const stage = use_stage({ proxy: true });

scenario('terminal and edit survive killed connections', async () => {
  const { page, faults } = await stage.new_workspace('Python', 'Rough sea');
  await retype(page, '# kept\n');
  await saved_on_disk(page);

  // A program counts slowly while connections die under it; not a number may be missing or doubled.
  await command(page, 'clear; for i in $(seq 1 200); do echo "n$i"; sleep 0.03; done | tee counted; echo all-done');
  await terminal_shows(page, (text) => /^n\d+$/m.test(text), 'the first numbers');
  assert.doesNotMatch(await terminal_text(page), /^all-done$/m, 'it still counts');
  await focus_editor(page);
  await page.keyboard.press('Control+End');
  let typed = '';
  for (let round = 0; round < 4; ++round) {
    const word = `word${round} `;
    await page.keyboard.type(word);
    typed += word;
    stage.proxy.kill_all();
    await page.keyboard.type('x');
    typed += 'x';
    await page.locator('.connection-state.connected').waitFor();
  }

  // A longer cut: the person sees it and goes on typing.
  stage.proxy.cut();
  await page.getByText('Connection lost.').waitFor();
  await page.keyboard.type('offline ');
  await inspect(page, 'connection-lost-wide-light');
  typed += 'offline ';
  await page.locator('[data-save-state="typing"]').waitFor();
  stage.proxy.restore();
  await page.getByText('Connection lost.').waitFor({ state: 'detached' });
  await saved_on_disk(page);
  await editor_shows(page, (text) => text.includes(typed.trimEnd()), 'everything typed');
  assert.equal((await editor_text(page)).split('offline').length, 2, 'nothing is doubled');

  await terminal_shows(page, (text) => text.includes('all-done'), 'the end of the count');
  const lines = (await terminal_text(page)).split('\n').filter((line) => /^n\d+$/.test(line));
  const first = Number(lines[0].slice(1));
  assert.deepEqual(
    lines,
    Array.from({ length: 200 - first + 1 }, (_, index) => `n${first + index}`),
  );

  // What stands on disk is what was typed, and keys typed into a broken line arrive once.
  stage.proxy.cut();
  await page.getByText('Connection lost.').waitFor();
  await command(page, 'echo once >> keys; cat main.py; echo; wc -l < keys', { key_by_key: true });
  stage.proxy.restore();
  await terminal_shows(page, (text) => text.includes(typed.trimEnd()) && /\n1\n/.test(text), 'the file and one line');
  assert.deepEqual(faults, []);
});

scenario('more output than is kept is repainted, and the shell goes on', async () => {
  const { page, faults } = await stage.open_workspace('Rough sea');
  await command(page, 'clear; sleep 1; seq 1000000 1600000; echo flood-over');
  await terminal_shows(page, (text) => !text.includes('Rough'), 'a cleared screen');
  stage.proxy.cut();
  await page.getByText('Connection lost.').waitFor();
  // The flood needs credit to go on: the runner keeps the newest part of it while nobody takes it.
  await page.waitForTimeout(1500);
  stage.proxy.restore();
  await page.locator('.connection-state.connected').waitFor();
  await terminal_shows(page, (text) => /1600000\nflood-over\n.*[$#] ?$/m.test(text.trimEnd()), 'the end of the flood');
  await command(page, 'echo and $((40 + 2))');
  await terminal_shows(page, (text) => text.includes('and 42'), 'the next command');
  assert.deepEqual(faults, []);
});
