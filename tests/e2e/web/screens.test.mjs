// SPDX-License-Identifier: GPL-3.0-or-later
// Every screen, light and dark, wide and narrow: pictures for people ($BERTH_SCREENSHOTS), measured faults for the test.
import assert from 'node:assert/strict';
import { account, picture, scenario, set_up, sign_in } from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';
import { complaints, in_theme } from './support/looks.mjs';

const stage = use_stage({ browser_options: { readable_terminals: false } });

const windows = [
  { size: 'wide', viewport: { width: 1440, height: 900 } },
  { size: 'narrow', viewport: { width: 390, height: 800 } },
];

/** Takes pictures in both themes, beginning with the one that shows, and gathers what is wrong. */
function album(size, page, faults) {
  const themes = ['dark', 'light'];
  return async (name) => {
    for (const theme of themes.reverse()) {
      await in_theme(page, theme);
      await picture(page, `${name}-${size}-${theme}`);
      faults.push(...(await complaints(page)).map((complaint) => `${name} ${size} ${theme}: ${complaint}`));
    }
  };
}

async function outside_screens(page, shoot) {
  await page.goto(`${stage.server.origin}/sign-in`);
  await page.getByLabel('E-mail').fill('ada@example.org');
  await shoot('sign-in');
  await page.getByLabel('Password').fill('wrong password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await shoot('sign-in-refused');
  await page.goto(`${stage.server.origin}/sign-up`);
  await page.getByLabel('Name').waitFor();
  await shoot('sign-up');
}

async function dashboard_screens(page, shoot) {
  await page.getByRole('article').first().waitFor();
  await shoot('dashboard');
  await page.getByRole('button', { name: 'New workspace' }).click();
  await page.getByRole('dialog').waitFor();
  await shoot('new-workspace');
  await page.getByRole('button', { name: 'Upload' }).click();
  await shoot('new-workspace-upload');
  await page.keyboard.press('Escape');
  await page
    .getByRole('button', { name: /^More for/ })
    .first()
    .click();
  await shoot('workspace-menu');
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  await shoot('delete-workspace');
  await page.keyboard.press('Escape');
  await page.goto(`${stage.server.origin}/account`);
  await page.getByRole('table', { name: /Largest workspaces/ }).waitFor();
  await shoot('account');
  await page.goto(`${stage.server.origin}/account#storage`);
  await shoot('account-storage');
  await page.goto(`${stage.server.origin}/settings`);
  await page.getByRole('checkbox', { name: /^Registration is open/ }).waitFor();
  await shoot('settings');
  await page.goto(`${stage.server.origin}/nowhere`);
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
  await shoot('nothing-here');
}

async function history_screens(page, shoot, workspace) {
  await page.goto(`${stage.server.origin}${workspace}/history`);
  await page.getByRole('list', { name: 'Changed files' }).getByRole('button').first().click();
  await page.locator('.diff-place .view-line').first().waitFor();
  await shoot('history');
  const ground = (selector) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).backgroundColor);
  assert.equal(await ground('.diff-place .monaco-editor'), await ground('.history'), 'the texts’ ground is the page’s');
  await page.getByRole('button', { name: 'All files' }).click();
  await page
    .getByRole('list', { name: 'Files in project' })
    .getByRole('button', { name: /^More for/ })
    .last()
    .click();
  await shoot('history-files');
  await page.getByRole('menuitem', { name: /^Restore/ }).click();
  await shoot('history-restore');
  await page.keyboard.press('Escape');
}

async function wide_screens(page, shoot) {
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('tab', { name: /Run exit 0/ }).waitFor();
  await shoot('workspace');
  await page.getByRole('treeitem', { name: 'main.py' }).click({ button: 'right' });
  await page.getByRole('menu').waitFor();
  await shoot('file-menu');
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: /Ports/ }).click();
  await shoot('ports');
  await page.getByRole('button', { name: 'Preview', exact: true }).click();
  await page.getByRole('heading', { name: 'Nothing to preview yet' }).waitFor();
  await shoot('preview-empty');
  await page.getByRole('button', { name: 'Preview', exact: true }).click();
  await page.getByRole('button', { name: 'Close main.py' }).click();
  await shoot('nothing-open');
}

async function narrow_screens(page, shoot) {
  await shoot('workspace');
  for (const pane of ['Files', 'Terminal', 'Preview']) {
    await page.getByRole('navigation', { name: 'Panels' }).getByRole('button', { name: pane }).click();
    await shoot(`workspace-${pane.toLowerCase()}`);
  }
}

/** So that the pictures show a meter. */
async function limit_storage(page, bytes) {
  const settings = await page.context().newPage();
  await settings.goto(`${stage.server.origin}/settings`);
  await settings.getByLabel('Stored versions an account (GiB)').fill(String(bytes / 2 ** 30));
  await settings.getByRole('button', { name: 'Save' }).click();
  await settings.getByText('Saved.').waitFor();
  await settings.close();
}

scenario('every screen reads well, light and dark, wide and narrow', async () => {
  const faults = [];
  const first = await stage.person();
  await first.page.goto(stage.server.setup_link);
  await first.page.getByLabel('Name').waitFor();
  await picture(first.page, 'setup-wide-light');
  await set_up(first.page, stage.server);
  await picture(first.page, 'dashboard-empty-wide-light');
  await first.page.getByRole('button', { name: 'New workspace' }).click();
  await first.page.getByRole('radio', { name: 'Python' }).check({ force: true });
  await first.page.getByLabel('Name', { exact: true }).fill('Harbour');
  await first.page.getByRole('button', { name: 'Create and open' }).click();
  await first.page.locator('.monaco-editor .view-line').first().waitFor();
  await first.page.locator('[data-storage-state="stored"]').waitFor();
  await limit_storage(first.page, 20_000);
  const workspace = new URL(first.page.url()).pathname;
  for (const { size, viewport } of windows) {
    const { page, faults: page_faults, context } = await stage.person({ viewport });
    const shoot = album(size, page, faults);
    await outside_screens(page, shoot);
    await sign_in(page, stage.server.origin);
    await dashboard_screens(page, shoot);
    await history_screens(page, shoot, workspace);
    await page.goto(`${stage.server.origin}${workspace}`);
    await page.locator('.monaco-editor .view-line').first().waitFor();
    await page.locator('.connection-state.connected').waitFor();
    await (size === 'wide' ? wide_screens : narrow_screens)(page, shoot);
    faults.push(...page_faults);
    await context.close();
  }
  assert.deepEqual(faults, []);
});
