// SPDX-License-Identifier: GPL-3.0-or-later
// berthd ends and starts again under an open window: the workspace was never stopped, terminal and text go on.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { start_server } from './support/berth_server.mjs';
import {
  account,
  command,
  create_workspace,
  editor_shows,
  focus_editor,
  launch,
  new_person,
  saved_on_disk,
  scenario,
  set_up,
  terminal_shows,
} from './support/browser.mjs';

let server, browser;
before(async () => {
  server = await start_server();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop(account);
});

scenario('a restarted server finds the window and its workspace as they were', async () => {
  const { page, faults } = await new_person(browser);
  await set_up(page, server);
  await create_workspace(page, 'Python', 'Anchored');
  await command(page, 'clear; kept=in-this-shell; (sleep 4; echo late-output) &');
  await terminal_shows(page, (text) => /\[1\]/.test(text), 'the background job');

  await server.restart(async () => {
    await page.getByText('Connection lost.').waitFor();
    await focus_editor(page);
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('# typed while the server was away ');
  });
  await page.getByText('Connection lost.').waitFor({ state: 'detached' });
  await saved_on_disk(page);
  await editor_shows(page, (text) => text.startsWith('# typed while the server was away '), 'the text typed meanwhile');
  await terminal_shows(page, (text) => text.includes('late-output'), 'the job’s output');
  await command(page, 'echo $kept; head -c 10 main.py');
  await terminal_shows(page, (text) => /in-this-shell\n# typed wh/.test(text), 'the same shell and the file');
  assert.deepEqual(faults, []);
});
