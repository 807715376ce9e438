// SPDX-License-Identifier: GPL-3.0-or-later
// Every page with axe-core, in the usual and in the high contrast theme, and the page without a server.
import assert from 'node:assert/strict';
import { account, focus_editor, open_file, scenario, sign_in } from './support/browser.mjs';
import { accessible, findings } from './support/accessibility.mjs';
import { picture } from './support/browser.mjs';
import { complaints } from './support/looks.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage({ proxy: true });

scenario('axe-core finds nothing serious on any page', async () => {
  const { page, faults, id } = await stage.new_workspace('Python', 'Accessible');
  const found = new Set(); // of all pages: one look tells everything
  const look = async (name, at = page) => {
    for (const finding of await findings(at)) found.add(`${name}: ${finding}`);
  };
  const in_ide = (name) => look(`workspace: ${name}`);
  await in_ide('files, editor, terminal');
  await page.keyboard.press('Control+Shift+F');
  await page.getByRole('textbox', { name: 'Search in all files' }).fill('print');
  await page.getByRole('tree', { name: 'What was found' }).getByRole('treeitem').first().waitFor();
  await in_ide('search');
  await page.getByRole('button', { name: 'People', exact: true }).click();
  await page.getByRole('region', { name: 'People' }).waitFor();
  await page.getByRole('button', { name: 'Open ports', exact: true }).click();
  await in_ide('people and ports');
  await page.keyboard.press('F1');
  await page.getByRole('combobox').first().waitFor();
  await in_ide('palette');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await page.getByRole('searchbox', { name: 'Search settings' }).waitFor();
  await in_ide('settings');
  await page.keyboard.press('Control+K');
  await page.keyboard.press('Control+S');
  await page.getByRole('searchbox', { name: 'Search commands' }).waitFor();
  await in_ide('keys');
  await page.getByRole('button', { name: 'History', exact: true }).click();
  await page
    .getByRole('region', { name: /History/ })
    .or(page.locator('.history'))
    .first()
    .waitFor();
  await in_ide('history');

  const visit = async (path, ready) => {
    await page.goto(`${stage.origin}${path}`);
    await ready.first().waitFor();
    await look(path);
  };
  const heading = page.getByRole('heading', { level: 1 });
  await visit('/', page.getByRole('article'));
  await page.getByRole('button', { name: 'New workspace' }).click();
  await page.getByRole('dialog').waitFor();
  await look('new workspace');
  for (const path of [
    '/account',
    '/account/security',
    '/account/tokens',
    '/teams',
    '/join?token=x',
    '/device',
    '/link',
  ])
    await visit(path, heading);
  for (const part of ['', '/accounts', '/workspaces', '/templates', '/providers', '/settings', '/audit'])
    await visit(`/admin${part}`, heading);
  await visit(`/w/${id}/history`, heading.or(page.locator('.history')));
  await visit('/nothing-here', heading);

  const stranger = await stage.person();
  for (const path of ['/sign-in', '/sign-up', '/forgot-password', '/reset-password?token=x', '/public/x']) {
    await stranger.page.goto(`${stage.origin}${path}`);
    await stranger.page.getByRole('heading', { level: 1 }).first().waitFor();
    await look(path, stranger.page);
  }
  assert.deepEqual([...found], []);
  assert.deepEqual(faults, []);
});

scenario('high contrast is chosen or follows the system, and everything can be read in it', async () => {
  const { page, faults } = await stage.open_workspace('Accessible', { colorScheme: 'light' });
  const html = (theme, contrast) =>
    page.locator(`html[data-theme="${theme}"][data-contrast="${contrast}"]`).waitFor({ state: 'attached' });
  await html('light', 'usual');
  await page.emulateMedia({ contrast: 'more' });
  await html('light', 'high');
  await page.emulateMedia({ contrast: null });
  for (const [choice, theme] of [
    ['contrast_light', 'light'],
    ['contrast_dark', 'dark'],
  ]) {
    await page.keyboard.press('Control+,');
    await page.locator('[data-setting="theme"]').getByRole('combobox').selectOption(choice);
    await html(theme, 'high');
    await picture(page, `settings-wide-${choice}`);
    assert.deepEqual(await complaints(page), [], `settings, ${choice}`);
    await page.keyboard.press('Escape');
    await page.getByRole('searchbox', { name: 'Search settings' }).waitFor({ state: 'detached' });
    await picture(page, `ide-wide-${choice}`);
    assert.deepEqual(await complaints(page), [], choice);
    await accessible(page, choice);
  }
  // Nothing moves where the person wants it so.
  await page.keyboard.press('Control+,');
  await page.locator('[data-setting="workbench.reduce_motion"]').getByRole('combobox').selectOption('on');
  await page.locator('html[data-motion="still"]').waitFor({ state: 'attached' });
  await page.goto(`${stage.origin}/`);
  await page.locator('html[data-theme="dark"][data-contrast="high"]').waitFor({ state: 'attached' });
  await page.getByRole('article').first().waitFor();
  assert.deepEqual(await complaints(page), [], 'workspaces');
  assert.deepEqual(faults, []);
});

scenario('the page opens without a server, and gives out what was typed', async () => {
  const { page, faults } = await stage.person({ serviceWorkers: 'allow' });
  await sign_in(page, stage.origin, account);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await page.reload(); // from now on the worker has what the page needs
  await page.getByRole('article').first().waitFor();
  await stage.enter(page, 'Accessible');
  await open_file(page, 'main.py');
  const kept_answers = await page.evaluate(async () => {
    const cache = await caches.open('berth-page-1');
    return (await cache.keys()).map(({ url }) => new URL(url).pathname).filter((path) => path.startsWith('/api/'));
  });
  assert.deepEqual(kept_answers, [], 'nothing of a person is kept');
  await stage.proxy.cut();
  await page.getByText('Connection lost.').waitFor();
  await focus_editor(page);
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('# typed without a network ');
  await page.getByText('Offline: your typing is kept in this browser').waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'The server does not answer' }).waitFor();
  const kept = page.getByRole('region', { name: 'Kept in this browser' });
  await kept.getByText('main.py', { exact: true }).click();
  await kept.getByText('# typed without a network', { exact: false }).waitFor();
  await picture(page, 'offline-page');
  await accessible(page, 'offline page');
  const downloading = page.waitForEvent('download');
  await kept.getByRole('button', { name: 'Download main.py' }).click();
  assert.equal((await downloading).suggestedFilename(), 'main.py');
  assert.deepEqual(faults, []);
});
