// SPDX-License-Identifier: GPL-3.0-or-later
// What the browser has to fetch before a person sees something, and before they can work.
import assert from 'node:assert/strict';
import { scenario } from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage();

/** Compressed bytes of everything that the page fetched from the web client. */
async function fetched(page) {
  await page.waitForLoadState('networkidle');
  return page.evaluate(() =>
    [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .filter(({ name }) => !name.includes('/api/'))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  );
}

scenario('a first visit fetches little', async () => {
  const stranger = await stage.person();
  await stranger.page.goto(`${stage.origin}/sign-in`);
  await stranger.page.getByLabel('E-mail').waitFor();
  const sign_in_page = await fetched(stranger.page);
  assert.ok(sign_in_page > 10_000 && sign_in_page < 250_000, `${sign_in_page} bytes to the first paint`);

  await stage.new_workspace('Python', 'Light');
  const { page } = await stage.open_workspace('Light'); // a browser that has nothing of it yet
  const workspace = await fetched(page);
  assert.ok(workspace > sign_in_page && workspace < 1_500_000, `${workspace} bytes to an editor and a terminal`);
  console.log(`first paint ${sign_in_page} bytes, editor and terminal ${workspace} bytes`);
});
