// SPDX-License-Identifier: GPL-3.0-or-later
// What a terminal tells a person who looks elsewhere: by the browser's own notifications, real ones, and after the screen was
// painted anew as well.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, eventually, launch_unchanged, scenario, sign_in, terminal_shows } from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage();

/** In the page, before anything else: notifications are made as ever, and noted. */
function note_notifications() {
  const Real = window.Notification;
  window.noted = [];
  window.Notification = class extends Real {
    constructor(title, options) {
      super(title, options);
      const note = { title, body: this.body, tag: this.tag, shown: false, failed: false };
      window.noted.push({ note, notification: this });
      this.addEventListener('show', () => (note.shown = true));
      this.addEventListener('error', () => (note.failed = true));
    }
  };
}
const noted = (page) => page.evaluate(() => window.noted.map(({ note }) => note));

/** A prompt that says where it begins and ends, as shells with integration do. */
const integration = `PROMPT_COMMAND='printf "\\e]133;D;$?\\a\\e]133;A\\a"'; PS0='\\e]133;C\\a'; PS1='$ \\[\\e]133;B\\a\\]'; clear`;

/** The person looks at another tab of the same browser. */
async function look_elsewhere(page, context) {
  const elsewhere = await context.newPage();
  await elsewhere.goto('about:blank');
  await elsewhere.bringToFront();
  await page.waitForFunction(() => document.visibilityState === 'hidden', undefined, { polling: 100 });
  return elsewhere;
}

scenario('a bell and a finished command reach a person in another tab', async (test) => {
  const profile = mkdtempSync(join(tmpdir(), 'berth-e2e-news-'));
  const { page, context, faults, close } = await launch_unchanged(profile);
  test.after(async () => {
    await close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 60, retryDelay: 50 });
  });
  await context.grantPermissions(['notifications'], { origin: stage.origin });
  await page.addInitScript(note_notifications);
  await stage.make_workspace('Python', 'News');
  await sign_in(page, stage.origin);
  await stage.enter(page, 'News');
  await command(page, integration);
  await terminal_shows(page, (text) => text.startsWith('$'), 'the marked prompt alone');

  await command(page, `sleep 5; printf '\\a'`);
  let elsewhere = await look_elsewhere(page, context);
  await eventually(async () => (await noted(page)).length === 1, 'a notification of the bell');
  await eventually(
    async () => (await noted(page))[0].shown,
    async () => `the browser to show it: ${JSON.stringify(await noted(page))}`,
  );
  const [bell] = await noted(page);
  assert.match(bell.title, /^The bell of .+ rang\.$/);
  assert.match(bell.tag, /^berth-/);
  await elsewhere.close();
  await page.bringToFront();
  await page.waitForFunction(() => document.visibilityState === 'visible');

  // While the person looks at it, nothing is told.
  await command(page, `printf '\\a'; echo rung$((6 * 7))`);
  await terminal_shows(page, (text) => text.includes('rung42'), 'the second bell’s command');
  assert.equal((await noted(page)).length, 1);

  await command(page, 'sleep 11; (exit 3)');
  elsewhere = await look_elsewhere(page, context);
  await eventually(async () => (await noted(page)).length === 2, 'a notification of the command');
  await eventually(async () => (await noted(page))[1].shown, 'the browser to show it');
  const [, finished] = await noted(page);
  assert.match(finished.title, /^“sleep 11; \(exit 3\)” failed \(exit code 3\) after 1[1-9] s\.$/);
  assert.equal(finished.failed, false);
  await elsewhere.close();
  await page.bringToFront();
  assert.deepEqual(faults, []);
});

scenario('a command that runs while the page is loaded again has its dot, and its end is told', async () => {
  const { page, context, faults } = await stage.open_workspace('News');
  await command(page, integration);
  await terminal_shows(page, (text) => text.startsWith('$'), 'the marked prompt alone');
  // Ends when it is told to, by the other terminal: never before somebody looks there.
  await command(page, 'long() { sleep 4; echo go$((1 + 1))es; until [ -e go ]; do sleep 0.2; done; }; clear');
  await command(page, 'long');
  await terminal_shows(page, (text) => text.includes('go2es'), 'four seconds of it gone');
  await page.reload();
  await terminal_shows(page, (text) => text.includes('$ long'), 'the screen as it was');
  await page.locator('.command-dot.waiting').first().waitFor();
  await page.getByRole('button', { name: 'New terminal' }).click();
  await terminal_shows(page, (text) => /[$#] ?$/.test(text.trimEnd()) && !text.includes('long'), 'a prompt of its own');
  await command(page, 'sleep 7; touch go');
  // The runner told how long it had run before the page was loaded again.
  await page.getByText(/^“long” finished after (1[1-9]|[2-9]\d) s\.$/).waitFor();
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await page.locator('.command-dot.ok').first().waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});
