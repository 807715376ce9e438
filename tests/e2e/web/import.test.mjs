// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace that begins with a person's own files, and leaves with them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { account, editor_shows, open_file, picture, scenario, set_up } from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage();

scenario('an archive becomes a workspace, and the workspace an archive', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-import-'));
  try {
    writeFileSync(join(folder, 'logbook.txt'), 'wind from the west\n');
    const archive = join(folder, 'voyage.tar.gz');
    execFileSync('tar', ['-czf', archive, '-C', folder, 'logbook.txt']);

    const { page, faults } = await stage.person();
    await set_up(page, stage.server, stage.origin);
    await page.getByRole('button', { name: 'New workspace' }).click();
    await page.getByRole('button', { name: 'Git repository' }).click();
    await picture(page, 'new-workspace-git');
    await page.getByRole('button', { name: 'Archive' }).click();
    await page.getByLabel(/^Archive/).setInputFiles(archive);
    await page.getByRole('button', { name: 'Create and open' }).click();
    await page.getByRole('heading', { name: 'voyage' }).waitFor();
    await open_file(page, 'logbook.txt');
    await editor_shows(page, (text) => text.includes('wind from the west'), 'the archive’s file');

    await page.getByRole('link', { name: 'To your workspaces' }).click();
    await page.getByRole('button', { name: 'More for voyage' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'Download all' }).click();
    const fetched = join(folder, 'fetched.zip');
    await (await download).saveAs(fetched);
    const names = execFileSync('python3', ['-m', 'zipfile', '-l', fetched]).toString();
    assert.match(names, /logbook\.txt/);
    assert.deepEqual(faults, []);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

scenario('what is no archive is refused with a sentence', async () => {
  const { page } = await stage.person();
  await page.goto(`${stage.origin}/sign-in`);
  await page.getByLabel('E-mail').fill(account.email);
  await page.getByLabel('Password').fill(account.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'New workspace' }).click();
  await page.getByRole('button', { name: 'Git repository' }).click();
  await page.getByLabel('Repository').fill('file:///etc');
  await page.getByRole('button', { name: 'Create and open' }).click();
  await page.getByRole('alert').filter({ hasText: /\w/ }).waitFor();
  await page.getByRole('heading', { name: 'New workspace' }).waitFor();
});
