// SPDX-License-Identifier: GPL-3.0-or-later
// Two-factor sign-in as a person meets it: turned on, asked for, got around with a recovery code, turned off.
import assert from 'node:assert/strict';
import { scenario } from './support/browser.mjs';
import { inspect_everywhere } from './support/looks.mjs';
import { authenticator } from './support/one_time_code.mjs';
import { register_natively } from './support/rest.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage({ people: [] });
const grace = { name: 'Grace Hopper', email: 'grace@example.org', password: 'nanoseconds of wire' };

async function fill_sign_in(page) {
  await page.getByLabel('E-mail').fill(grace.email);
  await page.getByLabel('Password').fill(grace.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

scenario('a second factor is turned on, asked for at sign-in, and turned off again', async () => {
  await register_natively(stage.server.origin, grace);
  const { page, faults } = await stage.person();
  await page.goto(`${stage.origin}/sign-in?next=%2Faccount%2Fsecurity`);
  await fill_sign_in(page);

  // On: the password, a QR code (or its key), a first code, recovery codes.
  await page.getByRole('button', { name: 'Turn on…' }).click();
  await page.getByLabel('Your password').fill('not the password');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Your password').fill(grace.password);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('img', { name: /QR code/ }).waitFor();
  await page.getByText('I can’t scan it').click();
  const app = authenticator(await page.getByLabel('Type this key into the app instead', { exact: true }).inputValue());
  await inspect_everywhere(page, 'second-factor-begin');
  const code = page.getByLabel('Code', { exact: true });
  await code.fill(app.wrong());
  await page.getByRole('button', { name: 'Turn on', exact: true }).click();
  await page.getByRole('alert').waitFor();
  await code.fill(await app.code());
  await page.getByRole('button', { name: 'Turn on', exact: true }).click();
  const recovery = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
  await recovery.first().waitFor();
  const kept = await recovery.allTextContents();
  assert.equal(new Set(kept).size, 10);
  await inspect_everywhere(page, 'second-factor-recovery');
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByText('10 recovery codes are left').waitFor();

  // Asked for: a wrong code is told and asked for again, a right one goes on to where the person wanted.
  const other = await stage.person();
  await other.page.goto(`${stage.origin}/sign-in?next=%2Faccount%2Ftokens`);
  await fill_sign_in(other.page);
  await other.page.getByRole('heading', { name: 'Two-factor sign-in' }).waitFor();
  await inspect_everywhere(other.page, 'second-factor-step');
  await other.page.getByLabel('Code', { exact: true }).fill(app.wrong());
  await other.page.getByRole('button', { name: 'Continue' }).click();
  await other.page.getByRole('alert').waitFor();
  await other.page.getByLabel('Code', { exact: true }).fill(await app.code());
  await other.page.getByRole('button', { name: 'Continue' }).click();
  await other.page.getByRole('heading', { name: 'Personal access tokens' }).waitFor();

  // Without the phone: a recovery code, once.
  const third = await stage.person();
  await third.page.goto(`${stage.origin}/sign-in`);
  await fill_sign_in(third.page);
  await third.page.getByRole('button', { name: 'Use a recovery code' }).click();
  await third.page.getByLabel('Recovery code').fill(kept[0].toUpperCase());
  await third.page.getByRole('button', { name: 'Continue' }).click();
  await third.page.getByRole('heading', { name: 'Workspaces' }).waitFor();
  await third.page.goto(`${stage.origin}/account/security`);
  await third.page.getByText('9 recovery codes are left').waitFor();

  // The first browser sees the others among its devices and ends one: its page is at the sign-in at once.
  await page.reload();
  const devices = page.getByRole('list', { name: 'Signed-in devices' }).getByRole('listitem');
  await devices.filter({ hasText: 'this one' }).waitFor();
  assert.ok((await devices.count()) >= 3);

  // Off again, by a recovery code.
  await page.getByRole('button', { name: 'Turn off…' }).click();
  await page.getByLabel('Your password').fill(grace.password);
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code').fill(kept[1]);
  await page.getByRole('button', { name: 'Turn off', exact: true }).click();
  await page.getByRole('button', { name: 'Turn on…' }).waitFor();
  const fourth = await stage.person();
  await fourth.page.goto(`${stage.origin}/sign-in`);
  await fill_sign_in(fourth.page);
  await fourth.page.getByRole('heading', { name: 'Workspaces' }).waitFor();
  assert.deepEqual([faults, other.faults, third.faults, fourth.faults].flat(), []);
});
