// SPDX-License-Identifier: GPL-3.0-or-later
// Two windows in one line, programs that rewrite the file under both: nothing anybody typed is lost, and each undoes their
// own.
import assert from 'node:assert/strict';
import {
  command,
  editor_shows,
  editor_text,
  eventually,
  focus_editor,
  retype,
  saved_on_disk,
  scenario,
  terminal_shows,
} from './support/browser.mjs';
import { inspect, inspect_everywhere } from './support/looks.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage();

async function cursor_at(page, ...keys) {
  await focus_editor(page);
  for (const key of keys) await page.keyboard.press(key);
}

async function same_text(one, two) {
  await eventually(
    async () => (await editor_text(one)) === (await editor_text(two)),
    async () => `one text; there are\n${await editor_text(one)}\nand\n${await editor_text(two)}`,
  );
}

/** How often each letter stands in a text. */
const count = (text, letter) => text.split(letter).length - 1;

scenario('two windows type in one line at once: one text, every key, and each undoes their own', async () => {
  const one = await stage.new_workspace('Python', 'Together');
  await retype(one.page, '[]\n');
  await saved_on_disk(one.page);
  const two = await stage.open_workspace('Together');
  await editor_shows(two.page, (text) => text.startsWith('[]'), 'the text');

  // At the very same place.
  for (const { page } of [one, two]) await cursor_at(page, 'Control+Home', 'ArrowRight');
  await Promise.all([
    one.page.keyboard.type('a'.repeat(60), { delay: 12 }),
    two.page.keyboard.type('b'.repeat(60), { delay: 9 }),
  ]);
  for (const { page } of [one, two]) await saved_on_disk(page);
  await same_text(one.page, two.page);
  const text = await editor_text(one.page);
  assert.equal(count(text, 'a'), 60, text);
  assert.equal(count(text, 'b'), 60, text);
  for (const { page } of [one, two])
    assert.equal(await page.getByText('changed elsewhere while you were typing').count(), 0);

  // Undo by key, by command and again by the other key; the other's letters stay.
  await one.page.keyboard.press('Control+Z');
  await editor_shows(two.page, (now) => count(now, 'a') === 0 && count(now, 'b') === 60, 'only the other’s letters');
  await one.page.keyboard.press('Control+Shift+Z');
  await editor_shows(two.page, (now) => count(now, 'a') === 60 && count(now, 'b') === 60, 'both again');
  await two.page.keyboard.press('Control+Z');
  await editor_shows(one.page, (now) => count(now, 'a') === 60 && count(now, 'b') === 0, 'only the first’s letters');
  await two.page.keyboard.press('Control+Y');
  await editor_shows(one.page, (now) => count(now, 'a') === 60 && count(now, 'b') === 60, 'both again');
  await same_text(one.page, two.page);
  assert.equal(await editor_text(one.page), text);
  assert.deepEqual([...one.faults, ...two.faults], []);
});

scenario('undo gives back words, the cursor, and all cursors’ typing at once', async () => {
  const { page, faults } = await stage.open_workspace('Together');
  await retype(page, 'x\nx\n');
  await cursor_at(page, 'Control+Home', 'End');
  await page.keyboard.type(' one two');
  await page.keyboard.press('Control+Z');
  await editor_shows(page, (text) => text.startsWith('x one\n'), 'the last word gone');
  await page.keyboard.press('Control+Z');
  await editor_shows(page, (text) => text.startsWith('x\n'), 'the words gone');
  await page.keyboard.type('!');
  await editor_shows(page, (text) => text.startsWith('x!\n'), 'typing goes on where it began');

  // Two cursors: one below the other.
  await cursor_at(page, 'Control+Home');
  await page.keyboard.press('Shift+Alt+ArrowDown');
  await page.keyboard.type('yz');
  await editor_shows(page, (text) => text.startsWith('yzx!\nyzx\n'), 'both lines typed into');
  await page.keyboard.press('Control+Z');
  await editor_shows(page, (text) => text.startsWith('x!\nx\n'), 'one undo for both');

  // An emoji goes as a whole.
  await retype(page, 'a😀b');
  await cursor_at(page, 'Control+End', 'ArrowLeft', 'Backspace');
  await editor_shows(page, (text) => /^ab\s*$/.test(text), 'no half of it');
  await page.keyboard.press('Control+Z');
  await editor_shows(page, (text) => text.startsWith('a😀b'), 'the whole of it');
  await saved_on_disk(page);
  assert.deepEqual(faults, []);
});

scenario('a formatter that runs while somebody types takes away nothing', async () => {
  const { page, faults } = await stage.open_workspace('Together');
  await retype(page, `top\n${'filler\n'.repeat(10)}x=1\ny=2\n`);
  await saved_on_disk(page);
  // Like a formatter: reads the file, thinks, and writes what it had read.
  await command(
    page,
    `clear; python3 -c "import time; t = open('main.py').read(); time.sleep(1.5); open('main.py', 'w').write(t.replace('=', ' = '))"; echo format$((1+1))ed`,
  );
  await cursor_at(page, 'Control+Home', 'End');
  await page.keyboard.type(' typed while it ran', { delay: 60 });
  await terminal_shows(page, (text) => text.includes('format2ed'), 'the formatter’s end');
  await editor_shows(
    page,
    (text) => text.includes('top typed while it ran') && text.includes('x = 1\ny = 2'),
    'what was typed and what was formatted',
  );
  await saved_on_disk(page);
  await command(page, 'clear; head -1 main.py; tail -2 main.py');
  await terminal_shows(
    page,
    (text) => text.includes('top typed while it ran') && text.includes('x = 1\ny = 2'),
    'both in the file',
  );
  assert.deepEqual(faults, []);
});

scenario('lines that a program removes from an open file are shown', async () => {
  const { page, faults } = await stage.open_workspace('Together');
  await retype(page, 'one\ntwo\nthree\nfour\nfive\n');
  await saved_on_disk(page);
  await command(page, `clear; sed -i '2,4d' main.py`);
  await page.getByText('main.py was changed on disk: 3 lines removed.').waitFor();
  await editor_shows(page, (text) => text.startsWith('one\nfive'), 'the file as it is');
  await inspect_everywhere(page, 'changed-on-disk');
  const dialog = page.getByRole('dialog');
  for (const [name, width] of [
    ['narrow', 390],
    ['wide', 1440],
  ]) {
    await page.setViewportSize({ width, height: 900 }); // another layout: a dialog does not outlive that
    await page.getByRole('button', { name: 'Show' }).click();
    await dialog.getByText('three').first().waitFor();
    await inspect(page, `changed-on-disk-shown-${name}-light`);
    if (name === 'narrow') await page.keyboard.press('Escape');
    else await dialog.getByRole('button', { name: 'Dismiss' }).click();
    await dialog.waitFor({ state: 'detached' });
  }
  await page.getByText('was changed on disk').waitFor({ state: 'detached' });
  assert.deepEqual(faults, []);
});
