// SPDX-License-Identifier: GPL-3.0-or-later
// The network goes, then the browser is killed: what was typed is in the browser’s store and arrives once; and where the
// browser keeps nothing, the person is told.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import {
  editor_shows,
  editor_text,
  eventually,
  focus_editor,
  launch_profile,
  retype,
  saved_on_disk,
  scenario,
  set_up,
  sign_in,
  typed_offline,
  create_workspace,
  unsent_in_store,
  watch_faults,
  workspace_ready,
} from './support/browser.mjs';
import { inspect } from './support/looks.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage({ proxy: true });
let profile;
before(() => (profile = mkdtempSync(join(tmpdir(), 'berth-e2e-profile-'))));
after(() => rmSync(profile, { recursive: true, force: true, maxRetries: 60, retryDelay: 50 }));

/** A browser that was killed may not have written its cookies yet. */
async function come_back(page, address) {
  await page.goto(address);
  const e_mail = page.getByLabel('E-mail');
  await e_mail.or(page.locator('.connection-state')).first().waitFor();
  if (await e_mail.isVisible()) await sign_in(page, stage.origin);
  await page.goto(address);
  await workspace_ready(page);
}

scenario('typed without a connection, then the browser is killed: it is there and arrives once', async () => {
  let browser = await launch_profile(profile);
  let page = browser.page;
  await set_up(page, stage.server, stage.origin);
  await create_workspace(page, 'Python', 'Tunnel');
  const address = page.url();
  await retype(page, 'before\n');
  await saved_on_disk(page);

  const words = 'typed in a tunnel 😀 ';
  await typed_offline(stage, page, words);
  await eventually(async () => (await unsent_in_store(page)).includes(words), 'the words in the store');
  await inspect(page, 'offline-kept-wide-light');
  await browser.kill();

  // Somebody else writes elsewhere in the file meanwhile.
  const other = await stage.open_workspace('Tunnel', { origin: stage.server.origin });
  await editor_shows(other.page, (text) => text.startsWith('before'), 'the text');
  await focus_editor(other.page);
  await other.page.keyboard.press('Control+End');
  await other.page.keyboard.type('meanwhile');
  await saved_on_disk(other.page);

  stage.proxy.restore();
  browser = await launch_profile(profile);
  page = browser.page;
  const faults = [];
  watch_faults(page, faults);
  await come_back(page, address);
  for (const shown of [page, other.page])
    await editor_shows(shown, (text) => text.startsWith(`${words}before`) && text.includes('meanwhile'), 'both texts');
  await saved_on_disk(page);
  assert.equal((await editor_text(page)).split('tunnel').length, 2, 'nothing is doubled');
  assert.equal(await unsent_in_store(page), '[]');

  // Killed again with all of it journalled: nothing comes twice.
  await browser.kill();
  browser = await launch_profile(profile);
  page = browser.page;
  await come_back(page, address);
  await editor_shows(page, (text) => text.startsWith(`${words}before`), 'the text');
  assert.equal((await editor_text(page)).split('tunnel').length, 2, 'nothing is doubled');
  await browser.close();
  assert.deepEqual([...faults, ...other.faults], []);
});

scenario('a browser that keeps nothing says so', async () => {
  const { page, faults } = await stage.open_workspace('Tunnel');
  await page.evaluate(() => {
    IDBDatabase.prototype.transaction = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  stage.proxy.cut();
  await page.getByText('Connection lost.').waitFor();
  await focus_editor(page);
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('kept by nobody ');
  await page.getByText('This browser keeps no text').waitFor();
  await inspect(page, 'offline-refused-wide-light');
  stage.proxy.restore();
  await saved_on_disk(page);
  await editor_shows(page, (text) => text.startsWith('kept by nobody '), 'what was typed');
  assert.deepEqual(faults, []);
});
