// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { scenario } from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage();

scenario('sign out everywhere closes an open workspace in another browser and in another tab', async () => {
  const one = await stage.new_workspace('Python', 'Private');
  const two = await stage.open_workspace('Private');
  const tab = await one.context.newPage();
  await tab.goto(`${stage.server.origin}/w/${one.id}`);
  await tab.locator('.connection-state.connected').waitFor();

  await one.page.goto(`${stage.server.origin}/account/security`);
  await one.page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await one.page.getByRole('heading', { name: 'Sign in to Berth' }).waitFor();
  await two.page.getByRole('heading', { name: 'Sign in to Berth' }).waitFor();
  await tab.getByRole('heading', { name: 'Sign in to Berth' }).waitFor();
  assert.equal(new URL(two.page.url()).searchParams.get('next'), `/w/${one.id}`);

  // Back to where it was after signing in again.
  await two.page.getByLabel('E-mail').fill('ada@example.org');
  await two.page.getByLabel('Password').fill('correct horse battery');
  await two.page.getByRole('button', { name: 'Sign in' }).click();
  await two.page.locator('.connection-state.connected').waitFor();
  assert.deepEqual([...one.faults, ...two.faults], []);
});
