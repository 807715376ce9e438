// SPDX-License-Identifier: GPL-3.0-or-later
// What a person likes follows them from one browser to the next.
import assert from 'node:assert/strict';
import { account, scenario } from './support/browser.mjs';
import { set_up_server } from './support/rest.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage();

/** Chooses on the page of the account; the server has it when this returns. */
async function choose(page, text) {
  const kept = page.waitForResponse(
    (response) => response.url().endsWith('/me/preferences') && response.request().method() === 'PATCH',
  );
  await page.getByText(text, { exact: true }).click();
  assert.equal((await kept).status(), 200);
}

async function account_page() {
  const person = await stage.administrator({ colorScheme: 'light' });
  await person.page.goto(`${stage.origin}/account`);
  await person.page.getByText('Dark', { exact: true }).waitFor(); // the page's own chunk has come
  return person;
}

const theme = (page, name) => page.locator(`html[data-theme="${name}"]`).waitFor({ state: 'attached' });

scenario('a theme and a terminal’s lines are chosen once for all browsers', async () => {
  await set_up_server(stage.server, account);
  const first = await account_page();
  await choose(first.page, 'Dark');
  await choose(first.page, '50,000');
  const second = await account_page();
  await theme(second.page, 'dark');
  assert.equal(await second.page.getByRole('radio', { name: '50,000' }).isChecked(), true);

  await choose(second.page, 'Light');
  await first.page.reload();
  await theme(first.page, 'light');
  assert.deepEqual([...first.faults, ...second.faults], []);
});

scenario('what was chosen without a connection is sent when there is one', async () => {
  await set_up_server(stage.server, account);
  const first = await account_page();
  await theme(first.page, 'light');
  await first.page.context().setOffline(true);
  await first.page.getByText('Dark', { exact: true }).click();
  await theme(first.page, 'dark');
  await first.page.context().setOffline(false);
  const kept = first.page.waitForResponse((response) => response.request().method() === 'PATCH');
  await first.page.reload();
  assert.equal((await kept).status(), 200);
  await theme(first.page, 'dark');
  const second = await account_page();
  await theme(second.page, 'dark');
});
