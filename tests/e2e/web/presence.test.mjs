// SPDX-License-Identifier: GPL-3.0-or-later
// Two windows in one workspace see each other: carets with names, selections, who looks at what; one follows the other and
// jumps to them.
import assert from 'node:assert/strict';
import {
  command,
  editor_shows,
  eventually,
  focus_editor,
  open_file,
  retype,
  saved_on_disk,
  scenario,
} from './support/browser.mjs';
import { inspect, inspect_everywhere } from './support/looks.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage();
const other = 'Ada Lovelace (you, another window)';

/** Of the others' carets in view: where they are, with the line's text. */
function remote_carets(page) {
  return page.locator('.editor-host .remote-caret').evaluateAll((carets) =>
    carets.map((caret) => {
      const { left, top, height } = caret.getBoundingClientRect();
      const line = caret.closest('.view-line')?.textContent ?? '';
      return { left, top, height, line: line.replaceAll('\u00a0', ' ') };
    }),
  );
}
async function caret_on(page, text) {
  await eventually(
    async () => (await remote_carets(page)).some(({ line, height }) => line.includes(text) && height > 5),
    async () => `a caret on "${text}"; there are ${JSON.stringify(await remote_carets(page))}`,
  );
}

scenario('two windows see, follow and find each other', async () => {
  const one = await stage.new_workspace('Python', 'Together');
  assert.equal(await one.page.getByRole('group', { name: 'People' }).count(), 0, 'alone there is nobody to show');
  const two = await stage.open_workspace('Together');
  const person = one.page.getByRole('button', { name: new RegExp(`^${other.replaceAll(/[()]/g, '\\$&')}`) });
  await person.waitFor();
  await one.page.getByRole('button', { name: 'People here: 2' }).waitFor();

  // A caret with a name, moving as the other one moves, and with what is typed here.
  await retype(one.page, 'first = 1\nsecond = 2\nthird = 3\n');
  await editor_shows(two.page, (text) => text.includes('third'), 'the shared text');
  await focus_editor(two.page);
  await two.page.keyboard.press('Control+Home');
  await two.page.keyboard.press('ArrowDown');
  await caret_on(one.page, 'second = 2');
  assert.equal(await one.page.locator('.remote-name').textContent(), other);
  await focus_editor(one.page);
  await one.page.keyboard.press('Control+Home');
  await one.page.keyboard.type('zeroth = 0\n');
  await caret_on(one.page, 'second = 2');
  await two.page.keyboard.press('Shift+End');
  await one.page.locator('.editor-host .remote-selection').first().waitFor();
  await saved_on_disk(one.page);
  await inspect(one.page, 'presence');

  // Who looks at what, by the list alone.
  await one.page.getByRole('button', { name: 'People here: 2' }).click();
  const list = one.page.getByRole('dialog', { name: 'People here' });
  await list.getByText('Ada Lovelace (you)', { exact: true }).waitFor();
  await list.getByText('Owner · main.py, in terminal').first().waitFor();
  await inspect_everywhere(one.page, 'people');
  await one.page.keyboard.press('Escape');
  await list.waitFor({ state: 'detached' });

  // Following: the other's file and lines show here.
  await command(two.page, 'seq 1 400 > numbers.txt');
  await person.click();
  await one.page.getByRole('menuitem', { name: 'Follow' }).click();
  const bar = one.page.getByRole('status').filter({ hasText: 'Following' });
  await bar.waitFor();
  await open_file(two.page, 'numbers.txt');
  await focus_editor(two.page);
  await two.page.keyboard.press('Control+End');
  await one.page.getByRole('tab', { name: 'numbers.txt', selected: true }).waitFor();
  await editor_shows(one.page, (text) => /^399$/m.test(text), 'the end of the file');
  await bar.getByText('numbers.txt').waitFor();
  await inspect_everywhere(one.page, 'following');
  await two.page.keyboard.press('Control+Home');
  await editor_shows(one.page, (text) => /^2$/m.test(text), 'the file’s beginning');

  // A key of one's own ends it.
  await focus_editor(one.page);
  await one.page.keyboard.press('ArrowDown');
  await bar.waitFor({ state: 'detached' });
  await two.page.keyboard.press('Control+End');
  await caret_gone_from_view(one.page);

  // Jumping there, once.
  await open_file(one.page, 'main.py');
  await one.page.getByRole('button', { name: 'People here: 2' }).click();
  await list.getByRole('button', { name: `Go to ${other}` }).click();
  await one.page.getByRole('tab', { name: 'numbers.txt', selected: true }).waitFor();
  await editor_shows(one.page, (text) => /^400$/m.test(text), 'where the other one is');
  assert.equal(await bar.count(), 0);

  // Whoever closes the page is gone at once, though the runner would take them back.
  await two.page.close();
  await one.page.getByRole('group', { name: 'People' }).waitFor({ state: 'detached' });
  assert.equal((await remote_carets(one.page)).length, 0);
  assert.deepEqual([...one.faults, ...two.faults], []);
});

async function caret_gone_from_view(page) {
  await eventually(async () => (await remote_carets(page)).length === 0, 'the other’s caret out of view');
}
