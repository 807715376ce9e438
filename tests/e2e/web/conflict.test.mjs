// SPDX-License-Identifier: GPL-3.0-or-later
// Two writers at once: the later one keeps the typed text and chooses.
import assert from 'node:assert/strict';
import { editor_shows, editor_text, focus_editor, retype, saved_on_disk, scenario } from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';
import { inspect } from './support/looks.mjs';

const stage = use_stage({ proxy: true });

/** One types while cut off, the other meanwhile; both at the same place. */
async function collide(mine, theirs, my_words, their_words) {
  stage.proxy.cut();
  await mine.getByText('Connection lost.').waitFor();
  await focus_editor(mine);
  await mine.keyboard.press('Control+End');
  await mine.keyboard.type(my_words);
  await focus_editor(theirs);
  await theirs.keyboard.press('Control+End');
  await theirs.keyboard.type(their_words);
  await saved_on_disk(theirs);
  stage.proxy.restore();
  await mine.getByText('changed elsewhere while you were typing').waitFor();
}

scenario('a text typed while another wrote is kept until the person chooses', async () => {
  const mine = await stage.new_workspace('Python', 'Contested');
  await retype(mine.page, 'start');
  await saved_on_disk(mine.page);
  const theirs = await stage.open_workspace('Contested', { origin: stage.server.origin });

  // Compare, then keep mine.
  await collide(mine.page, theirs.page, ' mine', ' theirs');
  assert.match(await editor_text(mine.page), /^start mine/);
  await inspect(mine.page, 'conflict-wide-light');
  await mine.page.getByRole('button', { name: 'Compare' }).click();
  const dialog = mine.page.getByRole('dialog');
  await dialog.getByText('start theirs').first().waitFor();
  await dialog.getByText('start mine').first().waitFor();
  await inspect(mine.page, 'compare-wide-light');
  await dialog.getByRole('button', { name: 'Keep mine' }).click();
  await editor_shows(theirs.page, (text) => /^start mine/.test(text), 'my text');
  await saved_on_disk(mine.page);

  // Take theirs: mine is one undo away.
  await collide(mine.page, theirs.page, ' again', ' other');
  await mine.page.getByRole('button', { name: 'Take theirs' }).click();
  await editor_shows(mine.page, (text) => /^start mine other/.test(text), 'their text');
  await focus_editor(mine.page);
  await mine.page.keyboard.press('Control+Z');
  await editor_shows(mine.page, (text) => /^start mine again/.test(text), 'my text after an undo');
  await editor_shows(theirs.page, (text) => /^start mine again/.test(text), 'the undo in the other window');
  assert.deepEqual([...mine.faults, ...theirs.faults], []);
});
