// SPDX-License-Identifier: GPL-3.0-or-later
// The warning before an idle stop, and one click to stay.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { start_server } from './support/berth_server.mjs';
import { account, create_workspace, launch, new_person, picture, scenario, set_up } from './support/browser.mjs';
import { complaints } from './support/looks.mjs';

let server, browser;
before(async () => {
  server = await start_server('--idle-stop-minutes=1');
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop(account);
});

scenario('an idle workspace warns, and stays when told to', async () => {
  const { page, faults } = await new_person(browser);
  await set_up(page, server);
  await create_workspace(page, 'Python', 'Sleepy');
  const stay = page.getByRole('button', { name: 'Stay' });
  await stay.waitFor({ timeout: 90_000 });
  assert.match(await page.locator('.bar .clock').textContent(), /^[012]:\d\d$/);
  await picture(page, 'idle-warning-wide-light');
  assert.deepEqual(await complaints(page), []);
  await stay.click();
  await stay.waitFor({ state: 'detached' });
  await page.locator('.connection-state.connected').waitFor();
  assert.deepEqual(faults, []);
});
