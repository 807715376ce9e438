// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace of several people: invited, let in by a link, given another role while it is open, taken out, handed over.
import assert from 'node:assert/strict';
import {
  account,
  editor_shows,
  eventually,
  focus_editor,
  open_file,
  retype,
  saved_on_disk,
  scenario,
  workspace_ready,
} from './support/browser.mjs';
import { inspect, inspect_everywhere } from './support/looks.mjs';
import { register_natively, sign_in_natively, signed_in_browser } from './support/rest.mjs';
import { use_stage } from './support/stage.mjs';

const grace = { name: 'Grace Hopper', email: 'grace@example.org', password: 'nanoseconds of wire' };
const mary = { name: 'Mary Somerville', email: 'mary@example.org', password: 'on the connexion' };
const stage = use_stage({ people: [account, grace, mary] });
const looks_only = 'You may look at this workspace but not change it.';

async function person(who) {
  return stage.person({ storageState: await signed_in_browser(stage.origin, who) });
}

async function open_share(page) {
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: /^Share/ });
  await dialog.getByRole('region', { name: 'People' }).waitFor();
  return dialog;
}

let id;

scenario('shared with a viewer, who is made an editor and taken out while their window is open', async () => {
  id = await stage.make_workspace('Python', 'Common');
  await register_natively(stage.server.origin, grace);
  const owner = await stage.open_workspace('Common');

  // Invited: the list shows them, and their dashboard the workspace with what they may do in it.
  const dialog = await open_share(owner.page);
  await dialog.getByLabel('E-mail address of the person').fill(grace.email);
  await dialog.getByLabel('What the person may do').selectOption('viewer');
  await dialog.getByRole('button', { name: 'Share', exact: true }).click();
  await dialog.getByText(`${grace.email} is in it now.`).waitFor();
  await dialog.getByLabel('E-mail address of the person').fill('nobody@example.org');
  await dialog.getByRole('button', { name: 'Share', exact: true }).click();
  await dialog.getByRole('button', { name: 'Withdraw the invitation of nobody@example.org' }).waitFor();
  await inspect_everywhere(owner.page, 'share');
  await dialog.getByRole('button', { name: 'Withdraw the invitation of nobody@example.org' }).click();
  await dialog.getByText('nobody@example.org', { exact: true }).waitFor({ state: 'detached' });

  const guest = await person(grace);
  await guest.page.goto(`${stage.origin}/`);
  const card = guest.page.getByRole('article', { name: 'Common' });
  await card.getByText(`${account.name} · may look`).waitFor();
  assert.ok(await card.getByRole('button', { name: 'Stop' }).isDisabled());
  await inspect_everywhere(guest.page, 'dashboard-shared');
  await card.getByRole('link', { name: 'Common' }).click();
  await guest.page.locator('.connection-state.connected').waitFor();
  await guest.page.getByText(looks_only).first().waitFor();
  await guest.page.locator('.role-word', { hasText: 'May look' }).waitFor();
  await guest.page.getByText('You are watching; only editors type here.').waitFor();
  assert.ok(await guest.page.getByRole('button', { name: 'Run', exact: true }).isDisabled());

  // An editor now: the same window, without a reload, types.
  await dialog.getByLabel(`What ${grace.name} may do`).selectOption('editor');
  await guest.page.locator('.role-word', { hasText: 'May edit' }).waitFor();
  await guest.page.locator('.connection-state.connected').waitFor();
  await eventually(
    async () => !(await guest.page.getByRole('button', { name: 'Run', exact: true }).isDisabled()),
    'Run to be usable',
  );
  await guest.page.getByText('You are watching; only editors type here.').waitFor({ state: 'detached' });
  await guest.page.getByText(`Read-only. ${looks_only}`).waitFor({ state: 'detached' });
  await retype(guest.page, 'by = "Grace"\n');
  await saved_on_disk(guest.page);
  await owner.page.keyboard.press('Escape');
  await editor_shows(owner.page, (text) => text.includes('by = "Grace"'), 'what the editor typed');

  // A viewer again, and out.
  const again = await open_share(owner.page);
  await again.getByLabel(`What ${grace.name} may do`).selectOption('viewer');
  await guest.page.getByText(`Read-only. ${looks_only}`).waitFor();
  await focus_editor(guest.page);
  await guest.page.keyboard.type('not mine');
  await again.getByRole('button', { name: `More for ${grace.name}` }).click();
  await owner.page.getByRole('menuitem', { name: 'Take out' }).click();
  await guest.page.getByText('it is not shared with you any more').waitFor();
  await inspect(guest.page, 'taken-out');
  await owner.page.keyboard.press('Escape');
  await editor_shows(
    owner.page,
    (text) => text.includes('by = "Grace"') && !text.includes('not mine'),
    'no more of it',
  );
  await guest.page.getByRole('button', { name: 'To your workspaces' }).click();
  await guest.page.getByRole('heading', { name: 'Nothing moored here yet' }).waitFor();
  assert.deepEqual([...owner.faults, ...guest.faults], []);
});

scenario('a link lets people in once they have signed up, until it is ended', async () => {
  const owner = await stage.open_workspace('Common');
  const dialog = await open_share(owner.page);
  await dialog.getByLabel('What people with the link may do').selectOption('editor');
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  const address = new URL(await dialog.getByLabel('Copy it now: it is not shown again', { exact: true }).inputValue());
  const link = `${stage.origin}${address.pathname}${address.search}`;

  const guest = await stage.person();
  await guest.page.goto(link);
  await guest.page.getByRole('link', { name: 'Create an account' }).click();
  await guest.page.getByLabel('Name').fill(mary.name);
  await guest.page.getByLabel('E-mail').fill(mary.email);
  await guest.page.getByLabel('Password').fill(mary.password);
  await guest.page.getByRole('button', { name: 'Create account' }).click();
  await guest.page.getByRole('heading', { name: 'You are invited to a workspace' }).waitFor();
  await inspect_everywhere(guest.page, 'join');
  await guest.page.getByRole('button', { name: 'Join the workspace' }).click();
  await workspace_ready(guest.page);
  assert.equal(new URL(guest.page.url()).pathname, `/w/${id}`);

  // Who is in it is seen by everybody in it; only the owner sees links.
  await guest.page.getByRole('button', { name: 'People in this workspace' }).click();
  const people = guest.page.getByRole('dialog', { name: /^People in/ });
  await people.getByText(account.email).waitFor();
  assert.equal(await people.getByRole('region', { name: 'Links' }).count(), 0);
  assert.equal(await people.getByLabel('E-mail address of the person').count(), 0);
  await inspect_everywhere(guest.page, 'share-editor');
  await guest.page.keyboard.press('Escape');

  await dialog.getByRole('button', { name: /^End the link/ }).click();
  await dialog.getByRole('button', { name: 'End the link', exact: true }).click();
  await dialog.getByRole('button', { name: /^End/ }).waitFor({ state: 'detached' });
  const late = await person(grace);
  await late.page.goto(link);
  await late.page.getByRole('button', { name: 'Join the workspace' }).click();
  await late.page.getByRole('heading', { name: 'This link does not work any more' }).waitFor();
  assert.deepEqual([...owner.faults, ...guest.faults, ...late.faults], []);
});

scenario('a workspace is handed over, and whoever had it may leave', async () => {
  const owner = await person(account);
  const call = await sign_in_natively(stage.server.origin, account);
  await call('POST', `workspaces/${id}/stop`);
  await owner.page.goto(`${stage.origin}/`);
  await owner.page.getByRole('button', { name: 'More for Common' }).click();
  await owner.page.getByRole('menuitem', { name: 'Share…' }).click();
  const dialog = owner.page.getByRole('dialog', { name: /^Share/ });
  await dialog.getByRole('button', { name: `More for ${mary.name}` }).click();
  await owner.page.getByRole('menuitem', { name: 'Make them the owner…' }).click();
  await dialog.getByText(`Make ${mary.name} the owner?`).waitFor();
  await inspect(owner.page, 'hand-over');
  await dialog.getByRole('button', { name: 'Hand it over' }).click();
  await dialog.waitFor({ state: 'detached' });
  const card = owner.page.getByRole('article', { name: 'Common' });
  await card.getByText(`${mary.name} · may edit`).waitFor();

  await owner.page.getByRole('button', { name: 'More for Common' }).click();
  const entry = owner.page.getByRole('menuitem', { name: 'Rename…' });
  assert.ok(await entry.isDisabled());
  await owner.page.getByRole('menuitem', { name: 'Leave…' }).click();
  await owner.page.getByRole('button', { name: 'Leave', exact: true }).click();
  await card.waitFor({ state: 'detached' });

  const heir = await person(mary);
  await heir.page.goto(`${stage.origin}/`);
  const hers = heir.page.getByRole('article', { name: 'Common' });
  await hers.getByRole('button', { name: 'Start' }).click();
  await hers.getByText('running').waitFor();
  await hers.getByRole('link', { name: 'Common' }).click();
  await workspace_ready(heir.page);
  await open_file(heir.page, 'main.py');
  await editor_shows(heir.page, (text) => text.includes('by = "Grace"'), 'the text from before');
  assert.deepEqual([...owner.faults, ...heir.faults], []);
});
