// SPDX-License-Identifier: GPL-3.0-or-later
// What is shown to people outside: a public page without an account, a copy of it, and ports by themselves.
import assert from 'node:assert/strict';
import {
  account,
  command,
  editor_shows,
  retype,
  saved_on_disk,
  scenario,
  workspace_ready,
} from './support/browser.mjs';
import { inspect, inspect_everywhere } from './support/looks.mjs';
import { register_natively, signed_in_browser } from './support/rest.mjs';
import { use_stage } from './support/stage.mjs';

const grace = { name: 'Grace Hopper', email: 'grace@example.org', password: 'nanoseconds of wire' };
const stage = use_stage({ people: [account, grace] });

let address;

scenario('a public page shows the stored project to anybody, and gives copies to who signs in', async () => {
  const owner = await stage.new_workspace('Python', 'Shown');
  await register_natively(stage.server.origin, grace);
  await retype(owner.page, 'print("for everybody")\n');
  await saved_on_disk(owner.page);
  await owner.page.locator('[data-storage-state="stored"]').waitFor();
  await owner.page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = owner.page.getByRole('dialog', { name: /^Share/ });
  await dialog.getByRole('checkbox', { name: /Anyone with the address/ }).click();
  const url = new URL(await dialog.getByLabel('Address of the page', { exact: true }).inputValue());
  address = `${stage.origin}${url.pathname}`;

  const stranger = await stage.person();
  await stranger.page.goto(address);
  await stranger.page.getByRole('heading', { name: 'Shown' }).waitFor();
  await stranger.page.getByText(`by ${account.name}`).waitFor();
  await stranger.page.locator('.public-text .view-line', { hasText: 'for everybody' }).waitFor();
  await inspect_everywhere(stranger.page, 'public-page');
  assert.equal(
    await stranger.page.request.get(`${stage.origin}/api/v1/workspaces/${owner.id}`).then((r) => r.status()),
    401,
  );

  // A copy: sign in, come back, and it is one's own.
  await stranger.page.getByRole('link', { name: 'Sign in to make a copy' }).click();
  await stranger.page.getByLabel('E-mail').fill(grace.email);
  await stranger.page.getByLabel('Password').fill(grace.password);
  await stranger.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await stranger.page.getByRole('button', { name: 'Make a copy' }).click();
  await workspace_ready(stranger.page);
  assert.notEqual(new URL(stranger.page.url()).pathname, `/w/${owner.id}`);
  await editor_shows(stranger.page, (text) => text.includes('for everybody'), 'the copied file');
  await retype(stranger.page, 'print("mine")\n');
  await saved_on_disk(stranger.page);
  await editor_shows(owner.page, (text) => text.includes('for everybody'), 'the owner’s own text');

  // Turned off: the address is worth nothing.
  await dialog.getByRole('checkbox', { name: /Anyone with the address/ }).click();
  await dialog.getByLabel('Address of the page', { exact: true }).waitFor({ state: 'detached' });
  await stranger.page.goto(address);
  await stranger.page.getByRole('heading', { name: 'This workspace is not public' }).waitFor();
  assert.deepEqual([...owner.faults, ...stranger.faults], []);
});

scenario('a port is shown to members, to everybody, and by a link', async () => {
  const owner = await stage.open_workspace('Shown');
  await command(owner.page, 'clear; python3 -m http.server 8123 >/dev/null 2>&1 &');
  await owner.page.getByRole('tab', { name: /Ports/ }).click();
  const row = owner.page.getByRole('row', { name: /8123/ });
  await row.waitFor();
  const access = row.getByLabel('Who sees port 8123');
  assert.equal(await access.inputValue(), 'private');

  // A viewer sees it once it is for everyone here.
  await owner.page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = owner.page.getByRole('dialog', { name: /^Share/ });
  await dialog.getByLabel('E-mail address of the person').fill(grace.email);
  await dialog.getByLabel('What the person may do').selectOption('viewer');
  await dialog.getByRole('button', { name: 'Share', exact: true }).click();
  await dialog.getByText(`${grace.email} is in it now.`).waitFor();
  await owner.page.keyboard.press('Escape');
  const viewer = await stage.person({ storageState: await signed_in_browser(stage.origin, grace) });
  await stage.enter(viewer.page, 'Shown');
  await viewer.page.getByRole('tab', { name: /Ports/ }).click();
  const seen = viewer.page.getByRole('row', { name: /8123/ });
  await seen.getByLabel('Who sees port 8123').waitFor();
  assert.ok(await seen.getByRole('button', { name: 'Preview' }).isDisabled());
  await access.selectOption('people');
  await owner.page.locator('.port-access.people').waitFor();
  await inspect(owner.page, 'ports-shared');
  await viewer.page.getByRole('tab', { name: /Ports/ }).click();
  await viewer.page.getByRole('tab', { name: /Ports/ }).click();
  await seen.getByRole('button', { name: 'Preview' }).click();
  await viewer.page.frameLocator('iframe[title="Preview of port 8123"]').getByText('main.py').waitFor();

  // By a link, without an account.
  await row.getByRole('button', { name: 'Link to port 8123 for a while' }).click();
  const making = owner.page.getByRole('dialog', { name: 'Link to port 8123' });
  await making.getByRole('button', { name: 'Make the link' }).click();
  const link = await making.getByLabel('Link', { exact: true }).inputValue();
  await owner.page.keyboard.press('Escape');
  const stranger = await stage.person();
  await stranger.page.goto(link);
  await stranger.page.getByText('main.py').waitFor();

  // Public: by its plain address.
  await access.selectOption('public');
  await owner.page.locator('.port-access.public').waitFor();
  const other = await stage.person();
  await other.page.goto(new URL(stranger.page.url()).origin);
  await other.page.getByText('main.py').waitFor();
  assert.deepEqual([...owner.faults, ...viewer.faults], []);
});
