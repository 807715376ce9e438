// SPDX-License-Identifier: GPL-3.0-or-later
// What was typed without a connection and meets another's text at one place is kept until the person chooses: mine, theirs
// or both. What only one side changed stands whatever is chosen.
import assert from 'node:assert/strict';
import { editor_shows, editor_text, focus_editor, retype, saved_on_disk, scenario } from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';
import { inspect, inspect_everywhere } from './support/looks.mjs';

const stage = use_stage({ proxy: true });
const long_enough = 3500; // ms: a shorter outage is merged without a question

async function type_at_the_end(page, words) {
  await focus_editor(page);
  await page.keyboard.press('Control+End');
  await page.keyboard.type(words);
}

/** One types while cut off, the other meanwhile; both at the same place. */
async function collide(mine, theirs, my_words, their_words) {
  stage.proxy.cut();
  await mine.getByText('Connection lost.').waitFor();
  await type_at_the_end(mine, my_words);
  await mine.getByText('Offline: your typing is kept in this browser (1 change).').waitFor();
  await type_at_the_end(theirs, their_words);
  await saved_on_disk(theirs);
  await mine.waitForTimeout(long_enough);
  stage.proxy.restore();
  await mine.getByText('changed elsewhere while you were typing').waitFor();
}

scenario('a text typed offline while another wrote is kept until the person chooses', async () => {
  const mine = await stage.new_workspace('Python', 'Contested');
  await retype(mine.page, 'start');
  await saved_on_disk(mine.page);
  const theirs = await stage.open_workspace('Contested', { origin: stage.server.origin });
  await editor_shows(theirs.page, (text) => text.startsWith('start'), 'the text');

  // Compare, then keep mine.
  await collide(mine.page, theirs.page, ' mine', ' theirs');
  assert.match(await editor_text(mine.page), /^start mine/);
  await inspect_everywhere(mine.page, 'conflict');
  await mine.page.getByRole('button', { name: 'Compare' }).click();
  const dialog = mine.page.getByRole('dialog');
  await dialog.getByText('start theirs').first().waitFor();
  await dialog.getByText('start mine').first().waitFor();
  await inspect(mine.page, 'compare-wide-light');
  await dialog.getByRole('button', { name: 'Keep mine' }).click();
  await editor_shows(theirs.page, (text) => /^start mine\s*$/.test(text), 'my text');
  await saved_on_disk(mine.page);

  // Take theirs: mine is one undo away.
  await collide(mine.page, theirs.page, ' again', ' other');
  await mine.page.getByRole('button', { name: 'Take theirs' }).click();
  await editor_shows(mine.page, (text) => /^start mine other\s*$/.test(text), 'their text');
  await focus_editor(mine.page);
  await mine.page.keyboard.press('Control+Z');
  await editor_shows(mine.page, (text) => text.includes('again') && text.includes('other'), 'my text after an undo');
  await editor_shows(theirs.page, (text) => text.includes('again'), 'the undo in the other window');
  await mine.page.keyboard.press('Control+Y');
  await editor_shows(theirs.page, (text) => /^start mine other\s*$/.test(text), 'the undo taken back');
  await saved_on_disk(mine.page);

  // Both.
  await collide(mine.page, theirs.page, ' left', ' right');
  await mine.page.getByRole('button', { name: 'Keep both' }).click();
  for (const { page } of [mine, theirs])
    await editor_shows(page, (text) => text.includes(' left') && text.includes(' right'), 'both texts');
  await saved_on_disk(mine.page);
  assert.equal(await editor_text(mine.page), await editor_text(theirs.page));
  assert.deepEqual([...mine.faults, ...theirs.faults], []);
});
