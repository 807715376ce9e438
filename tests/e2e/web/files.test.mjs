// SPDX-License-Identifier: GPL-3.0-or-later
// What a person does in the file tree, each checked in the workspace's own shell.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { command, editor_shows, eventually, open_file, scenario, terminal_shows } from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';
import { inspect } from './support/looks.mjs';

const stage = use_stage();

const row = (page, name) => page.getByRole('treeitem', { name, exact: true });

async function choose(page, name, item) {
  await row(page, name).click({ button: 'right' });
  await page.getByRole('menuitem', { name: item }).click();
}

scenario('files are made, renamed, deleted, brought back, sent and fetched', async () => {
  const { page, faults } = await stage.new_workspace('Python', 'Files');

  await page.getByRole('button', { name: 'New folder' }).click();
  await page.getByLabel('Name', { exact: true }).fill('docs');
  await page.keyboard.press('Enter');
  await row(page, 'docs').waitFor();
  await choose(page, 'docs', 'New file…');
  await page.getByLabel('Name', { exact: true }).fill('draft.md');
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'draft.md', selected: true }).waitFor();
  await page.locator('.monaco-editor').waitFor();
  await page.keyboard.type('# Draft');
  await page.locator('[data-save-state="on_disk"]').waitFor();

  // Rename in place: the open tab follows and its text with it.
  await row(page, 'draft.md').click();
  await page.getByRole('tree', { name: 'Project files' }).focus();
  await page.keyboard.press('F2');
  await page.getByLabel('Name', { exact: true }).fill('final.md');
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'final.md' }).waitFor();
  await command(page, 'clear; cat docs/final.md');
  await terminal_shows(page, (text) => text.includes('# Draft'), 'the renamed file');

  // By a few letters of its name, and what is typed then goes into it.
  await open_file(page, 'main.py');
  await page.keyboard.press('Control+P');
  await page.getByRole('combobox', { name: 'File name' }).fill('fnl');
  await page.getByRole('option', { name: 'final.md docs', selected: true }).waitFor();
  await inspect(page, 'quick-open-wide-light');
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'final.md', selected: true }).waitFor();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('> ');
  await editor_shows(page, (text) => text.startsWith('> # Draft'), 'what was typed after opening by name');

  // A copy beside it, and a shell in its folder.
  await choose(page, 'final.md', 'Duplicate');
  await row(page, 'final copy.md').waitFor();
  await choose(page, 'docs', 'Open a terminal here');
  await terminal_shows(page, (text) => /docs[$#] ?$/m.test(text), 'a prompt in the folder');
  await page
    .getByRole('button', { name: /^Close terminal/ })
    .last()
    .click();

  // A name that is taken is refused and nothing is lost.
  await choose(page, 'docs', 'New file…');
  await page.getByLabel('Name', { exact: true }).fill('final.md');
  await page.keyboard.press('Enter');
  await page
    .getByRole('status')
    .getByText(/exists already/)
    .waitFor();

  // Delete with undo.
  await choose(page, 'final.md', 'Delete');
  await row(page, 'final.md').waitFor({ state: 'detached' });
  await inspect(page, 'undo-wide-light');
  await page.getByRole('button', { name: 'Undo' }).click();
  await row(page, 'final.md').waitFor();
  await command(page, 'clear; cat docs/final.md');
  await terminal_shows(page, (text) => text.includes('# Draft'), 'the file that came back');

  // Upload: 5 MiB arrive whole; a file that is there already is replaced only when told to.
  const content = randomBytes(5 << 20);
  const digest = createHash('sha256').update(content).digest('hex');
  await row(page, 'main.py').click();
  const picker = page.locator('.tree-pane input[type=file]');
  await picker.setInputFiles([
    { name: 'big.bin', mimeType: 'application/octet-stream', buffer: content },
    { name: 'main.py', mimeType: 'text/x-python', buffer: Buffer.from('print("uploaded")\n') },
  ]);
  await page.getByText('project/main.py exists already.').waitFor();
  await inspect(page, 'upload-wide-light');
  await page.getByRole('button', { name: 'Replace' }).click();
  await page.getByText('2 uploaded').waitFor();
  await command(page, 'clear; sha256sum big.bin; python3 main.py');
  await terminal_shows(page, (text) => text.includes(digest) && text.includes('uploaded'), 'what was sent');

  // A dropped file goes into the folder it is dropped on.
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['dropped text'], 'dropped.txt', { type: 'text/plain' }));
    return data;
  });
  await row(page, 'docs').dispatchEvent('drop', { dataTransfer: transfer });
  await row(page, 'dropped.txt').waitFor();
  await command(page, 'clear; cat docs/dropped.txt');
  await terminal_shows(page, (text) => text.includes('dropped text'), 'the dropped file');

  // Download, and a binary file is offered instead of shown.
  await row(page, 'big.bin').click();
  await page.getByRole('heading', { name: 'big.bin is not text' }).waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), choose(page, 'big.bin', 'Download')]);
  assert.equal(
    createHash('sha256')
      .update(readFileSync(await download.path()))
      .digest('hex'),
    digest,
  );
  // A folder comes as an archive.
  const [archive] = await Promise.all([page.waitForEvent('download'), choose(page, 'docs', 'Download as zip')]);
  assert.equal(archive.suggestedFilename(), 'docs.zip');
  const unpacked = execFileSync('unzip', ['-p', await archive.path(), '*final.md'], { encoding: 'utf8' });
  assert.match(unpacked, /# Draft/);
  assert.deepEqual(faults, []);
});

scenario('a folder of ten thousand files shows at once and scrolls to its end', async () => {
  const { page, faults } = await stage.open_workspace('Files');
  await command(page, "clear; mkdir many && cd many && seq -f 'file_%05g' 10000 | xargs touch && cd .. && echo made");
  await terminal_shows(page, (text) => /^made$/m.test(text), 'the files made');
  await row(page, 'many').click();
  await row(page, 'file_00001').waitFor();
  assert.ok((await page.locator('.tree-row').count()) < 100, 'only visible rows are in the page');
  await eventually(async () => {
    await page.getByRole('tree', { name: 'Project files' }).evaluate((tree) => tree.scrollTo(0, tree.scrollHeight));
    return (await row(page, 'file_10000').count()) === 1;
  }, 'the last file');
  assert.deepEqual(faults, []);
});

scenario('a file of any size is read in pages', async () => {
  const { page, faults } = await stage.open_workspace('Files');
  await command(page, 'clear; seq 10000000 > ~/project/big.log; ls -s ~/project/big.log');
  await terminal_shows(page, (text) => /^\d{5,} .*big\.log$/m.test(text), 'the large file');
  await open_file(page, 'big.log');
  const rows = page.locator('.paged-row');
  await rows.filter({ hasText: /^1$/ }).waitFor();
  await page.getByText('are too much to edit here; you are at 0 %').waitFor();
  await page.locator('.paged-view').focus();
  await page.keyboard.press('PageDown');
  await rows.filter({ hasText: /^1$/ }).waitFor({ state: 'detached' });
  await inspect(page, 'paged-file-wide-light');
  await page.keyboard.press('End');
  await rows.filter({ hasText: /^10000000$/ }).waitFor();
  await page.locator('.paged-view').hover();
  await page.mouse.wheel(0, -100_000);
  await rows.filter({ hasText: /^10000000$/ }).waitFor({ state: 'detached' });
  const shown = (await rows.allInnerTexts()).map(Number);
  assert.deepEqual(
    shown,
    shown.map((_, at) => shown[0] + at),
    'neighbouring lines',
  );
  // What grows while it is read is said, and read again.
  await command(page, 'echo grown >> ~/project/big.log');
  await page.locator('.paged-view').focus();
  await page.keyboard.press('Home');
  await page.getByRole('button', { name: 'Read again' }).click();
  await page.locator('.paged-view').focus();
  await page.keyboard.press('End');
  await rows.filter({ hasText: /^grown$/ }).waitFor();
  assert.deepEqual(faults, []);
});
