// SPDX-License-Identifier: GPL-3.0-or-later
// A browser that keeps no text, from the beginning, from some moment on, or only of short ones: the person is told where they
// are, is asked before the page goes, and what they type arrives all the same.
import assert from 'node:assert/strict';
import { editor_shows, eventually, focus_editor, retype, saved_on_disk, scenario } from './support/browser.mjs';
import { inspect_everywhere } from './support/looks.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage({ proxy: true });
const slow = 400; // ms each way: longer than an edit may wait before it is kept
const unkept = 'What you type can’t be kept in this browser:';

async function type_at_top(page, words) {
  await focus_editor(page);
  await page.keyboard.press('Control+Home');
  await page.keyboard.type(words);
}

/** Loading the page again, or closing it, is asked about. */
async function asks_before_it_goes(page) {
  let asked;
  const answer = (dialog) => {
    asked = dialog.type();
    void dialog.dismiss();
  };
  page.once('dialog', answer);
  await page.close({ runBeforeUnload: true });
  await eventually(() => asked === 'beforeunload', 'the question before the page goes');
  assert.equal(page.isClosed(), false);
}

scenario('a workspace for all', async () => {
  const { page, context, faults } = await stage.new_workspace('Python', 'Sieve');
  await retype(page, 'text\n');
  await saved_on_disk(page);
  assert.deepEqual(faults, []);
  await context.close();
});

for (const [how, patch] of [
  [
    'refuses to open its store',
    () => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('The user denied permission to access the database.', 'SecurityError');
      };
    },
  ],
  [
    'has a store of another form',
    () => void indexedDB.open('berth.unsent', 2), // as a later Berth may leave it
  ],
])
  scenario(`a browser that ${how}: the bar about the lost connection says so, and typing arrives`, async () => {
    const { page, context, faults } = await stage.administrator();
    await page.addInitScript(patch);
    await stage.enter(page, 'Sieve');
    stage.proxy.cut();
    await page.getByText('Connection lost.').waitFor();
    await type_at_top(page, `${how.length} `);
    await page.getByText('keep this page open. This browser keeps no text of it').waitFor();
    assert.equal(await page.getByText('your typing is kept in this browser').count(), 0);
    await asks_before_it_goes(page);
    stage.proxy.restore();
    await saved_on_disk(page);
    await editor_shows(page, (text) => text.startsWith(`${how.length} `), 'what was typed');
    assert.deepEqual(faults, []);
    await context.close();
  });

scenario('one that is full from some moment on says so in a bar of its own, and again keeps what it can', async () => {
  const { page, context, faults } = await stage.open_workspace('Sieve');
  await page.evaluate(() => {
    const transaction = IDBDatabase.prototype.transaction;
    window.room = false;
    IDBDatabase.prototype.transaction = function (...of) {
      if (!window.room) throw new DOMException('full', 'QuotaExceededError');
      return transaction.apply(this, of);
    };
  });
  stage.proxy.set_delay(slow);
  try {
    await type_at_top(page, 'no room ');
    await page.getByText(unkept).waitFor();
    await inspect_everywhere(page, 'unkept');
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByText(unkept).waitFor({ state: 'detached' });
    await saved_on_disk(page);
    // Said once: what is typed later is refused as well, but nobody is told again and again.
    await type_at_top(page, 'still none ');
    await page.locator('[data-save-state="typing"]').waitFor();
    await saved_on_disk(page);
    assert.equal(await page.getByText(unkept).count(), 0);
  } finally {
    stage.proxy.set_delay(0);
  }
  await editor_shows(page, (text) => text.startsWith('still none no room '), 'what was typed');

  // There is room again: the next text typed without a connection is kept, and the page says that.
  await page.evaluate(() => (window.room = true));
  stage.proxy.cut();
  await page.getByText('Connection lost.').waitFor();
  await type_at_top(page, 'room ');
  await page.getByText('Offline: your typing is kept in this browser').waitFor();
  stage.proxy.restore();
  await saved_on_disk(page);
  assert.deepEqual(faults, []);
  await context.close();
});

scenario('a change without the text that it belongs to counts as nothing', async () => {
  const { page, context, faults } = await stage.open_workspace('Sieve');
  await page.evaluate(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...what) {
      if (this.name === 'bases') throw new DOMException('full', 'QuotaExceededError');
      return put.apply(this, what);
    };
  });
  stage.proxy.cut();
  await page.getByText('Connection lost.').waitFor();
  await type_at_top(page, 'over nothing ');
  await page.getByText(unkept).waitFor();
  await page.keyboard.type('and more ');
  await page.waitForTimeout(1000); // several chances to write the later change
  await page.getByText(unkept).waitFor();
  await page.getByText('keep this page open. This browser keeps no text of it').waitFor();
  assert.deepEqual(await page.evaluate(kept_records), []);
  stage.proxy.restore();
  await saved_on_disk(page);
  await editor_shows(page, (text) => text.startsWith('over nothing and more '), 'what was typed');
  assert.deepEqual(faults, []);
  await context.close();
});

/** In the page: what the store holds. */
function kept_records() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('berth.unsent', 1);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const reading = opening.result.transaction('records').objectStore('records').getAll();
      reading.onsuccess = () => {
        opening.result.close();
        resolve(reading.result);
      };
    };
  });
}

scenario('a store that never answers holds nothing back, and nothing is said to be kept', async () => {
  const { page, context, faults } = await stage.administrator();
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => new EventTarget();
  });
  await stage.enter(page, 'Sieve');
  await type_at_top(page, 'hung ');
  await saved_on_disk(page);
  stage.proxy.set_delay(slow);
  try {
    await page.keyboard.type('and slow ');
    await page.getByText(unkept).waitFor();
    await saved_on_disk(page);
  } finally {
    stage.proxy.set_delay(0);
  }
  await editor_shows(page, (text) => text.startsWith('hung and slow '), 'what was typed');
  stage.proxy.cut();
  await page.getByText('Connection lost.').waitFor();
  await page.keyboard.type('and away ');
  await page.getByText('keep this page open. This browser keeps no text of it').waitFor();
  stage.proxy.restore();
  await saved_on_disk(page);
  await editor_shows(page, (text) => text.startsWith('hung and slow and away '), 'what was typed');
  assert.deepEqual(faults, []);
  await context.close();
});
