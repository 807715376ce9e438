// SPDX-License-Identifier: GPL-3.0-or-later
// Finding and replacing in all files, and the tree as a file manager.
import assert from 'node:assert/strict';
import {
  command,
  editor_shows,
  eventually,
  focus_editor,
  open_file,
  scenario,
  terminal_shows,
  terminal_text,
} from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';
import { inspect, inspect_everywhere } from './support/looks.mjs';

const stage = use_stage();

const row = (page, name) => page.getByRole('treeitem', { name, exact: true });

async function done(page, text) {
  await command(page, `clear; ${text} && echo "do""ne"`);
  await terminal_shows(page, (shown) => /^done$/m.test(shown), `the end of ${text}`);
}

scenario(
  'words are found in all files as they are typed, left out, replaced with a look before, and taken back',
  async () => {
    const { page, faults } = await stage.new_workspace('Python', 'Search');
    await done(
      page,
      "mkdir -p src/deep && printf 'harbour one\\nHarbour two harbour\\n' > src/a.txt && printf 'no\\n\\tthe harbour 42\\n' > src/deep/b.py && " +
        "printf 'harbour hidden\\n' > .hidden && printf 'ä harbour\\n' > 'c d.md'",
    );
    await focus_editor(page);
    await page.keyboard.press('Control+Shift+F');
    const pane = page.getByRole('region', { name: 'Search' });
    const field = pane.getByRole('textbox', { name: 'Search in all files' });
    await field.fill('harbour');
    const found = pane.getByRole('tree', { name: 'What was found' });
    await pane.getByText('5 matches in 3 files', { exact: true }).waitFor();
    assert.deepEqual(await found.locator('.search-row.file .name').allInnerTexts(), ['c d.md', 'a.txt', 'b.py']);
    assert.equal(await found.locator('mark').count(), 5);
    await inspect_everywhere(page, 'search');

    // A click shows the place and leaves the keys; Enter takes them there.
    await found.getByTitle('b.py:2').click();
    await page.getByRole('tab', { name: 'b.py', selected: true }).waitFor();
    await page.getByText('Ln 2, Col 13 (7 selected)').waitFor();
    await found.focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: 'a.txt', selected: true }).waitFor();
    await editor_shows(page, (text) => text.startsWith('harbour one'), 'the file of the match');

    // What is typed there and not saved yet is found as well.
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('harbour new ');
    await pane.getByRole('button', { name: 'Search again' }).click();
    await pane.getByText('6 matches in 3 files', { exact: true }).waitFor();

    await pane.getByRole('button', { name: 'Match case' }).click();
    await pane.getByText('5 matches in 3 files', { exact: true }).waitFor();
    await pane.getByRole('button', { name: 'Which files' }).click();
    await pane.getByRole('textbox', { name: 'Not in files' }).fill('*.md');
    await pane.getByText('4 matches in 2 files', { exact: true }).waitFor();
    await pane.getByRole('checkbox').check();
    await pane.getByText('5 matches in 3 files', { exact: true }).waitFor();
    await pane.getByRole('checkbox').uncheck();

    // A pattern with a fault is told, and one with groups is replaced as the list shows it.
    await pane.getByRole('button', { name: 'Match case' }).click();
    await pane.getByRole('button', { name: 'Regular expression' }).click();
    await field.fill('harbour (');
    await pane.getByRole('alert').waitFor();
    await field.fill('(harbour) (\\w+)');
    await page.keyboard.press('Control+Shift+H');
    await pane.getByRole('textbox', { name: 'Replace with' }).fill('$2 haven');
    await found.locator('ins', { hasText: '42 haven' }).waitFor();
    await inspect(page, 'replace-wide-light');
    await found.getByTitle('a.txt:2').hover();
    await found.getByRole('button', { name: 'Leave out line 2' }).click();
    await pane.getByRole('button', { name: 'Replace all', exact: true }).click();
    await editor_shows(
      page,
      (text) => text.startsWith('new haven one haven\nHarbour two harbour'),
      'what was replaced',
    );
    await pane.getByText(/matches were replaced in 2 files/).waitFor();
    await command(page, 'clear; cat src/deep/b.py');
    await terminal_shows(page, (text) => text.includes('the 42 haven'), 'the replaced file on disk');

    await pane.getByRole('button', { name: 'Undo the replacement' }).click();
    await editor_shows(page, (text) => text.startsWith('harbour new harbour one'), 'the text as it was');
    await command(page, 'clear; cat src/deep/b.py');
    await terminal_shows(page, (text) => text.includes('the harbour 42'), 'the file as it was');
    assert.deepEqual(faults, []);
  },
);

scenario('several files are chosen, cut, copied, pasted, dragged and deleted together, and come back', async () => {
  const { page, faults } = await stage.open_workspace('Search');
  await done(page, 'mkdir -p to && touch one.txt two.txt three.txt');
  await row(page, 'one.txt').click();
  await row(page, 'two.txt').click({ modifiers: ['Control'] });
  const tree = page.getByRole('tree', { name: 'Project files' });
  await tree.focus();
  await page.keyboard.press('Control+C');
  await row(page, 'to').click();
  await page.keyboard.press('Control+V');
  await command(page, 'clear; until [ -e to/one.txt ] && [ -e to/two.txt ]; do sleep 0.2; done; ls to');
  await terminal_shows(page, (text) => /^one\.txt +two\.txt$/m.test(text), 'the copies');
  // Once more: beside those that are there.
  await row(page, 'to').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Paste' }).click();
  await row(page, 'two copy.txt').waitFor();

  await row(page, 'three.txt').click();
  await tree.focus();
  await page.keyboard.press('Control+X');
  assert.ok(await row(page, 'three.txt').evaluate((line) => line.classList.contains('cut')));
  await row(page, 'to').click({ modifiers: ['Control'] });
  await page.keyboard.press('Control+V');
  await command(page, 'clear; while [ -e three.txt ]; do sleep 0.2; done; ls three.txt; ls to');
  await terminal_shows(page, (text) => text.includes('No such file') && /three\.txt/.test(text), 'the moved file');

  // A range, and two of it dragged out of the folder.
  await row(page, 'one copy.txt').click();
  await row(page, 'three.txt').click({ modifiers: ['Shift'] });
  assert.equal(await tree.getByRole('treeitem', { selected: true }).count(), 3);
  await row(page, 'one copy.txt').click();
  await row(page, 'three.txt').click({ modifiers: ['Control'] });
  await row(page, 'three.txt').dragTo(row(page, 'main.py'));
  await command(page, "clear; until [ -e three.txt ] && [ -e 'one copy.txt' ]; do sleep 0.2; done; ls *.txt");
  await terminal_shows(
    page,
    (text) => text.includes("'one copy.txt'") && /(^| )three\.txt/m.test(text),
    'both where they were dropped',
  );

  await row(page, 'src').click();
  await row(page, 'to').click({ modifiers: ['Control'] });
  await tree.focus();
  await page.keyboard.press('Delete');
  await row(page, 'src').waitFor({ state: 'detached' });
  await row(page, 'to').waitFor({ state: 'detached' });
  await page.getByText('2 files and folders were moved to the trash.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await row(page, 'src').waitFor();
  await row(page, 'to').waitFor();
  assert.deepEqual(faults, []);
});

scenario('a folder of 100,000 files is gone through to its end, and letters lead to a name', async () => {
  const { page, faults } = await stage.open_workspace('Search');
  await command(
    page,
    `clear; mkdir many && python3 -c 'for i in range(100000): open(f"many/file-{i:06}.txt", "w").close()' && echo "do""ne"`,
  );
  await eventually(async () => /^done$/m.test(await terminal_text(page)), '100,000 files', 150_000);
  await row(page, 'many').click();
  await row(page, 'file-000000.txt').waitFor();
  const tree = page.getByRole('tree', { name: 'Project files' });
  await tree.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  // The project's own files stand below the folder, its last one above them.
  await row(page, 'file-099999.txt').waitFor({ timeout: 150_000 });
  assert.ok((await tree.getByRole('treeitem').count()) < 150, 'only rows in sight are in the page');
  await open_file(page, 'file-099999.txt');
  // Changes made by a program show among them.
  await command(page, 'clear; rm many/file-09999*.txt');
  await row(page, 'file-099999.txt').waitFor({ state: 'detached' });
  await row(page, 'file-099989.txt').waitFor();
  await tree.focus();
  await page.keyboard.press('c');
  await page.getByRole('treeitem', { name: 'c d.md', exact: true, selected: true }).waitFor();
  assert.deepEqual(faults, []);
});
