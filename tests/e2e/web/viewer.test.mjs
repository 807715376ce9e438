// SPDX-License-Identifier: GPL-3.0-or-later
// A person who may only look: the whole IDE as they see it. The role is put into what a real runner answers on its way to the
// page, and that the page then asks for nothing that a viewer may not do is checked on its way back. (sharing.test.mjs has real
// viewers; that the runner refuses them is its own test.)
import assert from 'node:assert/strict';
import {
  command,
  editor_shows,
  editor_text,
  focus_editor,
  open_file,
  retype,
  saved_on_disk,
  scenario,
  terminal_shows,
} from './support/browser.mjs';
import { inspect, inspect_everywhere } from './support/looks.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage();

const editors_only =
  /^(document\/(edit|save|convert)|terminal\/(open|resize|lead|close|rename)|file\/(write|commit|copy|rename|delete|undelete|create_directory)|import\/.*)$/;
const looks_only = 'You may look at this workspace but not change it.';

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
  const viewer = await stage.administrator();
  const refused = await as_viewer(viewer.page);
  await stage.enter(viewer.page, 'Watched');
  const { page } = viewer;

  await page.getByText(looks_only).waitFor();
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

/** Of the open menu: what each entry is called and whether it can be chosen. */
async function entries(page) {
  const all = await page.getByRole('menuitem').all();
  const states = {};
  for (const entry of all)
    states[(await entry.textContent()).replace(/(F2|Del|✓|Ctrl\+[A-Z])$/, '')] = (await entry.isDisabled())
      ? await entry.getAttribute('title')
      : 'yes';
  return states;
}

scenario('what a viewer may not do is greyed and says why', async () => {
  const owner = await stage.open_workspace('Watched');
  const viewer = await stage.administrator();
  const { page } = viewer;
  const refused = await as_viewer(page);
  await stage.enter(page, 'Watched');
  await page.getByText(looks_only).waitFor();

  // Files: buttons, menus, keys, drops.
  for (const name of ['New file', 'New folder', 'Upload files', 'New terminal', 'Run']) {
    const button = page.getByRole('button', { name, exact: true });
    assert.ok(await button.isDisabled(), name);
    assert.equal(await button.getAttribute('title'), looks_only, name);
  }
  const row = page.getByRole('treeitem', { name: 'main.py', exact: true });
  await row.click({ button: 'right' });
  await page.locator('.menu-heading', { hasText: looks_only }).waitFor();
  assert.deepEqual(await entries(page), {
    'New file…': looks_only,
    'New folder…': looks_only,
    'Upload files…': looks_only,
    'Upload a folder…': looks_only,
    'Open a terminal here': looks_only,
    'Open to the side': 'yes',
    Cut: looks_only,
    Copy: 'yes',
    Paste: looks_only,
    'Rename…': looks_only,
    'Copy path': 'yes',
    Duplicate: looks_only,
    Download: 'yes',
    'Show history': 'yes',
    Delete: looks_only,
  });
  await inspect(page, 'viewer-menu-wide-light');
  await page.keyboard.press('Escape');
  const tree = page.getByRole('tree', { name: 'Project files' });
  await tree.focus();
  for (const key of ['F2', 'Delete']) await page.keyboard.press(key);
  assert.equal(await page.locator('.tree .name-field, .tree input').count(), 0);
  assert.equal(await row.getAttribute('draggable'), 'true'); // to an editor; folders refuse it
  await tree.evaluate((element) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.setData('application/x-berth-path', 'project/main.py');
    element.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  });
  await page.locator('.notice', { hasText: looks_only }).getByRole('button', { name: 'Dismiss' }).click();
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['dropped'], 'dropped.txt', { type: 'text/plain' }));
    return data;
  });
  await tree.dispatchEvent('drop', { dataTransfer: transfer });
  const notice = page.locator('.notice', { hasText: looks_only });
  await notice.getByRole('button', { name: 'Dismiss' }).click();
  await notice.waitFor({ state: 'detached' });

  // How the file is written.
  for (const [menu, item] of [
    ['Line ending', 'CRLF'],
    ['Encoding', 'Latin-1'],
  ]) {
    await page.getByRole('button', { name: new RegExp(`^${menu}: `) }).click();
    await page.locator('.menu-heading', { hasText: looks_only }).waitFor();
    assert.equal((await entries(page))[item], looks_only, menu);
    await page.keyboard.press('Escape');
  }

  // A new terminal by its key; what is there can be looked at, not closed or renamed.
  const terminals = await page.locator('.terminal-pane .tab').count();
  await page.keyboard.press('Control+Shift+Backquote');
  await notice.waitFor();
  assert.equal(await page.locator('.terminal-pane .tab').count(), terminals);
  assert.equal(await page.getByRole('button', { name: /^Close terminal/ }).count(), 0);

  // Versions can be looked at, compared and fetched; none is brought back, named or made.
  await page.getByRole('button', { name: 'History', exact: true }).click();
  const keep = page.getByRole('button', { name: 'Keep a version…' });
  await keep.waitFor();
  assert.ok(await keep.isDisabled());
  assert.equal(await keep.getAttribute('title'), looks_only);
  const restore = page.getByRole('button', { name: /^Restore/ }).first();
  if ((await restore.count()) > 0) assert.ok(await restore.isDisabled());
  await page.keyboard.press('Escape');

  // A file that goes is not the viewer's to write again.
  await command(owner.page, 'clear; cp main.py spare.py');
  await open_file(page, 'spare.py');
  await command(owner.page, 'rm spare.py');
  await page.getByText('spare.py was deleted.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Write it again' }).count(), 0);

  assert.deepEqual(refused, []);
  assert.deepEqual(viewer.faults, []);
  await viewer.context.close();
  await owner.context.close();
});
