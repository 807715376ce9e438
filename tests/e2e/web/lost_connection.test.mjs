// SPDX-License-Identifier: GPL-3.0-or-later
// The TCP connection dies under a running terminal and an unsaved edit: both continue and nothing is lost or doubled.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { start_server } from './support/berth_server.mjs';
import {
  account,
  command,
  create_workspace,
  editor_shows,
  editor_text,
  focus_editor,
  launch,
  new_person,
  retype,
  saved_on_disk,
  scenario,
  set_up,
  terminal_shows,
  terminal_text,
} from './support/browser.mjs';
import { start_proxy } from './support/fault_proxy.mjs';
import { inspect } from './support/looks.mjs';

let server, browser, proxy;
before(async () => {
  server = await start_server();
  proxy = await start_proxy(server.port);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await proxy?.stop();
  await server?.stop(account);
});

scenario('terminal and edit survive killed connections', async () => {
  const { page, faults } = await new_person(browser);
  await set_up(page, server, proxy.origin);
  await create_workspace(page, 'Python', 'Rough sea');
  await retype(page, '# kept\n');
  await saved_on_disk(page);

  // A program counts slowly while connections die under it; not a number may be missing or doubled.
  await command(page, 'clear; for i in $(seq 1 200); do echo "n$i"; sleep 0.02; done | tee counted; echo all-done');
  await terminal_shows(page, (text) => text.includes('n5'), 'the first numbers');
  await focus_editor(page);
  await page.keyboard.press('Control+End');
  let typed = '';
  for (let round = 0; round < 4; ++round) {
    const word = `word${round} `;
    await page.keyboard.type(word);
    typed += word;
    proxy.kill_all();
    await page.keyboard.type('x');
    typed += 'x';
    await page.locator('.connection-state.connected').waitFor();
  }

  // A longer cut: the person sees it and goes on typing.
  proxy.cut();
  await page.getByText('Connection lost.').waitFor();
  await page.keyboard.type('offline ');
  await inspect(page, 'connection-lost-wide-light');
  typed += 'offline ';
  await page.locator('[data-save-state="typing"]').waitFor();
  proxy.restore();
  await page.getByText('Connection lost.').waitFor({ state: 'detached' });
  await saved_on_disk(page);
  await editor_shows(page, (text) => text.includes(typed.trimEnd()), 'everything typed');
  assert.equal((await editor_text(page)).split('offline').length, 2, 'nothing is doubled');

  await terminal_shows(page, (text) => text.includes('all-done'), 'the end of the count');
  const lines = (await terminal_text(page)).split('\n').filter((line) => /^n\d+$/.test(line));
  const first = Number(lines[0].slice(1));
  assert.deepEqual(
    lines,
    Array.from({ length: 200 - first + 1 }, (_, index) => `n${first + index}`),
  );

  // What stands on disk is what was typed, and keys typed into a broken line arrive once.
  proxy.cut();
  await page.getByText('Connection lost.').waitFor();
  await command(page, 'echo once >> keys; cat main.py; echo; wc -l < keys');
  proxy.restore();
  await terminal_shows(page, (text) => text.includes(typed.trimEnd()) && /\n1\n/.test(text), 'the file and one line');
  assert.deepEqual(faults, []);
});

scenario('more output than is kept is repainted, and the shell goes on', async () => {
  const { page, faults } = await new_person(browser);
  await page.goto(`${proxy.origin}/sign-in`);
  await page.getByLabel('E-mail').fill('ada@example.org');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Rough sea' }).click();
  await page.locator('.connection-state.connected').waitFor();
  await terminal_shows(page, (text) => /[$#] ?$/m.test(text), 'a prompt');
  await command(page, 'clear; sleep 1; seq 1000000 1600000; echo flood-over');
  await terminal_shows(page, (text) => !text.includes('Rough'), 'a cleared screen');
  proxy.cut();
  await page.getByText('Connection lost.').waitFor();
  // The flood needs credit to go on: the runner keeps the newest part of it while nobody takes it.
  await page.waitForTimeout(1500);
  proxy.restore();
  await page.locator('.connection-state.connected').waitFor();
  await terminal_shows(page, (text) => /1600000\nflood-over\n.*[$#] ?$/m.test(text.trimEnd()), 'the end of the flood');
  await command(page, 'echo and $((40 + 2))');
  await terminal_shows(page, (text) => text.includes('and 42'), 'the next command');
  assert.deepEqual(faults, []);
});
