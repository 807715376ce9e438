// SPDX-License-Identifier: GPL-3.0-or-later
// The main thread of the product, and what it costs to load: register → python workspace → edit → run → output.
import assert from 'node:assert/strict';
import {
  account,
  command,
  create_workspace,
  register,
  retype,
  saved_on_disk,
  scenario,
  set_up,
  terminal_shows,
} from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';

const grace = { name: 'Grace', email: 'grace@example.org', password: 'another long password' };

const stage = use_stage({ people: [account, grace] });

scenario('a new person registers, edits main.py and sees its output', async () => {
  const administrator = await stage.person();
  await set_up(administrator.page, stage.server);

  const { page, faults } = await stage.person();
  await register(page, stage.server.origin, grace);
  await create_workspace(page, 'Python', 'Harbour');
  await retype(page, 'for number in range(3):\n    print("answer", number * 21)\n');
  await saved_on_disk(page);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await terminal_shows(page, (text) => text.includes('answer 42'), 'the program’s output');
  await page.getByRole('tab', { name: /Run exit 0/ }).waitFor();

  // The same in a shell: the file on disk is what was typed.
  await page.getByRole('tab', { name: /bash/ }).click();
  await command(page, 'python3 main.py | tail -1 && wc -l < main.py', { key_by_key: true });
  await terminal_shows(page, (text) => /answer 42\n2\n/.test(text), 'the file’s two lines');
  assert.deepEqual(faults, []);
});

scenario('the first load stays within its budget', async () => {
  const { page, context } = await stage.person();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(`${stage.server.origin}/sign-in`, { waitUntil: 'networkidle' });
  console.log(`bytes to first paint: ${bytes}`);
  assert.ok(bytes > 10_000 && bytes < 250_000, `first paint took ${bytes} bytes`);
  await page.getByLabel('E-mail').fill(grace.email);
  await page.getByLabel('Password').fill(grace.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Harbour' }).click();
  await page.locator('.monaco-editor .view-line').first().waitFor();
  await page.locator('.terminal-place .xterm-rows').waitFor();
  await page.waitForLoadState('networkidle');
  console.log(`bytes to editor and terminal: ${bytes}`);
  assert.ok(bytes < 1_500_000, `the IDE took ${bytes} bytes`);
});
