// SPDX-License-Identifier: GPL-3.0-or-later
// One workspace in two browsers: files, text and terminals of the one show in the other.
import assert from 'node:assert/strict';
import {
  command,
  editor_shows,
  focus_editor,
  retype,
  saved_on_disk,
  scenario,
  terminal_shows,
} from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage();

scenario('two windows on one workspace see each other’s changes', async () => {
  const one = await stage.new_workspace('Python', 'Shared');
  const two = await stage.open_workspace('Shared');

  // Text: typed in one, shown in two as it is typed; then the other way.
  await retype(one.page, 'print("from one")\n');
  await editor_shows(two.page, (text) => text.includes('from one'), 'the other window’s text');
  await saved_on_disk(one.page);
  await focus_editor(two.page);
  await two.page.keyboard.press('Control+End');
  await two.page.keyboard.type('print("from two")');
  await editor_shows(one.page, (text) => text.includes('from two'), 'the second window’s line');

  // Undo takes back one's own last edit.
  await two.page.keyboard.press('Control+Z');
  await editor_shows(
    one.page,
    (text) => text.includes('from one') && !text.includes('from two'),
    'the undone line gone',
  );

  // Both at once, at different places: every key of both stands.
  await focus_editor(one.page);
  await one.page.keyboard.press('Control+Home');
  await focus_editor(two.page);
  await two.page.keyboard.press('Control+End');
  const first = '# the first window types at the top\n'.trimEnd();
  const second = '# the second one at the bottom';
  await Promise.all([one.page.keyboard.type(first, { delay: 15 }), two.page.keyboard.type(second, { delay: 15 })]);
  for (const { page } of [one, two]) {
    await editor_shows(page, (text) => text.startsWith(first) && text.includes(second), 'what both typed');
    await saved_on_disk(page);
  }

  // Files: made in one's terminal, seen in two's tree.
  await command(one.page, 'mkdir lib && echo "x = 1" > lib/value.py && echo hi > note.txt');
  await two.page.getByRole('treeitem', { name: 'note.txt' }).waitFor();
  await two.page.getByRole('treeitem', { name: 'lib' }).click();
  await two.page.getByRole('treeitem', { name: 'value.py' }).waitFor();
  await command(one.page, 'rm note.txt');
  await two.page.getByRole('treeitem', { name: 'note.txt' }).waitFor({ state: 'detached' });

  // Terminals: both look at the same shell and may type in it.
  await terminal_shows(two.page, (text) => text.includes('rm note.txt'), 'what was typed in the other window');
  await command(two.page, 'echo $((20 + 22)) is shared');
  await terminal_shows(one.page, (text) => text.includes('42 is shared'), 'the second window’s command');

  // A program that rewrites an open file: both editors follow.
  await command(one.page, `printf 'print("rewritten")\\n' > main.py`);
  await editor_shows(one.page, (text) => text.includes('rewritten'), 'the rewritten file');
  await editor_shows(two.page, (text) => text.includes('rewritten'), 'the rewritten file');
  assert.deepEqual([...one.faults, ...two.faults], []);
});
