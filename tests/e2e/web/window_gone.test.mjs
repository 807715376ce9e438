// SPDX-License-Identifier: GPL-3.0-or-later
// Two windows of one browser on one workspace: what one leaves unsent when it goes, the other sends, once.
import assert from 'node:assert/strict';
import {
  editor_shows,
  editor_text,
  eventually,
  saved_on_disk,
  scenario,
  typed_offline,
  unsent_in_store,
  workspace_ready,
} from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage({ proxy: true });

/** The page's process dies, as if killed. */
async function crash(page) {
  const crashed = page.waitForEvent('crash');
  const debug = await page.context().newCDPSession(page);
  debug.send('Page.crash').catch(() => {}); // nobody is left to answer
  await crashed;
}

scenario('a workspace for both', async () => {
  const { page, faults } = await stage.new_workspace('Python', 'Pair');
  await page.close();
  assert.deepEqual(faults, []);
});

for (const [ending, end] of [
  ['is closed', (page) => page.close()],
  ['crashes', crash],
]) {
  scenario(`a window that ${ending} leaves its text to the one beside it`, async () => {
    const first = await stage.open_workspace('Pair');
    const second = await first.context.newPage();
    await second.goto(first.page.url());
    await workspace_ready(second);
    const words = `left by one that ${ending} `;
    await typed_offline(stage, first.page, words);
    await eventually(async () => (await unsent_in_store(first.page)).includes(words), 'the words in the store');
    await end(first.page);
    stage.proxy.restore();
    await editor_shows(second, (text) => text.startsWith(words), 'the other window’s text');
    await saved_on_disk(second);
    assert.equal((await editor_text(second)).split(words).length, 2, 'nothing is doubled');
    assert.equal(await unsent_in_store(second), '[]');
    assert.deepEqual(first.faults, []);
  });
}
