// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { start_server } from './support/berth_server.mjs';
import { account, create_workspace, launch, new_person, scenario, set_up, sign_in } from './support/browser.mjs';

let server, browser;
before(async () => {
  server = await start_server();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop(account);
});

scenario('sign out everywhere closes an open workspace in another browser and in another tab', async () => {
  const one = await new_person(browser);
  const two = await new_person(browser);
  await set_up(one.page, server);
  const id = await create_workspace(one.page, 'Python', 'Private');
  await sign_in(two.page, server.origin);
  await two.page.goto(`${server.origin}/w/${id}`);
  await two.page.locator('.connection-state.connected').waitFor();
  const tab = await one.context.newPage();
  await tab.goto(`${server.origin}/w/${id}`);
  await tab.locator('.connection-state.connected').waitFor();

  await one.page.goto(`${server.origin}/account`);
  await one.page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await one.page.getByRole('heading', { name: 'Sign in to Berth' }).waitFor();
  await two.page.getByRole('heading', { name: 'Sign in to Berth' }).waitFor();
  await tab.getByRole('heading', { name: 'Sign in to Berth' }).waitFor();
  assert.equal(new URL(two.page.url()).searchParams.get('next'), `/w/${id}`);

  // Back to where it was after signing in again.
  await two.page.getByLabel('E-mail').fill('ada@example.org');
  await two.page.getByLabel('Password').fill('correct horse battery');
  await two.page.getByRole('button', { name: 'Sign in' }).click();
  await two.page.locator('.connection-state.connected').waitFor();
  assert.deepEqual([...one.faults, ...two.faults], []);
});
