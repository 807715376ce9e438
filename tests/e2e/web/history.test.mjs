// SPDX-License-Identifier: GPL-3.0-or-later
// Every save is a version: a person sees that it is stored, looks at what changed, brings an earlier text back, keeps one by name,
// and makes a workspace of its own from it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  editor_shows,
  eventually,
  picture,
  retype,
  saved_on_disk,
  scenario,
  workspace_ready,
} from './support/browser.mjs';
import { inspect_everywhere } from './support/looks.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage();

const stored = (page) => page.locator('.save-state', { hasText: 'Saved ✓ stored' }).waitFor();

/** Replaces the text and waits until a version holds it. */
async function store(page, text) {
  await retype(page, text);
  await saved_on_disk(page);
  await stored(page);
}

async function history_of(page, name) {
  await page.getByRole('treeitem', { name, exact: true }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Show history' }).click();
  await page.getByRole('heading', { name: `History of ${name}` }).waitFor();
}

scenario('an earlier text is found in the history and brought back', async () => {
  const { page, faults } = await stage.new_workspace('Python', 'Tides');
  await store(page, 'first = 1\n');
  await store(page, 'second = 2\n');

  await history_of(page, 'main.py');
  const versions = page.getByRole('list', { name: 'Versions' }).getByRole('button');
  await eventually(async () => (await versions.count()) >= 2, 'two versions of main.py');
  const sides = page.locator('.diff-place');
  await sides.getByText('second').first().waitFor();
  await sides.getByText('first').first().waitFor();
  await picture(page, 'history');

  await versions.nth(1).click();
  await page.getByRole('button', { name: 'Restore this file' }).click();
  await page.getByText('main.py was brought back').waitFor();
  await page.getByRole('button', { name: 'Close history' }).click();
  await editor_shows(page, (text) => text.includes('first = 1') && !text.includes('second'), 'the first text again');

  // The text that was replaced is not lost: it is a version, too.
  await history_of(page, 'main.py');
  await eventually(async () => (await versions.count()) >= 3, 'the restored version on top of both');
  assert.deepEqual(faults, []);
});

scenario('a version is kept by name and becomes a workspace of its own', async () => {
  const { page } = await stage.new_workspace('Python', 'Moorings');
  await store(page, 'kept = True\n');
  await page.getByRole('button', { name: 'History', exact: true }).click();
  await page.getByRole('button', { name: 'Keep a version…' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Before the storm');
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  const kept = page.getByRole('list', { name: 'Versions' }).getByRole('button', { name: /Before the storm/ });
  await kept.click();

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Download as zip' }).click();
  assert.match((await download).suggestedFilename(), /\.zip$/);

  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'New workspace from it…' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Moorings, again');
  await page.getByRole('button', { name: 'Create and open' }).click();
  await page.getByRole('heading', { name: 'Moorings, again' }).waitFor();
  await workspace_ready(page);
  await editor_shows(page, (text) => text.includes('kept = True'), 'the version’s text');
});

scenario(
  'a stopped workspace has its history: files are looked at, brought back and fetched while it stays stopped',
  async () => {
    const { page, faults, id } = await stage.new_workspace('Python', 'Dry dock');
    await store(page, 'keel = "first"\n');
    await store(page, 'keel = "second"\n');
    await page.getByRole('link', { name: 'To your workspaces' }).click();
    const card = page.getByRole('article', { name: 'Dry dock' });
    await card.getByRole('button', { name: 'Stop' }).click();
    await card.getByText('stopped', { exact: true }).waitFor();
    await card.getByRole('button', { name: 'More for Dry dock' }).click();
    await page.getByRole('menuitem', { name: 'History' }).click();
    await page.getByRole('heading', { name: 'Dry dock' }).waitFor();

    // Every file of a version, and from one file to its own timeline.
    await page.getByRole('button', { name: 'All files' }).click();
    const files = page.getByRole('list', { name: 'Files in project' });
    await files.getByRole('button', { name: /^main\.py/ }).click();
    await page.locator('.diff-place').getByText('second').first().waitFor();
    await inspect_everywhere(page, 'history-stopped');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download this file' }).click();
    assert.match(readFileSync(await (await download).path(), 'utf8'), /second/);
    await page.getByRole('button', { name: 'History of this file' }).click();
    await page.getByRole('heading', { name: 'History of main.py' }).waitFor();
    const versions = page.getByRole('list', { name: 'Versions' }).getByRole('button');
    await eventually(async () => (await versions.count()) >= 3, 'the versions of main.py');
    await versions.nth(1).click();
    await page.getByRole('button', { name: 'With now' }).click();
    await page.locator('.diff-place').getByText('first').first().waitFor();
    await page.locator('.diff-place').getByText('second').first().waitFor();

    await page.getByRole('button', { name: 'Restore main.py' }).click();
    await page.getByRole('button', { name: 'Restore', exact: true }).click();
    await page.getByText('main.py was brought back').waitFor();
    await page.locator('.history-workspace').getByText('stopped', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Keep a version…' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Scraped and painted');
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    await page.getByRole('button', { name: 'Show everything' }).click();
    const versions_of_all = page.getByRole('list', { name: 'Versions' });
    await versions_of_all.getByRole('button', { name: /Scraped and painted/ }).waitFor();
    await page.getByRole('button', { name: 'Close history' }).click();
    await page.getByRole('heading', { name: 'Workspaces' }).waitFor();
    await page.getByRole('link', { name: 'Dry dock' }).click();
    await workspace_ready(page);
    await editor_shows(page, (text) => text.includes('first'), 'the restored text');
    assert.equal(new URL(page.url()).pathname, `/w/${id}`);
    assert.deepEqual(faults, []);
  },
);
