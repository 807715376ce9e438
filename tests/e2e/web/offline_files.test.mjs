// SPDX-License-Identifier: GPL-3.0-or-later
// The file under what was typed without a connection is moved or deleted meanwhile: the text goes where the file is now, or is
// written again whole and the person is told.
import assert from 'node:assert/strict';
import {
  command,
  editor_shows,
  editor_text,
  eventually,
  open_file,
  saved_on_disk,
  scenario,
  terminal_shows,
  typed_offline,
  unsent_in_store,
  workspace_ready,
} from './support/browser.mjs';
import { inspect_everywhere } from './support/looks.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage({ proxy: true });
const text = 'first = 1\nsecond = 2\n';
const made_anew = 'was not there any more';

let mine; // behind the proxy
let other; // at the same workspace's terminal, around the proxy

scenario(
  'a workspace for two',
  async () => {
    mine = await stage.new_workspace('Python', 'Adrift');
    other = await stage.open_workspace('Adrift', { origin: stage.server.origin });
  },
  { windows_stay: true },
);

/** A new file, open in my window alone. */
async function open_new(file) {
  await run(other.page, `printf '${text.replaceAll('\n', '\\n')}' > ${file}`);
  await open_file(mine.page, file);
  await editor_shows(mine.page, (shown) => shown.startsWith('first = 1'), 'the new file');
}

/** A command, and its end. */
async function run(page, program) {
  await command(page, `clear; ${program} && echo the-$((6 * 7))nd`);
  await terminal_shows(page, (shown) => shown.includes('the-42nd'), `the end of ${program}`);
}

/** The file as a program reads it. */
async function file_holds(page, path, wanted) {
  await run(page, `cat ${path}`);
  await terminal_shows(page, (shown) => shown.includes(wanted), `${wanted} in ${path}`);
}

async function reconnected(page) {
  stage.proxy.restore();
  await page.getByText('Connection lost.').waitFor({ state: 'detached' });
}

/** What I typed is on disk and not in the browser any more; nothing complained. */
async function all_well() {
  assert.equal(await unsent_in_store(mine.page), '[]');
  assert.deepEqual([...mine.faults, ...other.faults], []);
}

scenario('a file that is moved while one types offline is followed, and what was typed goes into it', async () => {
  await open_new('buoy.py');
  const { page } = mine;
  await typed_offline(stage, page, '# typed offline ');
  await run(other.page, 'mkdir harbour && mv buoy.py harbour/moved.py');
  await reconnected(page);

  await page.getByRole('tab', { name: 'moved.py', selected: true }).waitFor();
  assert.equal(await page.getByRole('tab', { name: 'buoy.py' }).count(), 0);
  await saved_on_disk(page);
  await editor_shows(page, (shown) => shown.startsWith('# typed offline first = 1'), 'what was typed');
  await file_holds(other.page, 'harbour/moved.py', '# typed offline first = 1\nsecond = 2');
  await run(other.page, 'test ! -e buoy.py');
  assert.equal(await page.getByText(made_anew).count(), 0);
  await all_well();
});

scenario('a file that is deleted while one types offline is written again with all of its text', async () => {
  await open_new('wreck.py');
  const { page } = mine;
  await typed_offline(stage, page, '# still wanted ');
  await open_file(other.page, 'wreck.py'); // so that it is told there when the runner believes it
  await run(other.page, 'rm wreck.py');
  await other.page.getByText('wreck.py was deleted. Its text is still here.').waitFor();
  await reconnected(page);

  await page.getByText(`wreck.py ${made_anew}`).waitFor();
  await saved_on_disk(page);
  await inspect_everywhere(page, 'made-anew');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await page.getByText(made_anew).waitFor({ state: 'detached' });
  await file_holds(other.page, 'wreck.py', '# still wanted first = 1\nsecond = 2');
  assert.equal((await editor_text(page)).split('still wanted').length, 2, 'nothing is doubled');
  await all_well();
});

scenario('one that goes while nothing is typed is written again when the person asks for it', async () => {
  await open_new('gone.py');
  const { page } = mine;
  await run(other.page, 'rm gone.py');
  await page.getByText('gone.py was deleted. Its text is still here.').waitFor();
  await page.locator('[data-save-state="journalled"]').waitFor(); // not "on disk"
  await page.getByRole('button', { name: 'Write it again' }).click();
  await page.getByText('was deleted').waitFor({ state: 'detached' });
  await saved_on_disk(page);
  await file_holds(other.page, 'gone.py', 'first = 1\nsecond = 2');
  await editor_shows(page, (shown) => shown.startsWith('first = 1\nsecond = 2'), 'the same text');
  await all_well();
});

scenario('what waits in the browser for a file that nobody knows any more comes back whole', async () => {
  await open_new('lost.py');
  const { page } = mine;
  const address = page.url();
  await typed_offline(stage, page, '# kept at home ');
  await eventually(async () => (await unsent_in_store(page)).includes('kept at home'), 'the words in the store');
  await page.goto('about:blank');

  // The workspace stops and starts again: its runner knows of no open file, and does not see this one move.
  const dashboard = await other.context.newPage();
  await dashboard.goto(stage.server.origin);
  const card = dashboard.getByRole('article', { name: 'Adrift' });
  await card.getByRole('button', { name: 'Stop' }).click();
  await card.getByText('stopped', { exact: true }).waitFor();
  await other.page.getByRole('button', { name: 'Start' }).click();
  await workspace_ready(other.page);
  await other.page.locator('.cover').waitFor({ state: 'detached' });
  await run(other.page, 'mv lost.py found.py');

  stage.proxy.restore();
  await page.goto(address);
  await page.getByText(`lost.py ${made_anew}`).waitFor();
  await editor_shows(page, (shown) => shown.startsWith('# kept at home first = 1\nsecond = 2'), 'all of the text');
  await saved_on_disk(page);
  await file_holds(other.page, 'lost.py', '# kept at home first = 1\nsecond = 2');
  await file_holds(other.page, 'found.py', 'first = 1\nsecond = 2');
  assert.equal((await editor_text(page)).split('kept at home').length, 2, 'nothing is doubled');
  await all_well();
});
