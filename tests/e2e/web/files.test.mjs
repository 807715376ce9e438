// SPDX-License-Identifier: GPL-3.0-or-later
// What a person does in the file tree, each checked in the workspace's own shell.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before } from 'node:test';
import { start_server } from './support/berth_server.mjs';
import {
  account,
  command,
  create_workspace,
  eventually,
  launch,
  new_person,
  scenario,
  set_up,
  terminal_shows,
} from './support/browser.mjs';
import { inspect } from './support/looks.mjs';

let server, browser;
before(async () => {
  server = await start_server();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop(account);
});

const row = (page, name) => page.getByRole('treeitem', { name, exact: true });

async function choose(page, name, item) {
  await row(page, name).click({ button: 'right' });
  await page.getByRole('menuitem', { name: item }).click();
}

scenario('files are made, renamed, deleted, brought back, sent and fetched', async () => {
  const { page, faults } = await new_person(browser);
  await set_up(page, server);
  await create_workspace(page, 'Python', 'Files');

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
  await page.locator('.tree').focus();
  await page.keyboard.press('F2');
  await page.getByLabel('Name', { exact: true }).fill('final.md');
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'final.md' }).waitFor();
  await command(page, 'clear; cat docs/final.md');
  await terminal_shows(page, (text) => text.includes('# Draft'), 'the renamed file');

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
  assert.deepEqual(faults, []);
});

scenario('a folder of ten thousand files shows at once and scrolls to its end', async () => {
  const { page, faults } = await new_person(browser);
  await page.goto(`${server.origin}/sign-in`);
  await page.getByLabel('E-mail').fill('ada@example.org');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Files' }).click();
  await page.locator('.connection-state.connected').waitFor();
  await page.locator('.terminal-place .xterm-rows').waitFor();
  await command(page, "clear; mkdir many && cd many && seq -f 'file_%05g' 10000 | xargs touch && cd .. && echo made");
  await terminal_shows(page, (text) => /^made$/m.test(text), 'the files made');
  await row(page, 'many').click();
  await row(page, 'file_00001').waitFor();
  assert.ok((await page.locator('.tree-row').count()) < 100, 'only visible rows are in the page');
  await eventually(async () => {
    await page.locator('.tree').evaluate((tree) => tree.scrollTo(0, tree.scrollHeight));
    return (await row(page, 'file_10000').count()) === 1;
  }, 'the last file');
  assert.deepEqual(faults, []);
});
