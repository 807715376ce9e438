// SPDX-License-Identifier: GPL-3.0-or-later
// berthd ends and starts again under an open window: the workspace was never stopped, terminal and text go on.
import assert from 'node:assert/strict';
import { command, editor_shows, focus_editor, saved_on_disk, scenario, terminal_shows } from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage();

scenario('a restarted server finds the window and its workspace as they were', async () => {
  const { page, faults } = await stage.new_workspace('Python', 'Anchored');
  await command(page, 'clear; kept=in-this-shell; (sleep 4; echo late-output) &');
  await terminal_shows(page, (text) => /\[1\]/.test(text), 'the background job');

  await stage.server.restart(async () => {
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
