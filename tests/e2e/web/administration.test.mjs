// SPDX-License-Identifier: GPL-3.0-or-later
// The administrators' page: somebody is disabled and let in again, acted for, given a quota; a team too; a workspace is stopped;
// a way in is added and the password turned off; all of it is in the audit log, and nobody else sees the page.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after } from 'node:test';
import { account, register, scenario, sign_in } from './support/browser.mjs';
import { inspect, inspect_everywhere } from './support/looks.mjs';
import { set_up_server, sign_in_natively, signed_in_browser } from './support/rest.mjs';
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
  const link = new URL(await page.getByRole('textbox', { name: 'Link' }).inputValue());
  assert.equal(link.pathname, '/reset-password');
  const member = await stage.person();
  await member.page.goto(`${stage.origin}${link.pathname}${link.search}`);
  await member.page.getByLabel('New password').fill(grace.password);
  await member.page.getByRole('button', { name: 'Set password' }).click();
  await member.page.getByRole('heading', { name: 'Workspaces' }).waitFor();
});

scenario('a team is found among the accounts, given a quota, disabled and let in again', async () => {
  const call = await sign_in_natively(stage.server.origin, grace);
  const { id } = await call('POST', 'teams', { name: 'Compilers' });
  const member = await stage.person({ storageState: await signed_in_browser(stage.origin, grace) });
  const { page } = await administration('accounts');
  await page.getByLabel('Kind').selectOption('Teams');
  await row(page, grace.email).waitFor({ state: 'detached' });
  await row(page, 'Compilers').getByText('1 member').waitFor();
  await inspect_everywhere(page, 'admin-teams');

  await choose(page, 'Compilers', 'Quota…');
  await page.getByLabel('Running workspaces').fill('4');
  await page.getByRole('button', { name: 'Save' }).click();
  await row(page, 'Compilers').getByText('0 of 4 running').waitFor();
  await member.page.goto(`${stage.origin}/teams/${id}`);
  await member.page.getByText('0 of 4').waitFor();

  await choose(page, 'Compilers', 'Disable…');
  await page.getByRole('button', { name: 'Disable', exact: true }).click();
  await row(page, 'Compilers').getByText('Disabled').waitFor();
  await member.page.reload();
  await member.page.getByText('An administrator has disabled this team').waitFor();
  assert.ok(await member.page.getByRole('button', { name: 'New workspace' }).isDisabled());
  await inspect_everywhere(member.page, 'team-disabled');
  await choose(page, 'Compilers', 'Enable');
  await row(page, 'Compilers').getByText('Disabled').waitFor({ state: 'detached' });
  await page.getByLabel('Kind').selectOption('People');
  await row(page, grace.email).waitFor();
  assert.equal(await row(page, 'Compilers').count(), 0);
});

scenario('a workspace is stopped, and its log says by whom', async () => {
  await stage.make_workspace('Empty', 'To be stopped');
  const { page } = await administration('workspaces');
  const workspace = row(page, 'To be stopped');
  await workspace.getByText('running', { exact: true }).waitFor();
  // What it takes is told on its card, as soon as it was measured, and here.
  const dashboard = await stage.dashboard();
  const use = dashboard.page.getByRole('article', { name: 'To be stopped' }).getByText('of a processor');
  await use.waitFor({ timeout: 60_000 }); // every 15 s, and looked at every 10 s
  await page.reload();
  await workspace.getByText('of a processor').waitFor();
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

scenario('an image that can’t be used is refused where it is set, and the old one stays', async () => {
  const { page } = await administration('templates');
  await page.getByRole('button', { name: 'Change the image of Python' }).click();
  const dialog = page.getByRole('dialog', { name: 'Image of Python' });
  await dialog.getByLabel('Image').fill('No Image; at all');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('alert').waitFor();
  await inspect_everywhere(page, 'admin-image');
  await page.keyboard.press('Escape');
  await page.getByRole('table', { name: 'Templates' }).waitFor();
  assert.equal(await page.getByText('set here').count(), 0);
});

scenario(
  'people come in by a provider that was added here, and by nothing else once the password is turned off',
  async () => {
    const child = spawn(process.execPath, [join(process.env.BERTH_OPENID, 'openid_provider.mjs')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    after(() => child.kill('SIGTERM'));
    const [first] = await once(child.stdout, 'data');
    const issuer = `http://localhost:${/ready (\d+)/.exec(String(first))[1]}`;
    const control = (what, body) => fetch(`${issuer}/control/${what}`, { method: 'POST', body: JSON.stringify(body) });
    await control('redirect', { uri: `${stage.origin}/api/v1/auth/providers/corp/callback` });
    await control('account', { id: 'mary', email: 'mary@example.org', name: 'Mary Somerville', email_verified: true });

    const { page } = await administration('providers');
    await page.getByText('There is none').waitFor();
    await page.getByRole('button', { name: 'Add a provider' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a provider' });
    await dialog.getByLabel('Id', { exact: true }).fill('corp');
    await dialog.getByLabel('Name').fill('Corp');
    await dialog.getByLabel('Issuer').fill('http://localhost:1');
    await dialog.getByLabel('Client id').fill('berth');
    await dialog.getByLabel('Client secret').fill('a secret of the client: %&+');
    const address = await dialog.getByLabel('Address to register at the provider', { exact: true }).inputValue();
    assert.equal(address, `${stage.origin}/api/v1/auth/providers/corp/callback`);
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog.getByRole('alert').waitFor(); // nobody answers there
    await inspect_everywhere(page, 'admin-provider');
    await dialog.getByLabel('Issuer').fill(issuer);
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await row(page, 'Corp').getByText('with a secret').waitFor();
    await inspect_everywhere(page, 'admin-providers');

    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await page.getByLabel('E-mail domains that may register').fill('');
    await page.getByRole('checkbox', { name: /^Sign in by e-mail and password/ }).uncheck();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    await inspect_everywhere(page, 'admin-settings');

    const mary = await stage.person({ extraHTTPHeaders: { 'x-login': 'mary' } });
    await mary.page.goto(`${stage.origin}/`);
    await mary.page.getByRole('link', { name: 'Continue with Corp' }).waitFor();
    assert.equal(await mary.page.getByLabel('Password').count(), 0);
    await inspect_everywhere(mary.page, 'sign-in-by-provider-only');
    await mary.page.getByRole('link', { name: 'Continue with Corp' }).click();
    await mary.page.getByRole('heading', { name: 'Workspaces' }).waitFor();

    // Grace's password is worth nothing now, the administrator's is.
    const late = await stage.person();
    await late.page.goto(`${stage.origin}/sign-in`);
    await late.page.getByRole('button', { name: 'sign in by password' }).click();
    await late.page.getByLabel('E-mail').fill(grace.email);
    await late.page.getByLabel('Password').fill(grace.password);
    await late.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await late.page.getByRole('alert').waitFor();
    await late.page.getByLabel('E-mail').fill(account.email);
    await late.page.getByLabel('Password').fill(account.password);
    await late.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await late.page.getByRole('heading', { name: 'Workspaces' }).waitFor();

    await page.getByRole('checkbox', { name: /^Sign in by e-mail and password/ }).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    await page.getByRole('link', { name: 'Ways in' }).click();
    await row(page, 'Corp').getByRole('cell', { name: '1', exact: true }).waitFor(); // one account is linked to it
    await choose(page, 'Corp', 'Take away…');
    await page.getByText('One account is linked to it').waitFor();
    await page.getByRole('button', { name: 'Take it away' }).click();
    await page.getByText('There is none').waitFor();
    const again = await stage.person();
    await sign_in(again.page, stage.origin, grace);
  },
);
