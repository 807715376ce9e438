// SPDX-License-Identifier: GPL-3.0-or-later
// A browser tab and its duplicate, which begins with all that the first remembers: two windows that type into one file,
// online, offline and loaded again. One text in the end, every word once. With the browser's locks, and without: plain HTTP
// has none.
import assert from 'node:assert/strict';
import {
  editor_shows,
  editor_text,
  eventually,
  focus_editor,
  retype,
  saved_on_disk,
  scenario,
  unsent_in_store,
  watch_faults,
  workspace_ready,
} from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage({ proxy: true });

scenario('a workspace for both', async () => {
  const { context, faults } = await stage.new_workspace('Python', 'Twins');
  assert.deepEqual(faults, []);
  await context.close();
});

/** The browser gives the new tab a copy of what this one remembers, as "Duplicate" in its menu does. */
async function duplicate(page) {
  const opening = page.context().waitForEvent('page');
  await page.evaluate(() => void window.open(location.href));
  const copy = await opening;
  await workspace_ready(copy);
  return copy;
}

async function type_at(page, place, words) {
  await focus_editor(page);
  await page.keyboard.press(place);
  await page.keyboard.type(words);
}

const times = (text, word) => text.split(word).length - 1;

/** Both show one text, with each of these words once, and the store is empty. */
async function one_text(pages, words) {
  for (const page of pages) {
    await saved_on_disk(page);
    await editor_shows(page, (text) => words.every((word) => times(text, word) === 1), words.join(' and '));
  }
  await eventually(
    async () => (await editor_text(pages[0])) === (await editor_text(pages[1])),
    async () => `one text; there are\n${await editor_text(pages[0])}\nand\n${await editor_text(pages[1])}`,
  );
  await eventually(async () => (await unsent_in_store(pages[0])) === '[]', 'an empty store');
  for (const page of pages) {
    assert.equal(await page.locator('.notice.problem').filter({ hasNotText: 'inotify' }).count(), 0);
    assert.equal(await page.locator('.editor-area .bar.warning, .editor-area .bar.danger').count(), 0);
  }
}

async function come_back(page, address) {
  await eventually(
    () =>
      page.goto(address).then(
        () => true,
        () => false,
      ),
    'the server again',
  );
  await workspace_ready(page);
}

for (const locks of [true, false])
  scenario(`a duplicated tab is a window of its own, ${locks ? 'with' : 'without'} the browser’s locks`, async () => {
    const { page: first, context, faults } = await stage.administrator();
    if (!locks)
      await context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined }));
    await stage.enter(first, 'Twins');
    const address = first.url();
    await retype(first, 'top\nmiddle\nbottom');
    await saved_on_disk(first);
    const second = await duplicate(first);
    watch_faults(second, faults);
    const pages = [first, second];
    assert.equal(await second.evaluate(() => navigator.locks === undefined), !locks);
    await editor_shows(second, (text) => text.startsWith('top\nmiddle'), 'the same file');

    // Typing at once, in turns and at one place.
    await Promise.all([type_at(first, 'Control+Home', 'one-online '), type_at(second, 'Control+End', ' two-online')]);
    await one_text(pages, ['one-online', 'two-online']);

    // Both without a connection, then both loaded again, the duplicate first.
    stage.proxy.cut();
    for (const page of pages) await page.getByText('Connection lost.').waitFor();
    await type_at(first, 'Control+Home', 'one-offline ');
    await type_at(second, 'Control+End', ' two-offline');
    await eventually(async () => {
      const kept = await unsent_in_store(first);
      return kept.includes('one-offline') && kept.includes('two-offline');
    }, 'both texts in the store, each as its own');
    assert.equal(JSON.parse(await unsent_in_store(first)).length, 2);
    for (const page of [second, first]) await page.reload().catch(() => {}); // nothing answers
    stage.proxy.restore();
    for (const page of [second, first]) await come_back(page, address);
    await one_text(pages, ['one-online', 'two-online', 'one-offline', 'two-offline']);

    // A duplicate made while there is unsent text does not take it from the first.
    stage.proxy.cut();
    await first.getByText('Connection lost.').waitFor();
    await type_at(first, 'Control+Home', 'kept-by-one ');
    await eventually(async () => (await unsent_in_store(first)).includes('kept-by-one'), 'the words in the store');
    stage.proxy.restore();
    const third = await duplicate(first);
    watch_faults(third, faults);
    await one_text([first, third], ['one-offline', 'two-offline', 'kept-by-one']);
    assert.deepEqual(faults, []);
    await context.close();
  });
