// SPDX-License-Identifier: GPL-3.0-or-later
// The administrators' page: somebody is disabled and let in again, acted for, given a quota; a workspace is stopped; all of it
// is in the audit log, and nobody else sees the page.
import assert from 'node:assert/strict';
import { account, register, scenario } from './support/browser.mjs';
import { inspect, inspect_everywhere } from './support/looks.mjs';
import { set_up_server } from './support/rest.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage();
const grace = { name: 'Grace Hopper', email: 'grace@example.org', password: 'a password of grace' };

async function administration(part) {
  const person = await stage.administrator();
  await person.page.goto(`${stage.origin}/admin/${part}`);
  await person.page.getByRole('heading', { name: 'Administration' }).waitFor();
  return person;
}
const row = (page, text) => page.getByRole('row').filter({ hasText: text });
async function choose(page, email, deed) {
  await page.getByRole('button', { name: `What to do with ${email}` }).click();
  await page.getByRole('menuitem', { name: deed }).click();
}

scenario('an administrator disables an account, which is out at once, and lets it in again', async () => {
  await set_up_server(stage.server, account);
  const member = await stage.person();
  await register(member.page, stage.origin, grace);
  const { page } = await administration('accounts');
  await page.getByRole('searchbox', { name: 'Find accounts' }).fill('hopper');
  await row(page, account.email).waitFor({ state: 'detached' });
  await inspect_everywhere(page, 'admin-accounts');

  await choose(page, grace.email, 'Disable…');
  await inspect(page, 'admin-disable');
  await page.getByRole('button', { name: 'Disable', exact: true }).click();
  await row(page, grace.email).getByText('Disabled').waitFor();
  await member.page.reload();
  await member.page.getByRole('heading', { name: 'Sign in to Berth' }).waitFor();
  await member.page.getByLabel('E-mail').fill(grace.email);
  await member.page.getByLabel('Password').fill(grace.password);
  await member.page.getByRole('button', { name: 'Sign in' }).click();
  await member.page.getByText('This account has been disabled').waitFor();

  await choose(page, grace.email, 'Enable');
  await row(page, grace.email).getByText('Disabled').waitFor({ state: 'detached' });
  await member.page.getByRole('button', { name: 'Sign in' }).click();
  await member.page.getByRole('heading', { name: 'Workspaces' }).waitFor();

  // What is not for her is not there for her.
  await member.page.goto(`${stage.origin}/admin/accounts`);
  await member.page.getByText('There is nothing here').waitFor();
});

scenario('an administrator acts as somebody and is himself again', async () => {
  const { page } = await administration('accounts');
  await choose(page, grace.email, 'Act as…');
  await page.getByLabel('Reason').fill('She asked for help');
  await page.getByRole('button', { name: 'Act as them' }).click();
  const banner = page.getByRole('status').filter({ hasText: 'Everything you do is in the audit log' });
  await banner.waitFor();
  await page.getByRole('heading', { name: 'Workspaces' }).waitFor();
  assert.match(await banner.textContent(), new RegExp(`${account.email}.*${grace.email}`));
  await inspect_everywhere(page, 'admin-acting');
  await banner.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('heading', { name: 'Administration' }).waitFor();
  await banner.waitFor({ state: 'detached' });

  await page.getByRole('link', { name: 'Audit log' }).click();
  const told = row(page, 'Impersonate').filter({ hasText: 'She asked for help' });
  await told.waitFor();
  assert.match(await told.textContent(), new RegExp(account.email));
  await inspect_everywhere(page, 'admin-audit');
});

scenario('a quota is set and taken back, and a reset gives a link', async () => {
  const { page } = await administration('accounts');
  await choose(page, grace.email, 'Quota…');
  await page.getByLabel('Workspaces', { exact: true }).fill('7');
  await page.getByRole('button', { name: 'Save' }).click();
  await row(page, grace.email).getByText('0 of 7').waitFor();
  await choose(page, grace.email, 'Quota…');
  await page.getByLabel('Workspaces', { exact: true }).fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await row(page, grace.email).getByText('0 of 7').waitFor({ state: 'detached' });
  await choose(page, grace.email, 'Reset password…');
  await page.getByRole('button', { name: 'Reset', exact: true }).click();
  assert.match(await page.getByRole('textbox', { name: 'Link' }).inputValue(), /\/reset-password\?token=/);
});

scenario('a workspace is stopped, and its log says by whom', async () => {
  await stage.make_workspace('Empty', 'To be stopped');
  const { page } = await administration('workspaces');
  const workspace = row(page, 'To be stopped');
  await workspace.getByText('running', { exact: true }).waitFor();
  await inspect_everywhere(page, 'admin-workspaces');
  await workspace.getByRole('button', { name: 'Stop To be stopped' }).click();
  await workspace.getByRole('button', { name: 'Stop it' }).click();
  await workspace.getByText('stopped', { exact: true }).waitFor();
  await workspace.getByRole('button', { name: 'Log of To be stopped' }).click();
  await page.getByRole('dialog').getByText('An administrator stopped it.').first().waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
});

scenario('a template is not offered any more, and the overview shows what is open', async () => {
  const { page } = await administration('templates');
  await page.getByRole('checkbox', { name: 'Offer Python' }).click();
  await page.waitForFunction(() => !document.querySelector('[aria-label="Offer Python"]').checked);
  await page.reload();
  await page.getByRole('checkbox', { name: 'Offer Python', checked: false }).click();
  await page.getByRole('checkbox', { name: 'Offer Python', checked: true }).waitFor();
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByText('open windows').waitFor();
  await page.getByText('a second').first().waitFor(); // rates come with the second look
  await inspect_everywhere(page, 'admin-overview');
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByLabel('E-mail domains that may register').fill('example.org');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
});
