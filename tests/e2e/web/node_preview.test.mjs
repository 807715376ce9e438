// SPDX-License-Identifier: GPL-3.0-or-later
// A web server in a workspace, its page in the preview pane, and the page changed by an edit.
import assert from 'node:assert/strict';
import { retype, scenario } from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';
import { inspect } from './support/looks.mjs';

const stage = use_stage();

scenario('run opens the preview, an edit changes the page, and it opens in a tab of its own', async () => {
  const { page, context, faults } = await stage.new_workspace('Node', 'Shop');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const frame = page.frameLocator('.preview-pane iframe');
  await frame.getByRole('heading', { name: 'Hello from Berth' }).waitFor();
  assert.match(await page.getByLabel('Preview address').inputValue(), /^http:\/\/3000--[a-z2-7]{10}\.localhost:\d+\/$/);

  // The template's server tells the page to reload when a file changes: nothing but the edit is done here.
  await retype(
    page,
    '<!doctype html><title>Shop</title><h1>Changed by an edit</h1><p id="where"></p><script src="where.js"></script>\n',
  );
  await frame.getByRole('heading', { name: 'Changed by an edit' }).waitFor();
  await inspect(page, 'preview-wide-light');

  // Address bar and reload.
  await page.getByLabel('Preview address').fill('/style.css');
  await page.getByLabel('Preview address').press('Enter');
  await frame.getByText('{').first().waitFor();
  await page.getByRole('button', { name: 'Reload preview' }).click();
  await frame.getByText('{').first().waitFor();
  await page.getByLabel('Preview address').fill(':3000/?x=1');
  await page.getByLabel('Preview address').press('Enter');
  await frame.getByRole('heading', { name: 'Changed by an edit' }).waitFor();

  // Outside: a tab of its own, signed in by the hand-over.
  const [outside] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('link', { name: 'Open preview in a new tab' }).click(),
  ]);
  await outside.getByRole('heading', { name: 'Changed by an edit' }).waitFor();
  assert.match(outside.url(), /^http:\/\/3000--[a-z2-7]{10}\.localhost:\d+\/\?x=1$/);

  // Where the host form fails there is the path form, on another origin too.
  await page.getByRole('button', { name: 'Ports and more' }).click();
  await page.getByRole('menuitem', { name: 'Does not load? Try another way' }).click();
  await frame.getByRole('heading', { name: 'Changed by an edit' }).waitFor();
  const source = await page.locator('.preview-pane iframe').getAttribute('src');
  assert.notEqual(new URL(source ?? '').origin, stage.server.origin);
  assert.doesNotMatch(source ?? '', /--/);

  // In the dark theme too the frame's ground is the one that the page's colours are made for.
  await page.bringToFront(); // a tab behind another hears of nothing
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html[data-theme="dark"]').waitFor({ state: 'attached' });
  const ground = await page
    .locator('.preview-pane iframe')
    .evaluate((shown) => getComputedStyle(shown).backgroundColor);
  assert.match(ground, /^rgb\((\d|[1-4]\d), /, `the ground is ${ground}`);

  // The port is in the list as long as something listens.
  await page.getByRole('tab', { name: /Ports/ }).click();
  await page.getByRole('cell', { name: '3000', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByText('No program listens on a port').waitFor();
  await page.getByRole('tab', { name: /Run stopped/ }).waitFor();
  assert.deepEqual(faults, []);
});

scenario('another person’s browser does not get into the preview', async () => {
  const { page } = await stage.person();
  await page.goto(stage.server.origin);
  await page.goto(`http://3000--abcdefghij.localhost:${stage.server.port}/`);
  await page.getByRole('heading', { name: 'Sign in to Berth' }).waitFor();
  assert.equal(page.url().startsWith(`${stage.server.origin}/sign-in?next=`), true, page.url());
});
