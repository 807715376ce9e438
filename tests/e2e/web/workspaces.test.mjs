// SPDX-License-Identifier: GPL-3.0-or-later
// The dashboard's cards, a workspace stopped under an open window, the account's and the server's pages.
import assert from 'node:assert/strict';
import { account, scenario, sign_in, workspace_ready } from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';
import { inspect } from './support/looks.mjs';

const stage = use_stage({ people: [] });

scenario('a workspace is stopped, started, renamed and deleted', async () => {
  const { page, context, faults, id } = await stage.new_workspace('Python', 'First');
  const dashboard = await context.newPage();
  await dashboard.goto(stage.server.origin);
  const card = dashboard.getByRole('article', { name: 'First' });
  await card.getByText('running').waitFor();

  // Stopped from the dashboard: the open window says so and can start it again; the text is where it was.
  await card.getByRole('button', { name: 'Stop' }).click();
  await card.getByText('stopped', { exact: true }).waitFor();
  await page.getByRole('heading', { name: 'The workspace is stopped' }).waitFor();
  await inspect(page, 'stopped-wide-light');
  await page.getByRole('button', { name: 'Start' }).click();
  await workspace_ready(page);
  await page.locator('.cover').waitFor({ state: 'detached' });

  await card.getByRole('button', { name: 'More for First' }).click();
  await dashboard.getByRole('menuitem', { name: 'Rename…' }).click();
  await dashboard.getByLabel('Name', { exact: true }).fill('Second');
  await dashboard.getByRole('button', { name: 'Rename' }).click();
  const renamed = dashboard.getByRole('article', { name: 'Second' });
  await renamed.waitFor();

  // Deleting asks for the name.
  await renamed.getByRole('button', { name: 'More for Second' }).click();
  await dashboard.getByRole('menuitem', { name: 'Delete…' }).click();
  const confirm = dashboard.getByRole('button', { name: 'Delete for good' });
  assert.equal(await confirm.isDisabled(), true);
  await dashboard.getByLabel('Type its name to confirm').fill('Second');
  await confirm.click();
  await dashboard.getByRole('heading', { name: 'Nothing moored here yet' }).waitFor();
  await page.getByText('This workspace was deleted, or it is not shared with you any more.').waitFor();
  await page.goto(`${stage.server.origin}/w/${id}`);
  await page.getByRole('heading', { name: 'This workspace can’t be opened' }).waitFor();
  assert.deepEqual(faults, []);
});

scenario('a start tells its phases with their times, and its owner reads the log', async () => {
  const { page, context, faults, id } = await stage.new_workspace('Python', 'Slow');
  const dashboard = await context.newPage();
  await dashboard.goto(stage.server.origin);
  const card = dashboard.getByRole('article', { name: 'Slow' });
  await card.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('heading', { name: 'The workspace is stopped' }).waitFor();

  // The start takes as long as this wants, and is told of as a slow one is.
  let let_go;
  const held = new Promise((resolve) => (let_go = resolve));
  let steps;
  const as_told = (workspace) =>
    steps && workspace.id === id ? { ...workspace, state: 'starting', reason: '', start_steps: steps } : workspace;
  const tell = async (route) => {
    const headers = { ...route.request().headers() };
    delete headers['if-none-match'];
    const response = await route.fetch({ headers });
    const body = await response.json();
    const json = body.workspaces ? { ...body, workspaces: body.workspaces.map(as_told) } : as_told(body);
    await route.fulfill({ response, json });
  };
  await context.route(/\/api\/v1\/workspaces(\/[a-z2-7]+)?(\?.*)?$/, (route) =>
    route.request().method() === 'GET' ? tell(route) : route.continue(),
  );
  await context.route(/\/start$/, async (route) => {
    await held;
    await route.continue();
  });
  steps = [
    { phase: 'place', took: 120, done: true },
    { phase: 'image', took: 2400, done: false },
  ];
  await page.getByRole('button', { name: 'Start' }).click();
  await card.getByRole('button', { name: 'Start' }).click();
  for (const shown of [page.locator('.cover'), card]) {
    const image = shown.locator('[aria-current="step"]');
    await image.getByText('Image', { exact: true }).waitFor();
    assert.match(await image.locator('.time').innerText(), /^(2\.[4-9]|[3-9]\.\d|\d\d+) s$/);
    assert.match(await shown.getByRole('listitem').filter({ hasText: 'Place' }).innerText(), /0\.1 s/);
  }
  await inspect(page, 'starting-wide-light');
  await inspect(dashboard, 'starting-card-wide-light');
  steps = undefined;
  let_go();
  await workspace_ready(page);
  await card.getByText('running', { exact: true }).waitFor();

  await card.getByRole('button', { name: 'More for Slow' }).click();
  await dashboard.getByRole('menuitem', { name: 'Log…' }).click();
  const log = dashboard.getByRole('table', { name: 'Log of Slow' });
  await log.getByText('running').first().waitFor();
  await log.getByText('stopped').first().waitFor();
  await dashboard.getByRole('button', { name: 'Close' }).last().click();
  await card.getByRole('button', { name: 'More for Slow' }).click();
  await dashboard.getByRole('menuitem', { name: 'Delete…' }).click();
  await dashboard.getByLabel('Type its name to confirm').fill('Slow');
  await dashboard.getByRole('button', { name: 'Delete for good' }).click();
  await dashboard.getByRole('heading', { name: 'Nothing moored here yet' }).waitFor();
  assert.deepEqual(faults, []);
});

scenario('profile, password and server settings change', async () => {
  const { page, faults } = await stage.person();
  await sign_in(page, stage.server.origin);
  await page.goto(`${stage.server.origin}/account`);
  await page.getByLabel('Name', { exact: true }).fill('Ada King');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  await page.getByRole('link', { name: 'Security' }).click();
  await page.getByLabel('Current password').fill('not the password');
  await page.getByLabel('New password').fill('a brand new password');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Current password').fill(account.password);
  await page.getByLabel('New password').fill('a brand new password');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('Your password was changed.').waitFor();

  await page.goto(`${stage.server.origin}/settings`);
  await page.getByRole('checkbox', { name: /^Registration is open/ }).uncheck();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();

  const stranger = await stage.person();
  await stranger.page.goto(`${stage.server.origin}/sign-up`);
  await stranger.page.getByText('Registration is closed.').waitFor();
  await sign_in(stranger.page, stage.server.origin, { email: account.email, password: 'a brand new password' });
  await stranger.page.goto(`${stage.server.origin}/account`);
  assert.equal(await stranger.page.getByLabel('Name', { exact: true }).inputValue(), 'Ada King');
  assert.deepEqual(faults, []);
});

scenario('the theme is remembered and set before the first paint', async () => {
  const { page } = await stage.person({ colorScheme: 'light' });
  await sign_in(page, stage.server.origin, { email: account.email, password: 'a brand new password' });
  await page.goto(`${stage.server.origin}/account`);
  await page.getByText('Dark', { exact: true }).click();
  await page.route('**/assets/*.js', () => {}); // the application never comes: what paints is what theme.js decided
  await page.goto(`${stage.server.origin}/sign-in`, { waitUntil: 'commit' });
  await page.locator('html[data-theme="dark"]').waitFor({ state: 'attached' });
});

scenario('the API’s documents open under the page’s policy', async () => {
  const { page, faults } = await stage.person();
  await page.goto(`${stage.server.origin}/api/docs`);
  await page.getByText('/api/v1/workspaces/{id}/start').first().waitFor();
  assert.deepEqual(faults, []);
});
