// SPDX-License-Identifier: GPL-3.0-or-later
// The other ways to an account: links of mails, programs and devices that ask, access tokens. berthd sends no mail here, so the
// links are read where it writes them, in its log.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { account, eventually, scenario } from './support/browser.mjs';
import { inspect, inspect_everywhere } from './support/looks.mjs';
import { register_natively, set_up_server, signed_in_browser } from './support/rest.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage({ people: [] });
const grace = { name: 'Grace Hopper', email: 'grace@example.org', password: 'nanoseconds of wire' };
const api = (path) => `${stage.server.origin}/api/v1/${path}`;

async function signed_in(who = grace) {
  return stage.person({ storageState: await signed_in_browser(stage.origin, who) });
}

/** As a program does. */
async function post(path, body, headers = {}) {
  const native = { 'Content-Type': 'application/json', 'Berth-Client': 'native' };
  const init = { method: 'POST', headers: { ...native, ...headers } };
  return fetch(api(path), { ...init, body: JSON.stringify(body) });
}

/** The newest link to this page in what berthd says; with other text after `from`. */
async function mailed_link(page_name, from = 0) {
  let link;
  await eventually(
    () =>
      (link = [
        ...stage.server
          .output()
          .slice(from)
          .matchAll(/https?:\/\/\S+/g),
      ].findLast(([text]) => text.includes(page_name))),
    `a link to ${page_name} in the log`,
  );
  const { pathname, search } = new URL(link[0]);
  return `${stage.origin}${pathname}${search}`;
}

scenario('a forgotten password is set anew by the mailed link, once, and ends other sign-ins', async () => {
  await set_up_server(stage.server, account);
  await register_natively(stage.server.origin, grace);
  const before = await signed_in();
  await before.page.goto(`${stage.origin}/account`);
  await before.page.getByRole('heading', { name: 'Profile' }).waitFor();

  const { page, faults } = await stage.person();
  await page.goto(`${stage.origin}/sign-in`);
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByText('This server sends no mail').waitFor();
  await page.getByLabel('E-mail').fill(grace.email);
  await inspect_everywhere(page, 'forgot-password');
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
  const link = await mailed_link('/reset-password');
  await page.goto(link);
  await page.getByLabel('New password').fill('a compiler for everybody');
  await inspect_everywhere(page, 'reset-password');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByRole('heading', { name: 'Workspaces' }).waitFor();
  grace.password = 'a compiler for everybody';

  await before.page.reload();
  await before.page.getByRole('heading', { name: 'Sign in to Berth' }).waitFor();
  await page.goto(link);
  await page.getByLabel('New password').fill('once more the same');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByRole('heading', { name: 'This link does not work any more' }).waitFor();
  assert.deepEqual([...faults, ...before.faults], []);
});

scenario('another address takes the password; without mail it is the account’s at once', async () => {
  const rosa = { name: 'Rosa', email: 'rosa@example.org', password: 'a chair for everybody' };
  await register_natively(stage.server.origin, rosa);
  const { page, faults } = await signed_in(rosa);
  await page.goto(`${stage.origin}/account`);
  const password = page.getByLabel('Your password');
  assert.equal(await password.count(), 0);
  await page.getByLabel('E-mail').fill('rosa.parks@example.org');
  await password.fill('not hers');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').waitFor();
  await inspect_everywhere(page, 'account-another-address');
  await password.fill(rosa.password);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  assert.equal(await page.getByLabel('E-mail').inputValue(), 'rosa.parks@example.org');
  assert.equal((await post('auth/sign_in', { email: rosa.email, password: rosa.password })).status, 401);
  assert.equal((await post('auth/sign_in', { ...rosa, email: 'rosa.parks@example.org', name: undefined })).status, 200);
  assert.deepEqual(faults, []);
});

scenario('an address is confirmed by the link of its mail, after a click', async () => {
  const mary = { name: 'Mary Somerville', email: 'mary@example.org', password: 'on the connexion' };
  await register_natively(stage.server.origin, mary);
  const { page, faults } = await signed_in(mary);
  await mailed_link('/verify-email'); // of the registration; another one is asked for
  const from = stage.server.output().length;
  const sent = await page.request.post(api('me/email/verification'), { headers: { Origin: stage.server.origin } });
  assert.ok(sent.ok(), await sent.text());
  const link = await mailed_link('/verify-email', from);
  await page.goto(link);
  await page.getByRole('heading', { name: 'Confirm your e-mail address' }).waitFor();
  await inspect_everywhere(page, 'verify-email');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('Your e-mail address is confirmed.').waitFor();
  await page.goto(`${stage.origin}/account`);
  await page.getByText(`${mary.email} is confirmed.`).waitFor();
  await page.goto(link);
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('heading', { name: 'This link does not work any more' }).waitFor();
  assert.deepEqual(faults, []);
});

scenario('a program on this machine is signed in by its person’s word, and not without', async () => {
  const came = [];
  const program = createServer((request, response) => {
    came.push(new URL(request.url, 'http://127.0.0.1'));
    response.end('You can close this page.');
  });
  await new Promise((resolve) => program.listen(0, '127.0.0.1', resolve));
  try {
    const { page, faults } = await signed_in();
    const begin = async () => {
      const verifier = randomBytes(32).toString('base64url');
      const challenge = createHash('sha256').update(verifier).digest('base64url');
      const redirect = `http://127.0.0.1:${program.address().port}/cb`;
      const begun = await post(
        'auth/native/begin',
        { redirect, challenge, state: 'st' },
        { 'User-Agent': 'berth-desktop 0.1.0' },
      );
      assert.equal(begun.status, 200, await begun.clone().text());
      const { pathname, search } = new URL((await begun.json()).url);
      await page.goto(`${stage.origin}${pathname}${search}`);
      await page.getByRole('heading', { name: 'Sign this program in?' }).waitFor();
      return verifier;
    };
    await begin();
    await page.getByText('berth-desktop 0.1.0').waitFor();
    await inspect_everywhere(page, 'authorize-program');
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByText('You can close this page.').waitFor(); // its own
    assert.equal(came[0].searchParams.get('code'), null);

    const verifier = await begin();
    await page.getByRole('button', { name: 'Allow' }).click();
    await eventually(() => came.some((url) => url.searchParams.has('code')), 'the program to get its code');
    const url = came.find((one) => one.searchParams.has('code'));
    assert.equal(url.searchParams.get('state'), 'st');
    const token = await post('auth/native/token', { code: url.searchParams.get('code'), verifier });
    assert.equal((await token.json()).account.email, grace.email);
    assert.deepEqual(faults, []);
  } finally {
    program.closeAllConnections();
    program.close();
  }
});

scenario('a device is signed in by the code that it shows', async () => {
  const { page, faults } = await signed_in();
  const begun = await (await post('auth/device/begin', {}, { 'User-Agent': 'berth-cli 1' })).json();
  const ask = async () => {
    const answer = await post('auth/device/token', { device_code: begun.device_code }, { 'User-Agent': 'berth-cli 1' });
    return { status: answer.status, ...(await answer.json()) };
  };
  assert.equal((await ask()).error.data.device, 'pending');
  const { pathname, search } = new URL(begun.verification_url);
  await page.goto(`${stage.origin}${pathname}${search}`);
  await page.getByLabel('Code on the device').fill('AAAA-AAAA');
  await page.getByRole('button', { name: 'It is the same: continue' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Code on the device').fill(begun.user_code.toLowerCase().replace('-', ' '));
  await inspect(page, 'authorize-code');
  await page.getByRole('button', { name: 'It is the same: continue' }).click();
  await page.getByText('berth-cli 1').waitFor();
  await inspect_everywhere(page, 'authorize-device');
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByRole('heading', { name: 'The device is signed in' }).waitFor();
  let answer;
  await eventually(
    async () => (answer = await ask()).status === 200,
    () => `a sign-in: ${JSON.stringify(answer)}`,
  );
  assert.equal(answer.account.email, grace.email);

  // It is among the devices; ended there, its tokens are worth nothing.
  await page.getByRole('link', { name: 'Signed-in devices' }).click();
  const device = page.getByRole('listitem').filter({ hasText: 'berth-cli 1' });
  await device.getByRole('button', { name: /^Sign out/ }).click();
  await device.getByRole('button', { name: 'Sign out', exact: true }).click();
  await device.waitFor({ state: 'detached' });
  const renewed = await post('auth/refresh', { refresh_token: answer.refresh_token });
  assert.equal(renewed.status, 401);
  assert.deepEqual(faults, []);
});

scenario('an access token does what it was made for, until it is deleted', async () => {
  const { page, faults } = await signed_in();
  await page.goto(`${stage.origin}/account/tokens`);
  await page.getByRole('button', { name: 'New token' }).click();
  await page.getByLabel('Name', { exact: true }).fill('backup');
  await page.getByRole('button', { name: 'Make the token' }).click();
  await page.getByText('Choose at least one thing').waitFor();
  await page.getByRole('checkbox', { name: /^Read workspaces/ }).check();
  await inspect_everywhere(page, 'token-form');
  await page.getByRole('button', { name: 'Make the token' }).click();
  const secret = await page.getByLabel('Token', { exact: true }).inputValue();
  await inspect_everywhere(page, 'token-made');
  const call = (path) => fetch(api(path), { headers: { Authorization: `Bearer ${secret}` } });
  assert.equal((await call('workspaces')).status, 200);
  assert.equal((await call('me')).status, 403);
  await page.getByRole('button', { name: 'I have it' }).click();
  assert.equal(await page.getByText(secret).count(), 0);
  await page.getByRole('button', { name: 'Delete backup' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText('“backup” works no longer.').waitFor();
  assert.equal((await call('workspaces')).status, 401);
  assert.deepEqual(faults, []);
});
