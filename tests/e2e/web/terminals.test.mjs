// SPDX-License-Identifier: GPL-3.0-or-later
// What a terminal in the page does with a program's word: prompts and commands, bells, links.
import assert from 'node:assert/strict';
import { command, scenario, terminal_shows, terminal_text } from './support/browser.mjs';
import { inspect_everywhere } from './support/looks.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage();

/** A prompt that says where it begins and ends, as shells with integration do. */
const integration = `PROMPT_COMMAND='printf "\\e]133;D;$?\\a\\e]133;A\\a"'; PS0='\\e]133;C\\a'; PS1='$ \\[\\e]133;B\\a\\]'; clear`;

scenario('prompts are marked, commands tell how they ended, and keys jump from prompt to prompt', async () => {
  const { page, faults } = await stage.new_workspace('Python', 'Words');
  await command(page, integration);
  await terminal_shows(page, (text) => text.startsWith('$'), 'the marked prompt alone');
  await command(page, 'true');
  await command(page, 'seq 200; false');
  await terminal_shows(page, (text) => /^200\n\$$/m.test(text.trimEnd()), 'the end of the numbers');
  await page.locator('.command-dot.waiting').waitFor();
  await page.keyboard.press('Control+ArrowUp');
  await terminal_shows(page, (text) => text.includes('$ seq 200; false'), 'the command that failed');
  await page.locator('.command-dot.failed').waitFor();
  assert.match(await page.locator('.command-dot.failed').getAttribute('title'), /seq 200; false: exit code 1/);
  await page.keyboard.press('Control+ArrowUp');
  await terminal_shows(page, (text) => text.includes('$ true'), 'the command before');
  await page.locator('.command-dot.ok').first().waitFor();
  await inspect_everywhere(page, 'terminal-prompts');
  await page.locator('.terminal-place .xterm-helper-textarea').focus();
  await page.keyboard.press('Control+ArrowDown');
  await page.keyboard.press('Control+ArrowDown');
  await page.keyboard.press('Control+ArrowDown');
  await terminal_shows(page, (text) => /^200\n\$$/m.test(text.trimEnd()), 'the bottom again');
  assert.deepEqual(faults, []);
});

scenario('a long command that ends while another terminal shows is told', async () => {
  const { page } = await stage.open_workspace('Words');
  await command(page, integration);
  await command(page, 'sleep 11; (exit 3)');
  await page.getByRole('button', { name: 'New terminal' }).click();
  await page.getByText(/^“sleep 11; \(exit 3\)” failed \(exit code 3\) after 1[1-9] s\.$/).waitFor();
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await terminal_shows(page, (text) => text.includes('sleep 11'), 'the terminal it ran in');

  // A bell elsewhere leaves a mark until somebody looks.
  await command(page, `sleep 1; printf '\\a'`);
  await page.getByRole('tab').filter({ hasText: /\S/ }).nth(0).waitFor();
  await page.locator('.terminal-pane .tab:not(.active) .tab-name').first().click();
  await page.locator('.terminal-pane .rang').waitFor();
  await page.locator('.terminal-pane .tab:has(.rang) .tab-name').click();
  await page.locator('.terminal-pane .rang').waitFor({ state: 'detached' });
});

scenario('a new terminal opens in the folder of the one that shows', async () => {
  const { page, context } = await stage.open_workspace('Words');
  await command(page, `mkdir -p deep/er; cd deep/er; printf '\\e]7;file://%s%s\\a' "$HOSTNAME" "$PWD"`);
  await page.locator('.terminal-pane .tab.active[title*="/project/deep/er"]').waitFor();
  await page.getByRole('button', { name: 'New terminal' }).click();
  await terminal_shows(
    page,
    (text) => /[$#] ?$/.test(text.trimEnd()) && !text.includes('mkdir'),
    'a prompt of its own',
  );
  await command(page, 'pwd');
  await terminal_shows(page, (text) => /^\/.*\/project\/deep\/er$/m.test(text), 'the folder');
  await context.close();
});

scenario('links show their target, and only those of the web open', async () => {
  const { page, context, faults } = await stage.open_workspace('Words');
  await context.route('https://berth.example/**', (route) => route.fulfill({ body: 'there' }));
  await command(
    page,
    `clear; printf '\\e]8;;https://berth.example/there\\e\\\\web\\e]8;;\\e\\\\ \\e]8;;file:///etc/passwd\\e\\\\disk\\e]8;;\\e\\\\\\n'`,
  );
  await terminal_shows(page, (text) => /^web disk$/m.test(text), 'both links');
  const screen = await page.locator('.terminal-place .xterm-screen').boundingBox();
  const rows = await page.locator('.terminal-place .xterm-rows > div').count();
  const line = (await terminal_text(page)).split('\n').findIndex((text) => text === 'web disk');
  const at = (column) => [screen.x + column * 7.8, screen.y + ((line + 0.5) * screen.height) / rows];
  await page.mouse.move(...at(1));
  await page.locator('.link-target', { hasText: 'https://berth.example/there' }).waitFor();
  const opening = context.waitForEvent('page');
  await page.mouse.click(...at(1));
  await (await opening).waitForURL('https://berth.example/there');
  await page.bringToFront();
  await page.mouse.move(...at(5));
  await page.locator('.link-target', { hasText: 'Not opened from a terminal: file:///etc/passwd' }).waitFor();
  await page.mouse.click(...at(5));
  await command(page, 'echo $((6 * 7)) still here');
  await terminal_shows(page, (text) => text.includes('42 still here'), 'the shell');
  assert.equal(context.pages().length, 2);
  assert.deepEqual(faults, []);
});
