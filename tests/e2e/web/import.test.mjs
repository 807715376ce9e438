// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace that begins with a person's own files, and leaves with them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import {
  command,
  editor_shows,
  eventually,
  open_file,
  scenario,
  set_up,
  terminal_shows,
  workspace_ready,
} from './support/browser.mjs';
import { inspect, inspect_everywhere } from './support/looks.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage();
let place;
before(() => (place = mkdtempSync(join(tmpdir(), 'berth-import-'))));
after(() => rmSync(place, { recursive: true, force: true }));

async function begin_upload(page) {
  await page.getByRole('button', { name: 'New workspace' }).click();
  await page.getByRole('button', { name: 'Upload' }).click();
}

/** How fast the page can send, in bytes a second; 0: as it can. */
async function limit_upload(page, bytes_a_second) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: bytes_a_second || -1,
  });
}

scenario('an archive becomes a workspace, and the workspace an archive', async () => {
  writeFileSync(join(place, 'logbook.txt'), 'wind from the west\n');
  writeFileSync(join(place, 'README.md'), '# Voyage\n');
  const archive = join(place, 'voyage.tar.gz');
  execFileSync('tar', ['-czf', archive, '-C', place, 'logbook.txt', 'README.md']);

  const { page, faults } = await stage.person();
  await set_up(page, stage.server, stage.origin);
  await begin_upload(page);
  await inspect(page, 'new-workspace-upload');
  await page.getByLabel('Choose an archive…').setInputFiles(archive);
  await page.getByText('voyage.tar.gz, ').waitFor();
  await page.getByRole('button', { name: 'Create and open' }).click();
  await page.getByRole('heading', { name: 'voyage' }).waitFor();
  await page.getByRole('tab', { name: 'README.md', selected: true }).waitFor(); // once it is unpacked
  await open_file(page, 'logbook.txt');
  await editor_shows(page, (text) => text.includes('wind from the west'), 'the archive’s file');

  await page.getByRole('link', { name: 'To your workspaces' }).click();
  await page.getByRole('button', { name: 'More for voyage' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Download all' }).click();
  const fetched = join(place, 'fetched.zip');
  await (await download).saveAs(fetched);
  const names = execFileSync('python3', ['-m', 'zipfile', '-l', fetched]).toString();
  assert.match(names, /logbook\.txt/);
  assert.deepEqual(faults, []);
});

scenario('a folder becomes a workspace, and is told of while it is sent', async () => {
  const folder = join(place, 'harbour');
  mkdirSync(join(folder, 'charts', 'north'), { recursive: true });
  writeFileSync(join(folder, 'readme.md'), '# Harbour\n');
  writeFileSync(join(folder, 'charts', 'north', 'depths.csv'), '12,7\n');
  writeFileSync(join(folder, 'sail.sh'), '#!/bin/sh\necho "under way"\n', { mode: 0o755 });
  writeFileSync(join(folder, 'ballast.bin'), '');
  truncateSync(join(folder, 'ballast.bin'), 3_000_000);

  const { page, faults } = await stage.dashboard();
  await begin_upload(page);
  await page.getByLabel('Choose a folder…').setInputFiles(folder);
  await page.getByText('harbour: 4 files, 3.0 MB').waitFor();
  await inspect_everywhere(page, 'new-workspace-folder');
  await limit_upload(page, 600_000);
  await page.getByRole('button', { name: 'Create and open' }).click();
  const card = page.getByRole('article', { name: 'Upload of harbour' });
  await card.getByText(/ of 3\.0 MB/).waitFor();
  assert.equal(await page.getByRole('article', { name: 'harbour', exact: true }).count(), 0, 'the half-made one');
  await inspect_everywhere(page, 'uploading');
  await limit_upload(page, 0);
  await page.getByRole('heading', { name: 'harbour' }).waitFor();
  await open_file(page, 'readme.md');
  await workspace_ready(page);
  await command(page, 'clear; ./sail.sh; cat charts/north/depths.csv; stat -c %s ballast.bin');
  await terminal_shows(page, (text) => /under way\n12,7\n3000000/.test(text), 'what was in the folder');
  assert.deepEqual(faults, []);
});

scenario('keys alone upload an archive', async () => {
  const archive = join(place, 'keys.tar');
  execFileSync('tar', ['-cf', archive, '-C', place, 'logbook.txt']);
  const { page } = await stage.dashboard();
  // From the beginning: a chooser that opens before the browser was told to hand it over is nobody's.
  const choosers = [];
  page.on('filechooser', (chooser) => choosers.push(chooser));
  await page.getByRole('article', { name: 'harbour' }).waitFor();
  const focused = () =>
    page.evaluate(() => {
      const { activeElement: at } = document;
      return at?.getAttribute('aria-label') || at?.labels?.[0]?.textContent?.trim() || at?.textContent?.trim();
    });
  const tab_to = async (name) => {
    await eventually(async () => {
      await page.keyboard.press('Tab');
      return (await focused()) === name;
    }, `the key Tab to reach “${name}”`);
  };
  await tab_to('New workspace');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'New workspace' }).waitFor();
  await tab_to('Upload');
  await page.keyboard.press('Enter');
  await tab_to('Choose an archive…');
  await page.keyboard.press('Space');
  await eventually(() => choosers.length > 0, 'the choice of a file');
  await choosers[0].setFiles(archive);
  await tab_to('Create and open');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'keys' }).waitFor();
});

scenario('what is dropped on the dashboard is asked about', async () => {
  const { page, faults } = await stage.dashboard();
  const drag = async (type, name) => {
    const dataTransfer = await page.evaluateHandle((file_name) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['bytes'], file_name));
      return transfer;
    }, name);
    await page.locator('.page').dispatchEvent(type, { dataTransfer });
  };
  await drag('dragover', 'cargo.zip');
  await page.getByText('Drop it to make a workspace of it').waitFor();
  await drag('drop', 'cargo.zip');
  await page.getByText('cargo.zip, 5 bytes').waitFor();
  await drag('drop', 'manifest.txt');
  await page.getByText('manifest.txt: 1 file, 5 bytes').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.deepEqual(faults, []);
});

scenario('an upload that the person cancels leaves nothing behind', async () => {
  const archive = join(place, 'fog.tar');
  writeFileSync(archive, '');
  truncateSync(archive, 8_000_000);
  const { page } = await stage.dashboard();
  const cards = page.getByRole('article');
  await page.getByRole('article', { name: 'harbour' }).waitFor();
  const before_it = await cards.count();
  await limit_upload(page, 200_000);
  await begin_upload(page);
  await page.getByLabel('Choose an archive…').setInputFiles(archive);
  await page.getByRole('button', { name: 'Create and open' }).click();
  const card = page.getByRole('article', { name: 'Upload of fog' });
  await card.getByText(/ of 8\.0 MB/).waitFor();
  await card.getByRole('button', { name: 'Cancel' }).click();
  await card.waitFor({ state: 'detached' });
  await limit_upload(page, 0);
  await eventually(async () => {
    await page.reload();
    await page.getByRole('article', { name: 'harbour' }).waitFor();
    return (await cards.count()) === before_it;
  }, 'the server to take back what it had made');
});

scenario('why an import failed is told, also after a reload, until the person has read it', async () => {
  const { page, faults } = await stage.dashboard();
  await page.getByRole('button', { name: 'New workspace' }).click();
  await page.getByRole('button', { name: 'Git repository' }).click();
  await page.getByLabel('Repository').fill('file:///etc');
  await page.getByRole('button', { name: 'Create and open' }).click();
  await page.getByRole('alert').filter({ hasText: 'https://' }).waitFor();
  await inspect_everywhere(page, 'new-workspace-git');
  // Nothing listens there, in the workspace that is made.
  await page.getByLabel('Repository').fill('http://127.0.0.1:9/fog.git');
  await page.getByRole('button', { name: 'Create and open' }).click();
  const failed = page.getByRole('alert').filter({ hasText: 'The import failed' });
  await failed.waitFor();
  await inspect_everywhere(page, 'import-failed');
  await page.reload();
  await failed.waitFor();
  await failed.getByRole('button', { name: 'Close' }).click();
  await failed.waitFor({ state: 'detached' });
  await page.reload();
  await page.locator('.connection-state.connected').waitFor();
  assert.equal(await failed.count(), 0);
  assert.deepEqual(faults, []);
});
