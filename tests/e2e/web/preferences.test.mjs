// SPDX-License-Identifier: GPL-3.0-or-later
// What a person likes follows them from one browser to the next.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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

const german = JSON.parse(
  readFileSync(new URL('../../../client/web/src/translations/de.json', import.meta.url), 'utf8'),
);

/** What a page shows or tells in English although the catalogue has German words for it. */
function english_words(page) {
  const others = Object.entries(german).flatMap(([text, own]) =>
    typeof own === 'string' && own !== text ? [text] : [],
  );
  return page.evaluate((texts) => {
    const known = new Set(texts);
    const found = [];
    const look = (text) => {
      if (text && known.has(text.trim())) found.push(text.trim());
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) look(walker.currentNode.data);
    for (const element of document.querySelectorAll('*'))
      for (const name of ['aria-label', 'title', 'placeholder']) look(element.getAttribute(name));
    return found;
  }, others);
}

scenario('pages speak German where the browser or the person wants it, and the choice roams', async () => {
  await set_up_server(stage.server, account);
  const stranger = await stage.person({ locale: 'de-AT' });
  await stranger.page.goto(`${stage.origin}/sign-in`);
  await stranger.page.getByRole('heading', { name: 'Bei Berth anmelden' }).waitFor();
  await stranger.page.locator('html[lang="de"]').waitFor({ state: 'attached' });
  assert.deepEqual(await english_words(stranger.page), []);

  // Somebody else's browser is English; the person chooses, and the page speaks German at once.
  const first = await account_page();
  await first.page.locator('html[lang="en"]').waitFor({ state: 'attached' });
  await choose(first.page, 'Deutsch');
  await first.page.getByRole('heading', { name: 'Profil', exact: true }).waitFor();
  await first.page.getByText('50.000', { exact: true }).waitFor();
  const second = await stage.administrator();
  await second.page.goto(`${stage.origin}/`);
  await second.page.locator('html[lang="de"]').waitFor({ state: 'attached' });
  for (const [address, shown] of [
    ['/', 'Hier liegt noch nichts vor Anker'],
    ['/account', 'Farben'],
    ['/account/security', 'Angemeldete Geräte'],
    ['/account/tokens', 'Persönliche Zugangstoken'],
    ['/teams', 'Sie sind noch in keinem Team'],
    ['/admin', 'Überblick'],
    ['/admin/accounts', 'Konten'],
    ['/admin/audit', 'Protokoll'],
    ['/admin/templates', 'Vorlagen'],
    ['/admin/settings', 'Ein Team darf haben'],
    ['/nowhere', 'Hier ist nichts'],
  ]) {
    await second.page.goto(`${stage.origin}${address}`);
    await second.page.getByText(shown, { exact: true }).first().waitFor();
    assert.deepEqual(await english_words(second.page), [], address);
  }
  await second.page.goto(`${stage.origin}/`);
  await second.page.getByRole('button', { name: 'Neuer Workspace' }).first().click();
  await second.page.getByRole('group', { name: 'Beginnen mit' }).first().waitFor();
  assert.deepEqual(await english_words(second.page), []);
  assert.deepEqual([...stranger.faults, ...first.faults, ...second.faults], []);
});

scenario('the IDE speaks German, its commands and keys too', async () => {
  await stage.make_workspace('Empty', 'Anker');
  const { page, faults } = await stage.administrator({ locale: 'de-DE' });
  await page.goto(`${stage.origin}/`);
  await page.getByRole('link', { name: /Anker/ }).first().click();
  await page.locator('.connection-state.connected').waitFor();
  await page.getByRole('tree', { name: 'Dateien des Projekts' }).waitFor();
  await page.keyboard.press('F1');
  const list = page.getByRole('dialog');
  await list.getByText('Ansicht: Seitenleiste ein oder aus').waitFor();
  await list.getByText('Strg+B', { exact: true }).waitFor();
  assert.deepEqual(await english_words(page), []);
  await page.keyboard.press('Escape');
  assert.deepEqual(faults, []);
});
