// SPDX-License-Identifier: GPL-3.0-or-later
// The warning before an idle stop, and one click to stay.
import assert from 'node:assert/strict';
import { picture, scenario } from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';
import { complaints } from './support/looks.mjs';

const stage = use_stage({ server_options: ['--idle-stop-minutes=1'] });

scenario('an idle workspace warns, and stays when told to', async () => {
  const { page, faults } = await stage.new_workspace('Python', 'Sleepy');
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
