// SPDX-License-Identifier: GPL-3.0-or-later
// A web server in a workspace, its page in the preview pane, and the page changed by an edit.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { start_server } from './support/berth_server.mjs';
import { create_workspace, editor_text, eventually, launch, new_person, retype, saved_on_disk, set_up } from './support/browser.mjs';

let server, browser;
before(async () => {
  server = await start_server();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const page_source = (words) => `const http = require('node:http');
http.createServer((request, response) => {
  response.setHeader('content-type', 'text/html');
  response.end('<h1>${words}</h1><p>' + request.url + '</p>');
}).listen(3000);
`;

test('run opens the preview, an edit changes the page, and it opens in a tab of its own', async () => {
  const { page, context, faults } = await new_person(browser);
  await set_up(page, server);
  await create_workspace(page, 'Node', 'Shop');
  assert.match(await editor_text(page), /\w/);

  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const frame = page.frameLocator('.preview-pane iframe');
  await frame.locator('body').filter({ hasText: /\w/ }).waitFor();
  assert.match(await page.getByLabel('Preview address').inputValue(), /^http:\/\/3000--[a-z2-7]{10}\.localhost:\d+\/$/);

  // Stop, change the program, run again.
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
  const commonjs = !/^import /m.test(await editor_text(page));
  const source = page_source('Changed by an edit');
  await retype(page, commonjs ? source : source.replace("const http = require('node:http');", "import http from 'node:http';"));
  await saved_on_disk(page);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await frame.getByRole('heading', { name: 'Changed by an edit' }).waitFor();

  // Address bar, reload.
  await page.getByLabel('Preview address').fill('/about?x=1');
  await page.getByLabel('Preview address').press('Enter');
  await frame.getByText('/about?x=1').waitFor();
  await page.getByRole('button', { name: 'Reload preview' }).click();
  await frame.getByText('/about?x=1').waitFor();

  // Outside: a tab of its own, signed in by the hand-over.
  const [outside] = await Promise.all([context.waitForEvent('page'), page.getByRole('link', { name: 'Open preview in a new tab' }).click()]);
  await outside.getByRole('heading', { name: 'Changed by an edit' }).waitFor();
  assert.equal(new URL(outside.url()).pathname, '/about');

  // The port is in the list.
  await page.getByRole('tab', { name: /Ports/ }).click();
  await page.getByRole('cell', { name: '3000' }).waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await eventually(async () => (await page.getByRole('cell', { name: '3000' }).count()) === 0, 'the port to leave the list');
  assert.deepEqual(faults, []);
});

test('another person’s browser does not get into the preview', async () => {
  const { page } = await new_person(browser);
  await page.goto(server.origin);
  const response = await page.goto(`http://3000--abcdefghij.localhost:${server.port}/`);
  assert.ok(page.url().includes('/sign-in') || (response?.status() ?? 0) >= 400, `got ${response?.status()} at ${page.url()}`);
});
