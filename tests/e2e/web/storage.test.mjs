// SPDX-License-Identifier: GPL-3.0-or-later
// When versions can't be stored: the person goes on working, is told why and what to do, and loses nothing.
import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { command, eventually, retype, saved_on_disk, scenario, terminal_shows } from './support/browser.mjs';
import { inspect_everywhere } from './support/looks.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage();
const storage_is = (page, progress) => page.locator(`[data-storage-state="${progress}"]`).waitFor({ timeout: 40_000 });

/** What berthd stores versions in, away (nobody but root may enter the folder) and back. */
const store = {
  folder: () => join(stage.server.data, 'blobs'),
  take_away: () => chmodSync(store.folder(), 0o000),
  bring_back: () => chmodSync(store.folder(), 0o700),
};

scenario('a store that is away is told of everywhere, and a stop waits for it', async () => {
  const { page, context, faults } = await stage.new_workspace('Python', 'Tides');
  await storage_is(page, 'stored');
  store.take_away();
  try {
    await retype(page, 'typed = "during the outage"\n');
    await saved_on_disk(page);
    await storage_is(page, 'waiting');
    const bar = page.getByRole('status').filter({ hasText: 'Not stored.' });
    await bar.waitFor();
    await inspect_everywhere(page, 'store-away');
    await bar.getByRole('button', { name: 'Hide' }).click();
    await bar.waitFor({ state: 'detached' });

    const dashboard = await context.newPage();
    await dashboard.goto(stage.server.origin);
    const card = dashboard.getByRole('article', { name: 'Tides' });
    await card.getByRole('button', { name: 'Stop' }).click();
    await card.getByText('stopping', { exact: true }).waitFor();
    const reason = card.getByRole('alert');
    await reason.waitFor({ timeout: 60_000 });
    assert.match(await reason.textContent(), /not stopped.*could not be stored/);
    await card.getByText('running', { exact: true }).waitFor();
    await inspect_everywhere(dashboard, 'stop-refused');
    // Work went on meanwhile.
    await command(page, 'clear; cat main.py');
    await terminal_shows(page, (text) => text.includes('during the outage'), 'the text typed meanwhile');

    store.bring_back();
    await card.getByRole('button', { name: 'Try to stop again' }).click();
    await card.getByText('stopped', { exact: true }).waitFor({ timeout: 40_000 });
    await dashboard.goto(`${stage.server.origin}/w/${new URL(page.url()).pathname.split('/')[2]}/history`);
    await dashboard.locator('.diff-place').getByText('during the outage').first().waitFor();
  } finally {
    store.bring_back();
  }
  assert.deepEqual(faults, []);
});

scenario(
  'storage that is full is told of with what to do, and what did not fit is stored once there is room',
  async () => {
    const { page, context, faults } = await stage.new_workspace('Python', 'Ballast');
    await storage_is(page, 'stored');
    const settings = await context.newPage();
    const set_limit = async (bytes) => {
      await settings.goto(`${stage.server.origin}/settings`);
      await settings.getByLabel('Stored versions an account (GiB)').fill(String(bytes / 2 ** 30));
      await settings.getByRole('button', { name: 'Save' }).click();
      await settings.getByText('Saved.').waitFor();
    };
    await set_limit(1_000_000);
    await command(page, 'head -c 900000 /dev/urandom > first.bin; head -c 3000000 /dev/urandom > second.bin');
    await storage_is(page, 'waiting');
    const bar = page.getByRole('status').filter({ hasText: 'Not stored.' });
    await bar.getByText(/Your stored versions take .* of 1\.0 MB/).waitFor();
    await inspect_everywhere(page, 'storage-full');

    // An upload that can't fit is refused before it begins.
    const dashboard = await context.newPage();
    await dashboard.goto(stage.server.origin);
    await dashboard.getByRole('meter', { name: 'Storage for versions' }).waitFor();
    await dashboard.getByRole('button', { name: 'New workspace' }).click();
    await dashboard.getByRole('button', { name: 'Upload' }).click();
    const content = Buffer.alloc(2_000_000);
    await dashboard.getByLabel('Choose an archive…').setInputFiles({ name: 'big.tar', mimeType: '', buffer: content });
    await dashboard.getByRole('button', { name: 'Create and open' }).click();
    const refused = dashboard.getByRole('article', { name: 'Upload of big' });
    await refused.getByRole('alert').filter({ hasText: 'Your storage has' }).waitFor();
    await inspect_everywhere(dashboard, 'upload-refused');
    await refused.getByRole('button', { name: 'Dismiss' }).click();

    await dashboard.goto(`${stage.server.origin}/account#storage`);
    await dashboard.getByRole('table', { name: /Largest workspaces/ }).waitFor();
    const rows = dashboard.getByRole('table').getByRole('row');
    await eventually(async () => /^Ballast/.test(await rows.first().textContent()), 'the largest workspace on top');
    await inspect_everywhere(dashboard, 'account-storage');

    // Nearly full, then room enough.
    const used = Number(await dashboard.getByRole('meter').getAttribute('aria-valuenow'));
    await set_limit(Math.round(used / 0.9));
    await dashboard.goto(stage.server.origin);
    await dashboard.getByText('Your storage is almost full.').waitFor();
    await inspect_everywhere(dashboard, 'storage-near');
    await set_limit(50_000_000);
    await page.bringToFront();
    await command(page, 'echo more > third.txt'); // a change is another try, before the next one that is due
    await storage_is(page, 'stored');
    await bar.waitFor({ state: 'detached' });
    assert.deepEqual(faults, []);
  },
);
