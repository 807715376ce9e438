// SPDX-License-Identifier: GPL-3.0-or-later
// Signing in by a real OpenID provider, whose own pages click themselves (tests/accounts/openid): a new account, one that has the
// address already, and one more way in to an account.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after } from 'node:test';
import { scenario } from './support/browser.mjs';
import { inspect, inspect_everywhere } from './support/looks.mjs';
import { register_natively } from './support/rest.mjs';
import { use_stage } from './support/stage.mjs';

const child = spawn(process.execPath, [join(process.env.BERTH_OPENID, 'openid_provider.mjs')], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [first] = await once(child.stdout, 'data');
const provider = `http://localhost:${/ready (\d+)/.exec(String(first))[1]}`;
after(() => child.kill('SIGTERM'));

process.env.BERTH_IDENTITY_PROVIDER_CLIENT_SECRET = 'a secret of the client: %&+';
const stage = use_stage({
  people: [],
  server_options: [
    '--identity-provider-id=sso',
    '--identity-provider-name=Example',
    `--identity-provider-issuer=${provider}`,
    '--identity-provider-client-id=berth',
  ],
});
const ada = { name: 'Ada Lovelace', email: 'ada@example.org', password: 'correct horse battery' };

async function control(what, body) {
  const answer = await fetch(`${provider}/control/${what}`, { method: 'POST', body: JSON.stringify(body) });
  assert.equal(answer.status, 200);
}

/** A browser whose person is `login` at the provider; "refuse" agrees to nothing there. */
function person_at_provider(login) {
  return stage.person({ extraHTTPHeaders: { 'x-login': login } });
}

async function prepare(...accounts) {
  await control('redirect', { uri: `${stage.origin}/api/v1/auth/providers/sso/callback` });
  for (const one of accounts) await control('account', { email_verified: true, ...one });
}

scenario('a person without an account gets one by the provider, and signs in by it again', async () => {
  await prepare({ id: 'grace', email: 'grace@example.org', name: 'Grace Hopper' });
  const { page, faults } = await person_at_provider('grace');
  await page.goto(`${stage.origin}/account/security`);
  await page.getByRole('heading', { name: 'Sign in to Berth' }).waitFor();
  await inspect_everywhere(page, 'sign-in-providers');
  await page.getByRole('link', { name: 'Continue with Example' }).click();
  const linked = page.getByRole('list', { name: 'Linked accounts' }).getByRole('listitem');
  await linked.filter({ hasText: 'grace@example.org' }).waitFor();
  // Its only way in can't be taken away, and there is no password to change.
  await page.getByRole('button', { name: 'Set password' }).waitFor();
  assert.ok(await linked.getByRole('button', { name: /^Disconnect/ }).isDisabled());
  await inspect_everywhere(page, 'account-without-password');
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByRole('link', { name: 'Continue with Example' }).click();
  await linked.filter({ hasText: 'grace@example.org' }).waitFor();
  assert.deepEqual(faults, []);
});

scenario('who refuses at the provider is told and can sign in another way', async () => {
  await prepare();
  const { page, faults } = await person_at_provider('refuse');
  await page.goto(`${stage.origin}/sign-in`);
  await page.getByRole('link', { name: 'Continue with Example' }).click();
  await page.getByText('You did not agree there').waitFor();
  await inspect(page, 'sign-in-refused-by-provider');
  assert.deepEqual(faults, []);
});

scenario('an account that has the address is connected by its password only', async () => {
  await prepare({ id: 'ada', email: ada.email, name: 'Ada' });
  await register_natively(stage.server.origin, ada);
  const { page, faults } = await person_at_provider('ada');
  await page.goto(`${stage.origin}/sign-in?next=%2Faccount%2Fsecurity`);
  await page.getByRole('link', { name: 'Continue with Example' }).click();
  await page.getByRole('heading', { name: 'You have an account already' }).waitFor();
  await inspect_everywhere(page, 'link');
  const password = page.getByLabel('Password of your Berth account');
  await password.fill('not hers');
  await page.getByRole('button', { name: 'Connect and sign in' }).click();
  await page.getByRole('alert').waitFor();
  await password.fill(ada.password);
  await page.getByRole('button', { name: 'Connect and sign in' }).click();
  const linked = page.getByRole('list', { name: 'Linked accounts' }).getByRole('listitem');
  await linked.filter({ hasText: ada.email }).waitFor();

  // Taken away and given back from the account's page.
  await linked.getByRole('button', { name: /^Disconnect/ }).click();
  await linked.getByRole('button', { name: 'Disconnect', exact: true }).click();
  await linked.first().waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Connect Example' }).click();
  await page.getByLabel('Your password').fill('not hers');
  await page.getByRole('button', { name: 'Continue to Example' }).click();
  await page.getByRole('alert').waitFor();
  await inspect_everywhere(page, 'account-connect');
  await page.getByLabel('Your password').fill(ada.password);
  await page.getByRole('button', { name: 'Continue to Example' }).click();
  await linked.filter({ hasText: ada.email }).waitFor();
  assert.deepEqual(faults, []);
});

scenario('an identity of somebody else’s can’t be connected, and that is told', async () => {
  await prepare();
  const { page, faults } = await person_at_provider('grace');
  await page.goto(`${stage.origin}/sign-in?next=%2Faccount%2Fsecurity`);
  const mary = { name: 'Mary', email: 'mary@example.org', password: 'on the connexion' };
  await register_natively(stage.server.origin, mary);
  await page.getByLabel('E-mail').fill(mary.email);
  await page.getByLabel('Password').fill(mary.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('button', { name: 'Connect Example' }).click();
  await page.getByLabel('Your password').fill(mary.password);
  await page.getByRole('button', { name: 'Continue to Example' }).click();
  await page.getByText('That account signs in to another account here already.').waitFor();
  assert.deepEqual(faults, []);
});
