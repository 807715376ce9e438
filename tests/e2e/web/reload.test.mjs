// SPDX-License-Identifier: GPL-3.0-or-later
// The page is loaded again, or dies: tabs, terminals and panels are as they were, and text that was on its way arrives.
import assert from 'node:assert/strict';
import {
  command,
  editor_shows,
  editor_text,
  eventually,
  focus_editor,
  open_file,
  saved_on_disk,
  scenario,
  terminal_shows,
  unsent_in_store,
  workspace_ready,
} from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage({ proxy: true });

scenario('a reload finds tabs, terminals and preview as they were', async () => {
  const { page, faults } = await stage.new_workspace('Node', 'Lights');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const frame = page.frameLocator('.preview-pane iframe');
  await frame.getByRole('heading', { name: 'Hello from Berth' }).waitFor();
  await open_file(page, 'package.json');
  await open_file(page, 'server.js');
  await page.getByRole('tab', { name: 'package.json' }).click();
  await page.getByRole('button', { name: 'New terminal' }).click();
  await terminal_shows(page, (text) => /[$#] ?$/m.test(text), 'a prompt');
  await command(page, 'kept=in-this-shell; echo began $((40 + 2))');
  await terminal_shows(page, (text) => text.includes('began 42'), 'the shell’s answer');

  await page.reload();
  await workspace_ready(page);
  await page.getByRole('tab', { name: 'package.json', selected: true }).waitFor();
  await page.getByRole('tab', { name: 'server.js' }).waitFor();
  await terminal_shows(page, (text) => text.includes('began 42'), 'what the shell had shown');
  await command(page, 'echo $kept');
  await terminal_shows(page, (text) => /^in-this-shell$/m.test(text), 'the same shell');
  await frame.getByRole('heading', { name: 'Hello from Berth' }).waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
  assert.equal(await page.title(), 'package.json · Lights · Berth');
  assert.deepEqual(faults, []);
});

for (const [ending, dies] of [
  ['reloaded', false],
  ['crashed', true],
]) {
  scenario(`text typed without a connection into a page that is ${ending} arrives once`, async () => {
    const { page, faults } = await stage.open_workspace('Lights');
    // A page that dies is told nothing; what it typed is in the browser's store all the same.
    if (dies) await page.addInitScript(() => addEventListener('pagehide', (event) => event.stopImmediatePropagation()));
    await page.reload();
    await workspace_ready(page);
    page.on('dialog', (dialog) => dialog.accept().catch(() => {})); // "Changes may not be saved": go on
    const before = (await editor_text(page)).split('\n')[0];
    const words = `// typed into a page that is ${ending} `;

    await page.waitForLoadState('networkidle'); // what the editor still fetches for itself would fail, and say so
    stage.proxy.cut();
    await page.getByText('Connection lost.').waitFor();
    await focus_editor(page);
    await page.keyboard.press('Control+Home');
    await page.keyboard.type(words);
    await page.locator('[data-save-state="typing"]').waitFor();
    if (dies) {
      await eventually(async () => (await unsent_in_store(page)).includes('crashed '), 'the words in the store');
    }
    await page.reload().catch(() => {}); // nothing answers
    stage.proxy.restore();
    // The browser's own page about the lost server loads again by itself and may cross this.
    await eventually(
      () =>
        page.goto(`${stage.origin}/`).then(
          () => true,
          () => false,
        ),
      'the server again',
    );
    await page.getByRole('link', { name: 'Lights' }).click();
    await workspace_ready(page);
    await editor_shows(page, (text) => text.startsWith(words), 'what was typed');
    await saved_on_disk(page);
    assert.equal((await editor_text(page)).split('\n')[0], words + before);
    assert.equal(await unsent_in_store(page), '[]');
    assert.deepEqual(faults, []);
  });
}
