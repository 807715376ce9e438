// SPDX-License-Identifier: GPL-3.0-or-later
// A person who may only look: the whole IDE as they see it. Until workspaces are shared, the role is put into what a real
// runner answers on its way to the page; that the page then asks for nothing that a viewer may not do is checked on its way
// back. (That the runner refuses it is the runner's own test.)
import assert from 'node:assert/strict';
import {
  command,
  editor_shows,
  editor_text,
  focus_editor,
  retype,
  saved_on_disk,
  scenario,
  terminal_shows,
} from './support/browser.mjs';
import { inspect_everywhere } from './support/looks.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage();

const editors_only =
  /^(document\/(edit|save|convert)|terminal\/(open|resize|lead|close|rename)|file\/(write|copy|rename|delete|create_directory|restore)|import\/.*)$/;

/** Makes the page's session one of a viewer. Returns what it asks for that a viewer may not. */
async function as_viewer(page) {
  const refused = [];
  const opening = new Set();
  await page.routeWebSocket(/\/connect$/, (socket) => {
    const runner = socket.connectToServer();
    socket.onMessage((message) => {
      if (typeof message === 'string') {
        const { id, method } = JSON.parse(message);
        if (editors_only.test(method)) refused.push(method);
        if (method === 'document/open') opening.add(id);
      } else if (message[0] === 1) {
        refused.push('keys');
      }
      runner.send(message);
    });
    runner.onMessage((message) => {
      if (typeof message !== 'string') return socket.send(message);
      const told = JSON.parse(message);
      if (told.result?.role !== undefined && told.result.limits !== undefined) told.result.role = 'viewer';
      if (opening.delete(told.id) && told.result) Object.assign(told.result, { read_only: true, reason: 'role' });
      if (told.method === 'document/state') told.params.read_only = true;
      socket.send(JSON.stringify(told));
    });
  });
  return refused;
}

scenario('a viewer sees everything, and is told that looking is all', async () => {
  const owner = await stage.new_workspace('Python', 'Watched');
  const viewer = await stage.person();
  const refused = await as_viewer(viewer.page);
  await stage.enter(viewer.page, 'Watched');
  const { page } = viewer;

  await page.getByText('You may look at this workspace but not change it.').waitFor();
  await page.getByText('You are watching; only editors type here.').waitFor();
  await page.locator('.save-state', { hasText: 'Read-only' }).waitFor();
  for (const name of ['New terminal', 'Run']) assert.ok(await page.getByRole('button', { name }).isDisabled(), name);

  await retype(owner.page, 'seen = "by both"\n');
  await saved_on_disk(owner.page);
  await editor_shows(page, (text) => text.includes('seen = "by both"'), 'what the owner types');
  await command(owner.page, 'echo watched $((6 * 7))');
  await terminal_shows(page, (text) => text.includes('watched 42'), 'what the owner runs');

  // Keys do nothing, here or there.
  await focus_editor(page);
  await page.keyboard.type('not mine');
  await page.keyboard.press('Control+S');
  await page.locator('.terminal-place .xterm-screen').click();
  await page.keyboard.type('echo not mine');
  await page.keyboard.press('Enter');
  await command(owner.page, 'echo again $((6 * 7))');
  await terminal_shows(page, (text) => text.includes('again 42') && !text.includes('not mine'), 'the owner’s alone');
  // Each command has its mark, though the screen was painted while its prompt waited, and drawn again for two windows.
  await page.locator('.command-dot.ok').nth(1).waitFor();
  assert.equal((await editor_text(page)).includes('not mine'), false);
  assert.equal((await editor_text(owner.page)).includes('not mine'), false);
  await page.locator('.save-state', { hasText: 'Read-only' }).waitFor();
  const told = await page.locator('.notice.problem').allTextContents();
  assert.deepEqual(
    told.filter((text) => !text.includes('inotify')), // that is about this machine
    [],
  );

  await inspect_everywhere(page, 'viewer');
  assert.deepEqual(refused, []);
  assert.deepEqual(viewer.faults, []);
});
