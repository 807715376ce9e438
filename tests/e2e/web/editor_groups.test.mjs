// SPDX-License-Identifier: GPL-3.0-or-later
// Several editors at once: split, dragged tabs, one text in two places, what a reload brings back; breadcrumbs and what the status
// bar tells and changes of the text.
import assert from 'node:assert/strict';
import { command, eventually, open_file, scenario, terminal_shows } from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';
import { inspect_everywhere } from './support/looks.mjs';

const stage = use_stage();

const group = (page, number) => page.locator('.editor-group').nth(number - 1);
const tabs_of = (page, number) => group(page, number).getByRole('tab').allInnerTexts();
/** The text that a group shows, as far as it is in sight. */
const text_of = (page, number) =>
  group(page, number)
    .locator('.view-lines')
    .evaluate((lines) =>
      [...lines.children]
        .sort((a, b) => parseFloat(a.style.top) - parseFloat(b.style.top))
        .map((line) => (line.textContent ?? '').replaceAll('\u00a0', ' '))
        .join('\n'),
    );
async function shows(page, number, holds, what) {
  await eventually(
    async () => holds(await text_of(page, number)),
    async () => `group ${number} to show ${what}; it shows:\n${await text_of(page, number)}`,
  );
}
/** Drags with the mouse, as a person does, to a place of the target told in parts of its size. */
async function drag(page, from, to, { x = 0.5, y = 0.5 } = {}) {
  const box = await to.boundingBox();
  await from.dragTo(to, { targetPosition: { x: box.width * x, y: box.height * y } });
}

scenario('a text is in two groups at once, and what is typed in one shows in the other', async () => {
  const { page, faults } = await stage.new_workspace('Python', 'Groups');
  await page.getByRole('button', { name: 'Split the editor' }).click();
  await eventually(async () => (await page.locator('.editor-group').count()) === 2, 'a second group');
  assert.deepEqual(await tabs_of(page, 2), ['main.py']);
  await group(page, 2).locator('.view-lines').click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('#both');
  await shows(page, 1, (text) => text.startsWith('#both'), 'what was typed in the other');
  // Undo belongs to the text, not to the group.
  await group(page, 1).locator('.view-lines').click();
  await page.keyboard.press('Control+Z');
  await shows(page, 2, (text) => !text.startsWith('#both'), 'the text without it');
  await page.keyboard.press('Control+Y');
  await shows(page, 1, (text) => text.startsWith('#both'), 'the text with it');
  await inspect_everywhere(page, 'editor-groups');
  // Closing one keeps the other; the text goes on being saved.
  await group(page, 2).getByRole('button', { name: 'Close main.py' }).click();
  await eventually(async () => (await page.locator('.editor-group').count()) === 1, 'one group again');
  await group(page, 1).locator('.view-lines').click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('# still\n');
  await page.locator('[data-save-state="on_disk"], [data-save-state="stored"]').first().waitFor();
  await command(page, 'clear; head -2 main.py');
  await terminal_shows(page, (text) => text.includes('# still') && text.includes('#both'), 'what was typed');
  assert.deepEqual(faults, []);
});

scenario(
  'tabs are dragged to other groups and to their edges, files from the tree, and a reload keeps it all',
  async () => {
    const { page, faults } = await stage.open_workspace('Groups');
    await command(page, 'clear; for name in one two three; do echo "text of $name" > $name.txt; done; echo made');
    await terminal_shows(page, (text) => /^made$/m.test(text), 'the files made');
    for (const name of ['one.txt', 'two.txt']) await open_file(page, name);
    const tab = (name, number = 1) => group(page, number).getByRole('tab', { name });
    await drag(page, tab('two.txt'), group(page, 1).locator('.group-body'), { x: 0.95 });
    await eventually(async () => (await page.locator('.editor-group').count()) === 2, 'the group at the right edge');
    assert.deepEqual(await tabs_of(page, 1), ['main.py', 'one.txt']);
    assert.deepEqual(await tabs_of(page, 2), ['two.txt']);
    const [left, right] = [await group(page, 1).boundingBox(), await group(page, 2).boundingBox()];
    assert.ok(right.x >= left.x + left.width - 2 && Math.abs(right.y - left.y) < 2, 'side by side');

    // From the tree to the bottom of the second.
    await drag(page, page.getByRole('treeitem', { name: 'three.txt' }), group(page, 2).locator('.group-body'), {
      y: 0.95,
    });
    await eventually(async () => (await page.locator('.editor-group').count()) === 3, 'the group below');
    await shows(page, 3, (text) => text.includes('text of three'), 'the dragged file');
    const below = await group(page, 3).boundingBox();
    assert.ok(below.y > right.y + 50 && Math.abs(below.x - right.x) < 2, 'below the second');

    // Back among the others, before main.py.
    await drag(page, tab('three.txt', 3), tab('main.py'), { x: 0.1 });
    await eventually(async () => (await page.locator('.editor-group').count()) === 2, 'two groups');
    await eventually(
      async () => (await tabs_of(page, 1)).join() === 'three.txt,main.py,one.txt',
      'the tab in its place',
    );

    await page.keyboard.press('Control+2');
    await page.locator('.editor-group').nth(1).locator('.monaco-editor.focused').waitFor();
    await page.keyboard.type('> ');
    await shows(page, 2, (text) => text.startsWith('> text of two'), 'the keys in the second group');

    await page.reload();
    await eventually(async () => (await page.locator('.editor-group').count()) === 2, 'both groups after a reload');
    await eventually(
      async () => (await tabs_of(page, 1)).join() === 'three.txt,main.py,one.txt',
      'the tabs of the first',
    );
    await shows(page, 2, (text) => text.startsWith('> text of two'), 'the text of the second');
    await shows(page, 1, (text) => text.includes('text of three'), 'the text of the first');
    assert.deepEqual(faults, []);
  },
);

scenario('the path above a text leads to its neighbours and their folders', async () => {
  const { page, faults } = await stage.open_workspace('Groups');
  await command(
    page,
    'clear; mkdir -p deep/er && echo deepest > deep/er/file.txt && echo beside > deep/er/next.txt; echo made',
  );
  await terminal_shows(page, (text) => /^made$/m.test(text), 'the files made');
  await page.keyboard.press('Control+Shift+E');
  await page.keyboard.press('Control+P');
  await page.getByRole('combobox', { name: 'File name' }).fill('file.txt');
  await page.getByRole('option', { name: 'file.txt deep/er', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  const path = page.getByRole('navigation', { name: 'Path of the file' }).filter({ hasText: 'file.txt' });
  await path.getByRole('button', { name: 'file.txt' }).click();
  await page.getByRole('menuitem', { name: 'next.txt' }).click();
  await page.getByRole('tab', { name: 'next.txt', selected: true }).waitFor();
  const next = page.getByRole('navigation', { name: 'Path of the file' }).filter({ hasText: 'next.txt' });
  await next.getByRole('button', { name: 'deep' }).click();
  await page.getByRole('menuitem', { name: 'main.py' }).waitFor();
  await page.getByRole('menuitem', { name: 'deep', exact: false }).first().click();
  await page.getByRole('menuitem', { name: 'er', exact: false }).first().waitFor();
  await page.keyboard.press('Escape');
  assert.deepEqual(faults, []);
});

scenario('language and indentation are told, and chosen for a text', async () => {
  const { page, faults } = await stage.open_workspace('Groups');
  const bar = page.locator('.status-bar');
  await page.keyboard.press('Control+1');
  await page.getByRole('tab', { name: 'main.py' }).first().click();
  await bar.getByRole('button', { name: 'Python' }).click();
  await page.getByRole('combobox', { name: 'Language of this text' }).fill('rust');
  await page.getByRole('option', { name: 'Rust', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await bar.getByRole('button', { name: 'Rust' }).click();
  await page.getByRole('option', { name: 'By the file’s name' }).click();
  await bar.getByRole('button', { name: 'Python' }).waitFor();
  await bar.getByRole('button', { name: 'Spaces: 4' }).click();
  await page.getByRole('option', { name: 'Tab size: 8' }).click();
  await bar.getByRole('button', { name: 'Tab size: 8' }).waitFor();
  await page.locator('.editor-group .view-lines').first().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\tx');
  await command(page, 'clear; tail -1 main.py | od -c | head -1');
  await eventually(async () => {
    await command(page, 'clear; tail -1 main.py | od -c | head -1');
    await terminal_shows(page, (text) => /0000000/.test(text), 'bytes');
    return /\\t +x/.test(await page.locator('.terminal-place .xterm-rows').innerText());
  }, 'a tab in the file');
  assert.deepEqual(faults, []);
});
