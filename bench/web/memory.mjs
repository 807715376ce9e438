// SPDX-License-Identifier: GPL-3.0-or-later
// web_memory: a page that is worked in, round after round: files opened, typed into and closed, groups split, terminals opened, flooded
// and closed, things looked for, panels shown and hidden. After each stretch of rounds the garbage is collected and what is left is
// counted; the first stretch fetches what is fetched once and does not count. --hour goes on for an hour.
import {
  account,
  command,
  editor_shows,
  eventually,
  focus_editor,
  new_person,
  open_file,
  terminal_shows,
  workspace_ready,
} from '../../tests/e2e/web/support/browser.mjs';
import { signed_in_browser } from '../../tests/e2e/web/support/rest.mjs';

const mib = 1024 * 1024;
const hour = 3600_000; // ms
// What an hour may add to a page that holds 10,000 lines of scrollback and the undo of a file that is typed into.
const most_growth = 24; // MiB
const most_nodes = 3000;

export async function web_memory({ server, browser, id, report, options }) {
  const person = await new_person(browser, { storageState: await signed_in_browser(server.origin, account) });
  const { page } = person;
  await page.goto(`${server.origin}/w/${id}`);
  await workspace_ready(page);
  await command(page, 'mkdir -p ~/project && cd ~/project && for i in 1 2 3; do seq 200 > bench$i.txt; done; clear');
  await page.getByRole('treeitem', { name: 'bench3.txt', exact: true }).waitFor();
  const devtools = await page.context().newCDPSession(page);
  const count = async () => {
    await devtools.send('HeapProfiler.collectGarbage');
    await devtools.send('HeapProfiler.collectGarbage'); // what the first let go of
    const { usedSize } = await devtools.send('Runtime.getHeapUsage');
    const { nodes } = await devtools.send('Memory.getDOMCounters');
    return { heap: usedSize / mib, nodes };
  };
  const stretch = options.quick ? 1 : 10;
  const begun = Date.now();
  let rounds = 0;
  const work = async () => {
    for (let end = rounds + stretch; rounds < end; ++rounds) await one_round(page, rounds);
    return count();
  };
  const first = await work();
  const counted = [];
  do counted.push(await work());
  while (options.hour ? Date.now() - begun < hour : counted.length < (options.quick ? 1 : 5));
  await person.context.close();
  // The least of the last three: a worker's answer may have been on its way in one of them.
  const last = counted.slice(-3);
  const least = (name) => Math.min(...last.map((one) => one[name]));
  report('web_memory.heap', least('heap'), 'MiB', rounds);
  report('web_memory.growth', least('heap') - first.heap, 'MiB', rounds, most_growth);
  report('web_memory.nodes', least('nodes'), 'nodes', rounds);
  report('web_memory.nodes_growth', least('nodes') - first.nodes, 'nodes', rounds, most_nodes);
}

async function one_round(page, round) {
  const name = `bench${(round % 3) + 1}.txt`;
  await open_file(page, name);
  await focus_editor(page);
  await page.keyboard.press('Control+Home');
  await page.keyboard.type(`round ${round} `);
  await editor_shows(page, (text) => text.includes(`round ${round} `), 'what was typed');
  for (let key = 0; key < `round ${round} `.length; ++key) await page.keyboard.press('Backspace');
  await page.keyboard.press('Control+\\');
  await page.keyboard.press('Control+F4');
  await page.keyboard.press('F1');
  await page.keyboard.type('toggle side panel');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+B');
  await page.getByRole('treeitem', { name, exact: true }).waitFor();
  const terminals = page.getByRole('region', { name: 'Terminal', exact: true }).getByRole('tab');
  const before = await terminals.count();
  await page.getByRole('button', { name: 'New terminal', exact: true }).click();
  await eventually(async () => (await terminals.count()) === before + 1, 'another terminal');
  await terminal_shows(page, (text) => /[$#]$/.test(text.trimEnd()) && !text.includes('done-'), 'its prompt');
  await command(page, `clear; seq 20000; echo done-${round}`);
  await terminal_shows(page, (text) => new RegExp(`^done-${round}$`, 'm').test(text), 'the end of the flood');
  await page
    .getByRole('button', { name: /^Close terminal/ })
    .last()
    .click();
}
