// SPDX-License-Identifier: GPL-3.0-or-later
// Chromium and what a person does in it: sign up, make workspaces, type, run, look at terminals.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const { chromium } = createRequire(new URL('../../../../client/web/package.json', import.meta.url))('playwright-core');

export const deadline = 60_000; // ms for anything a person waits for, on a machine with much else to do

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** `readable_terminals`: xterm.js draws with elements, so that tests can read the screen. */
export async function launch({ readable_terminals = true } = {}) {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: readable_terminals ? [...flags, '--disable-3d-apis'] : flags,
  });
}

/**
 * A browser whose storage lies in the folder `profile` and stays there when it ends, however that happens: `kill` is a
 * SIGKILL of all its processes.
 */
export async function launch_profile(profile) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: '/usr/bin/chromium',
    args: [...flags, '--disable-3d-apis', '--hide-crash-restore-bubble'],
    viewport: { width: 1440, height: 900 },
    serviceWorkers: 'block',
  });
  context.setDefaultTimeout(deadline);
  context.on('page', (opened) => pages.add(opened));
  const page = context.pages()[0] ?? (await context.newPage());
  pages.add(page);
  page.on('dialog', (dialog) => dialog.accept().catch(() => {}));
  return {
    page,
    close: () => context.close(),
    async kill() {
      const gone = new Promise((resolve) => context.once('close', resolve));
      for (const id of processes_of(profile)) process.kill(id, 'SIGKILL');
      await gone;
      rmSync(join(profile, 'SingletonLock'), { force: true });
    },
  };
}

/**
 * A browser as a person runs it, with its storage in `profile`: without what test drivers change, such as that every tab is
 * in front and has the focus.
 */
export async function launch_unchanged(profile) {
  const started = spawn(
    '/usr/bin/chromium',
    [...flags, '--disable-3d-apis', '--headless', '--remote-debugging-port=0', `--user-data-dir=${profile}`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  started.stderr.on('data', (piece) => (said += piece));
  let address;
  await eventually(
    () => (address = /DevTools listening on (\S+)/.exec(said)?.[1]) !== undefined,
    () => `the browser to start:\n${said}`,
  );
  const browser = await chromium.connectOverCDP(address, { noDefaults: true });
  const [context] = browser.contexts();
  context.setDefaultTimeout(deadline);
  context.on('page', (opened) => pages.add(opened));
  const page = context.pages()[0] ?? (await context.newPage());
  pages.add(page);
  const faults = [];
  watch_faults(page, faults);
  return {
    context,
    page,
    faults,
    async close() {
      const ended = new Promise((resolve) => started.once('exit', resolve));
      await browser.close();
      started.kill('SIGTERM');
      await ended;
    },
  };
}

/** The browser's own process and all below it: those that were started with this profile. */
function processes_of(profile) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((id) => {
      try {
        return readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0').includes(`--user-data-dir=${profile}`);
      } catch {
        return false; // ended meanwhile
      }
    })
    .map(Number);
}

/** Cuts the stage's proxy; what is typed at the top of the file then stays in the browser. */
export async function typed_offline(stage, page, words) {
  stage.proxy.cut();
  await page.getByText('Connection lost.').waitFor();
  await focus_editor(page);
  await page.keyboard.press('Control+Home');
  await page.keyboard.type(words);
  await page.getByText('Offline: your typing is kept in this browser').waitFor();
}

/** What this browser keeps of typed text that no runner has acknowledged, as JSON. */
export async function unsent_in_store(page) {
  return page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('berth.unsent', 1);
        opening.onerror = () => reject(opening.error);
        opening.onupgradeneeded = () => opening.transaction.abort(); // nothing was ever kept
        opening.onsuccess = () => {
          const reading = opening.result.transaction('records').objectStore('records').getAll();
          reading.onsuccess = () => {
            opening.result.close();
            resolve(JSON.stringify(reading.result));
          };
        };
      }),
  );
}

const screenshots = process.env.BERTH_SCREENSHOTS ?? join(tmpdir(), 'berth-screenshots');
const pages = new Set();
const people = new Set(); // of this scenario: their browsers

/**
 * A test that leaves pictures of every page behind when it fails. Its windows are closed at its end, so that the next one has the
 * machine for itself; with `windows_stay` the later scenarios of the file go on with them.
 */
export function scenario(name, body, { windows_stay = false } = {}) {
  test(name, async (context) => {
    pages.clear();
    people.clear();
    try {
      await body(context);
      if (!windows_stay) for (const person of people) await person.close();
    } catch (error) {
      mkdirSync(screenshots, { recursive: true });
      let number = 0;
      for (const page of pages) {
        const path = join(screenshots, `failed-${name.replaceAll(/\W+/g, '-').slice(0, 60)}-${++number}.png`);
        await page.screenshot({ path, timeout: 3000 }).then(
          () => console.log(`picture: ${path}`),
          () => {}, // the page is gone
        );
      }
      throw error;
    }
  });
}

/** For people, where they asked for pictures by naming their folder: a picture of a whole window costs as much as the journey to it. */
export async function picture(page, name, options = {}) {
  if (!process.env.BERTH_SCREENSHOTS) return;
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`), ...options });
}

/** A browser of one person: own cookies and storage. Faults of the page are gathered in `faults`. */
export async function new_person(browser, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    acceptDownloads: true,
    serviceWorkers: 'block', // tests hold back what a page asks for; `offline_page` allows it
    ...options,
  });
  people.add(context);
  context.setDefaultTimeout(deadline);
  context.on('page', (opened) => pages.add(opened));
  const page = await context.newPage();
  const faults = [];
  watch_faults(page, faults);
  return { context, page, faults };
}

export function watch_faults(page, faults) {
  // A page that is left while it still loads a part of itself says that this failed: it was the browser that let it go.
  const let_go = (url) => {
    const of_it = (fault) =>
      (fault.includes('dynamically imported module') && fault.includes(url)) ||
      (fault === 'page error: : Event' && url.includes('worker')); // a script of a worker has no words for it
    for (let at = faults.findIndex(of_it); at >= 0; at = faults.findIndex(of_it)) faults.splice(at, 1);
  };
  const aborted = new Set();
  page.on('requestfailed', (request) => {
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') return;
    aborted.add(request.url());
    let_go(request.url());
  });
  page.on('pageerror', (error) => {
    faults.push(`page error: ${error.stack || `${error.name}: ${error.message}`}`);
    for (const url of aborted) let_go(url);
  });
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && /Content Security Policy|Uncaught/.test(text)) faults.push(text);
  });
}

export const account = { name: 'Ada Lovelace', email: 'ada@example.org', password: 'correct horse battery' };

export async function set_up(page, server, origin = server.origin) {
  const link = new URL(server.setup_link);
  await page.goto(`${origin}${link.pathname}${link.search}`);
  await page.getByLabel('Name').fill(account.name);
  await page.getByLabel('E-mail').fill(account.email);
  await page.getByLabel('Password').fill(account.password);
  await page.getByRole('button', { name: 'Set up Berth' }).click();
  await page.getByRole('heading', { name: 'Workspaces' }).waitFor();
}

export async function register(page, origin, person) {
  await page.goto(`${origin}/sign-up`);
  await page.getByLabel('Name').fill(person.name);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: 'Workspaces' }).waitFor();
}

export async function sign_in(page, origin, person = account) {
  await page.goto(`${origin}/sign-in`);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Workspaces' }).waitFor();
}

/** From the dashboard into a new workspace; returns its id once the first file shows and a shell prompts. */
export async function create_workspace(page, template, name) {
  await page.getByRole('button', { name: 'New workspace' }).click();
  await page.getByRole('radio', { name: template }).check({ force: true });
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Create and open' }).click();
  await workspace_ready(page);
  return new URL(page.url()).pathname.split('/')[2];
}

export async function workspace_ready(page) {
  await page.locator('.monaco-editor .view-line').first().waitFor();
  await page.locator('.connection-state.connected').waitFor();
  await prompted(page);
}

/** What the visible terminal shows, line by line. */
export async function terminal_text(page) {
  return page
    .locator('.terminal-place .xterm-rows')
    .evaluate((rows) =>
      [...rows.children].map((row) => (row.textContent ?? '').replaceAll('\u00a0', ' ').trimEnd()).join('\n'),
    );
}

/** Polls until `holds` is true of the terminal's text. */
export async function terminal_shows(page, holds, what) {
  await eventually(
    async () => holds(await terminal_text(page)),
    async () => `the terminal to show ${what}; it shows:\n${await terminal_text(page)}`,
  );
}

async function prompted(page) {
  await page.locator('.terminal-place .xterm-rows').waitFor();
  await terminal_shows(page, (text) => /[$#] ?$/m.test(text), 'a prompt');
}

export async function eventually(holds, what, milliseconds = deadline) {
  const end = Date.now() + milliseconds;
  for (;;) {
    if (await holds()) return;
    if (Date.now() > end) assert.fail(`waited in vain for ${typeof what === 'function' ? await what() : what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Gives the visible terminal a command; its text at once, as an input method does, where the keys themselves are not what is tested. */
export async function command(page, text, { key_by_key = false } = {}) {
  await page.locator('.terminal-place .xterm-helper-textarea').focus();
  if (key_by_key) await page.keyboard.type(text);
  else await page.keyboard.insertText(text);
  await page.keyboard.press('Enter');
}

/**
 * Replaces the whole text of the visible editor in one step, so that no autosave between writes half of it. Pasted: typed over
 * a selection, a bracket would be put around it.
 */
export async function retype(page, text) {
  await focus_editor(page);
  await page.keyboard.press('Control+A');
  await page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(paste);
  }, text);
}

export async function focus_editor(page) {
  await page.locator('.editor-host .view-lines').click();
}

/** The visible part of the editor's text. */
export async function editor_text(page) {
  return page.locator('.editor-host .view-lines').evaluate((lines) =>
    [...lines.children]
      .map((line) => ({ top: parseFloat(line.style.top), text: (line.textContent ?? '').replaceAll('\u00a0', ' ') }))
      .sort((a, b) => a.top - b.top)
      .map((line) => line.text)
      .join('\n'),
  );
}

export async function editor_shows(page, holds, what) {
  await eventually(
    async () => holds(await editor_text(page)),
    async () => `the editor to show ${what}; it shows:\n${await editor_text(page)}`,
  );
}

export async function saved_on_disk(page) {
  await page.locator('[data-save-state="on_disk"]').waitFor();
}

export async function open_file(page, name) {
  await page.getByRole('treeitem', { name, exact: true }).click();
  await page.getByRole('tab', { name, selected: true }).waitFor();
}
