// SPDX-License-Identifier: GPL-3.0-or-later
// Terminals beside each other, finding in what they showed, files they name.
import assert from 'node:assert/strict';
import { command, editor_shows, eventually, scenario, terminal_shows } from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';
import { inspect, inspect_everywhere } from './support/looks.mjs';

const stage = use_stage();

const parts = (page) => page.locator('.terminal-part');
const text_of = (part) =>
  part
    .locator('.xterm-rows')
    .evaluate((rows) =>
      [...rows.children].map((row) => (row.textContent ?? '').replaceAll('\u00a0', ' ').trimEnd()).join('\n'),
    );

scenario('two terminals stand side by side, each with its keys, also after a reload', async () => {
  const { page, faults } = await stage.new_workspace('Python', 'Split');
  await page.locator('.terminal-place .xterm-helper-textarea').focus();
  await page.keyboard.press('Control+Shift+5');
  await eventually(async () => (await parts(page).count()) === 2, 'two terminals in sight');
  const type_in = async (at, words) => {
    await parts(page).nth(at).locator('.xterm-helper-textarea').focus();
    await page.keyboard.insertText(words);
    await page.keyboard.press('Enter');
    await eventually(
      async () => (await text_of(parts(page).nth(at))).includes(words.replace('echo ', '')),
      async () => `terminal ${at} to answer; it shows:\n${await text_of(parts(page).nth(at))}`,
    );
  };
  await type_in(0, 'echo left-one');
  await type_in(1, 'echo right-one');
  assert.ok(!(await text_of(parts(page).nth(0))).includes('right-one'));
  await inspect_everywhere(page, 'terminals-split');
  await page.reload();
  await eventually(async () => (await parts(page).count()) === 2, 'both after a reload');
  await eventually(async () => (await text_of(parts(page).nth(0))).includes('left-one'), 'the left one’s text');
  await eventually(async () => (await text_of(parts(page).nth(1))).includes('right-one'), 'the right one’s text');
  // Closing one gives the other the room.
  await page
    .getByRole('button', { name: /^Close terminal/ })
    .last()
    .click();
  await eventually(async () => (await parts(page).count()) === 0, 'one terminal alone');
  await terminal_shows(page, (text) => text.includes('left-one'), 'the one that stayed');
  assert.deepEqual(faults, []);
});

scenario('words are found in what a terminal has shown, above the screen as well', async () => {
  const { page, faults } = await stage.open_workspace('Split');
  await command(page, 'clear; echo needle-here; seq 300; echo Needle-there');
  await terminal_shows(page, (text) => /^Needle-there$/m.test(text), 'the words');
  await page.locator('.terminal-place .xterm-helper-textarea').focus();
  await page.keyboard.press('Control+Shift+F');
  const find = page.getByRole('search', { name: 'Find in the terminal' });
  await find.getByRole('textbox', { name: 'Find' }).fill('needle-');
  await find
    .getByRole('status')
    .getByText(/of \d+/)
    .waitFor();
  await inspect(page, 'terminal-find-wide-light');
  await find.getByRole('button', { name: 'Match case' }).click();
  await eventually(async () => /of 2$/.test(await find.getByRole('status').innerText()), 'two in small letters');
  await page.getByRole('textbox', { name: 'Find' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await terminal_shows(page, (text) => /^needle-here$/m.test(text), 'the line above the screen');
  await find.getByRole('textbox', { name: 'Find' }).fill('nowhere-at-all');
  await find.getByRole('status').getByText('Not found').waitFor();
  await find.getByRole('button', { name: 'Regular expression' }).click();
  await find.getByRole('textbox', { name: 'Find' }).fill('needle-(here|x');
  await find.getByRole('status').getByText('Not found').waitFor();
  await page.keyboard.press('Escape');
  await find.waitFor({ state: 'detached' });
  await command(page, 'clear; echo keys-are-back');
  await terminal_shows(page, (text) => /^keys-are-back$/m.test(text), 'the keys in the terminal');
  assert.deepEqual(faults, []);
});

scenario('a file and line that a program names is a click away', async () => {
  const { page, faults } = await stage.open_workspace('Split');
  await command(
    page,
    "mkdir -p ~/project/deep && cd ~/project/deep && seq -f 'row %g' 90 > list.txt; clear; echo 'list.txt:70:2: wrong'",
  );
  await terminal_shows(page, (text) => /^list\.txt:70:2: wrong$/m.test(text), 'the complaint');
  const row = page.locator('.terminal-place .xterm-rows > div').filter({ hasText: /^list\.txt:70/ });
  await eventually(async () => {
    const box = await row.first().boundingBox();
    // From another line: which names of a line are files is asked when the pointer comes to it, and the shell may not
    // yet have told then where it is.
    await page.mouse.move(box.x + 30, box.y + box.height * 4);
    await page.mouse.move(box.x + 30, box.y + box.height / 2, { steps: 4 });
    return (await page.locator('.terminal-place .xterm-cursor-pointer').count()) === 1;
  }, 'the name to be a link');
  const box = await row.first().boundingBox();
  await page.mouse.click(box.x + 30, box.y + box.height / 2);
  await page.getByRole('tab', { name: 'list.txt', selected: true }).waitFor();
  await page.getByRole('button', { name: /^Ln 70, Col 2/ }).waitFor();
  await editor_shows(page, (text) => text.includes('row 70'), 'the line');
  assert.deepEqual(faults, []);
});

scenario('a terminal has a menu of its own, and its tab a colour that stays', async () => {
  const { page, faults, context } = await stage.open_workspace('Split');
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await command(page, 'clear; echo copied-words');
  await terminal_shows(page, (text) => /^copied-words$/m.test(text), 'the words');
  const screen = page.locator('.terminal-place');
  const choose = async (name) => {
    await screen.click({ button: 'right', position: { x: 200, y: 40 } });
    await page.getByRole('menuitem', { name, exact: false }).click();
  };
  await screen.click({ button: 'right', position: { x: 200, y: 40 } });
  await inspect(page, 'terminal-menu-wide-light');
  assert.ok(await page.getByRole('menuitem', { name: 'Copy' }).isDisabled(), 'nothing is selected');
  await page.keyboard.press('Escape');
  await choose('Select all');
  await choose('Copy');
  await eventually(
    async () => (await page.evaluate(() => navigator.clipboard.readText())).includes('copied-words'),
    'the text in the clipboard',
  );
  await page.evaluate(() => navigator.clipboard.writeText('echo pasted-$((40 + 2))'));
  await choose('Paste');
  await page.locator('.terminal-place .xterm-helper-textarea').focus();
  await page.keyboard.press('Enter');
  await terminal_shows(page, (text) => /^pasted-42$/m.test(text), 'what was pasted and run');

  const tab = page.getByRole('region', { name: 'Terminal', exact: true }).getByRole('tab').first();
  await tab.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Colour…' }).click();
  await page.getByRole('combobox', { name: 'Colour of the terminal’s tab' }).fill('ora');
  await page.keyboard.press('Enter');
  await page.locator('.terminal-pane .tab.tinted.person-3').waitFor();
  await page.reload();
  await page.locator('.terminal-pane .tab.tinted.person-3').waitFor();
  assert.deepEqual(faults, []);
});

scenario('terminals begin with profiles: shells that are there, and the person’s own', async () => {
  const { page, faults } = await stage.open_workspace('Split');
  const open_menu = () => page.getByRole('button', { name: 'Profiles of terminals' }).click();
  await open_menu();
  await page.getByRole('menuitem', { name: 'bash', exact: true }).waitFor();
  await page.getByRole('menuitem', { name: 'Profiles…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Terminal profiles' });
  await dialog.getByRole('button', { name: 'New profile', exact: true }).click();
  await dialog.getByLabel('Name', { exact: true }).fill('Harbour');
  await dialog.getByLabel('Command').fill('bash');
  await dialog.getByLabel('Folder below home').fill('project/deep');
  await dialog.getByLabel('Variables').fill('no variable');
  await dialog.getByText('is no variable').waitFor();
  await inspect_everywhere(page, 'terminal-profiles');
  await dialog.getByLabel('Variables').fill('SHIP=Ada\nLOAD=two tons');
  await dialog.getByLabel('Colour').selectOption({ label: 'Red' });
  await dialog.getByLabel('New terminals begin with').selectOption({ label: 'Harbour' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'New terminal', exact: true }).click();
  await page.getByRole('tab', { name: /Harbour/, selected: true }).waitFor();
  await page.locator('.terminal-pane .tab.active.tinted.person-6').waitFor();
  await command(page, 'echo "$SHIP:$LOAD:${PWD##*/}"');
  await terminal_shows(page, (text) => /^Ada:two tons:deep$/m.test(text), 'what the profile says');
  // It is the person's, not this browser's.
  const saved = page.waitForResponse(
    (answer) => answer.url().endsWith('/preferences') && answer.request().method() !== 'GET',
  );
  await page.keyboard.press('F1');
  await page.keyboard.insertText('Terminal: Profiles');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Remove this profile' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await saved;
  await open_menu();
  await page.getByRole('menuitem', { name: 'bash', exact: true }).waitFor();
  assert.equal(await page.getByRole('menuitem', { name: 'Harbour' }).count(), 0);
  await page.keyboard.press('Escape');
  assert.deepEqual(faults, []);
});
