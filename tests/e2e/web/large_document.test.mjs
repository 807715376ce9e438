// SPDX-License-Identifier: GPL-3.0-or-later
// A text just below 64 MiB is opened, typed in and saved as any other.
import {
  command,
  editor_shows,
  focus_editor,
  open_file,
  saved_on_disk,
  scenario,
  terminal_shows,
} from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';

const lines = 1_118_000;
const line = 'the quick brown fox jumps over the lazy dog, once more'; // with its number and line's end 60 bytes or so
const stage = use_stage();

scenario('a text of 63 MiB is typed in and saved', async () => {
  const { page } = await stage.new_workspace('Python', 'Large text');
  await command(page, `awk 'BEGIN { for (i = 0; i < ${lines}; ++i) printf "%04d ${line}\\n", i % 10000 }' > large.txt`);
  await command(page, 'clear; wc -c large.txt');
  const bytes = lines * (line.length + 6);
  await terminal_shows(page, (text) => text.includes(`${bytes} large.txt`), 'the size of the file');
  await open_file(page, 'large.txt');
  await editor_shows(page, (text) => text.includes(`0000 ${line}`), 'its first line');
  await focus_editor(page);
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('first ');
  await page.keyboard.press('Control+End');
  await page.keyboard.type('last');
  await editor_shows(page, (text) => text.trimEnd().endsWith('last'), 'what was typed at its end');
  await saved_on_disk(page);
  await command(page, 'clear; wc -c large.txt; head -c 10 large.txt; echo; tail -c 4 large.txt');
  await terminal_shows(
    page,
    (text) => text.includes(`${bytes + 10} large.txt`) && /^first 0000$/m.test(text) && /^last/m.test(text),
    'all that was typed, in the file',
  );
});
