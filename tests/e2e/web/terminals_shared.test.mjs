// SPDX-License-Identifier: GPL-3.0-or-later
// One terminal before several windows, and before the same window again after a reload: the same screen, scrollback and
// program, a size they agree on.
import assert from 'node:assert/strict';
import { command, eventually, scenario, terminal_shows, terminal_text } from './support/browser.mjs';
import { inspect, inspect_everywhere } from './support/looks.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage();

/** Columns and rows as a program in the terminal has them. */
async function size_told(page) {
  const mark = `size${Math.random().toString(36).slice(2, 8)}`;
  await command(page, `clear; echo ${mark.slice(0, 4)}''${mark.slice(4)} $(stty size)`);
  let size;
  await terminal_shows(
    page,
    (text) => {
      size = new RegExp(`^${mark} (\\d+) (\\d+)$`, 'm').exec(text)?.slice(1).map(Number);
      return size !== undefined;
    },
    'its size',
  );
  return { rows: size[0], columns: size[1] };
}

/** Colour and weight of every letter but the one under the cursor, and where that stands. */
const looks = (page) =>
  page.locator('.terminal-place .xterm-rows').evaluate((rows) =>
    [...rows.children].map((row) => {
      const letters = [...row.querySelectorAll('span')].flatMap((span) => {
        if (span.classList.contains('xterm-cursor')) return ['cursor'];
        const { color, fontWeight } = getComputedStyle(span);
        return [...span.textContent].map((letter) => (letter.trim() === '' ? '' : `${letter} ${color} ${fontWeight}`));
      });
      return letters.join('|').replace(/\|+$/, '');
    }),
  );

scenario('a reload shows an editor’s screen as it was, and the shell’s lines behind it', async () => {
  const { page, faults, context } = await stage.new_workspace('Python', 'Screens');
  await command(page, 'seq 3000 3400; echo the $((40 + 2)) lines');
  await terminal_shows(page, (text) => text.includes('the 42 lines'), 'the numbers');
  await command(page, `printf 'red \\e[31mwine\\e[0m\\nwhite wine\\n日本語 and 😀\\n' > wines; vi wines`);
  await terminal_shows(page, (text) => /^red .*wine/m.test(text) && /^~$/m.test(text), 'the editor');
  await page.keyboard.type('jihalf a ');
  await terminal_shows(page, (text) => text.includes('half a white wine'), 'typed text');
  const before = await terminal_text(page);
  const before_looks = await looks(page);

  await page.reload();
  await terminal_shows(page, (text) => text === before, 'the same screen');
  assert.deepEqual(await looks(page), before_looks);
  // The editor goes on in its mode, at its place.
  await page.locator('.terminal-place .xterm-helper-textarea').focus();
  await page.keyboard.type('glass of ');
  await terminal_shows(page, (text) => text.includes('half a glass of white wine'), 'the next word');
  await page.keyboard.press('Escape');
  await page.keyboard.type(':wq');
  await page.keyboard.press('Enter');
  await terminal_shows(page, (text) => text.includes('the 42 lines'), 'the shell’s screen behind the editor');
  await command(page, 'cat wines');
  await terminal_shows(page, (text) => text.includes('日本語 and 😀'), 'what was written');

  // What had scrolled away is there as well.
  await page.reload();
  await terminal_shows(page, (text) => text.includes('日本語 and 😀'), 'the screen again');
  await page.locator('.terminal-place .xterm-helper-textarea').focus();
  for (let pages = 0; pages < 60 && !/^3000$/m.test(await terminal_text(page)); ++pages)
    await page.keyboard.press('Shift+PageUp');
  await terminal_shows(page, (text) => /^3000\n3001\n3002$/m.test(text), 'the first of the numbers');
  assert.deepEqual(faults, []);
  await context.close();
});

scenario('two windows agree on a size: the smallest, or the one of whoever wants it', async () => {
  const one = await stage.open_workspace('Screens');
  const alone = await size_told(one.page);
  const two = await stage.open_workspace('Screens', { viewport: { width: 900, height: 700 } });
  await two.page.getByText('With your other window').waitFor();
  await one.page.getByText('sized by your other window').waitFor();
  const shared = await size_told(two.page);
  assert.ok(shared.columns < alone.columns && shared.rows <= alone.rows, JSON.stringify({ alone, shared }));
  await terminal_shows(one.page, (text) => text.includes(` ${shared.rows} ${shared.columns}`), 'the same in the other');
  await one.page.locator('.terminal-host.framed').waitFor();
  await inspect(one.page, 'terminal-letterbox-wide-light');
  await one.page.emulateMedia({ colorScheme: 'dark' });
  await inspect(one.page, 'terminal-letterbox-wide-dark');
  await one.page.emulateMedia({ colorScheme: null });

  await one.page.getByRole('button', { name: 'Use my size' }).click();
  await one.page.locator('.terminal-host.framed').waitFor({ state: 'detached' });
  const led = await size_told(one.page);
  assert.equal(led.columns, alone.columns);
  await two.page.getByText('sized by').waitFor();
  await inspect(two.page, 'terminal-led-medium-light');
  // Typing goes both ways all the while.
  await command(two.page, 'echo $((20 + 22)) from two');
  await terminal_shows(one.page, (text) => text.includes('42 from two'), 'the other’s command');

  await one.page.getByRole('button', { name: 'Use the smallest size' }).click();
  await eventually(async () => (await size_told(two.page)).columns === shared.columns, 'the smallest size again');
  await two.context.close();
  await one.page.locator('.terminal-sharing').waitFor({ state: 'detached' });
  await eventually(async () => (await size_told(one.page)).columns === alone.columns, 'the whole room again');
  assert.deepEqual([...one.faults, ...two.faults], []);
  await one.context.close();
});

scenario('a phone beside a wide window shows its terminal whole', async () => {
  const { page } = await stage.open_workspace('Screens');
  await size_told(page);
  const small = await stage.open_workspace('Screens', { viewport: { width: 1000, height: 700 } });
  await page.getByRole('button', { name: 'Use my size' }).click();
  await small.page.getByText('sized by').waitFor();
  await small.page.setViewportSize({ width: 390, height: 800 });
  await small.page.getByRole('button', { name: 'Terminal', exact: true }).click();
  await inspect(small.page, 'terminal-led-narrow-light');
  await inspect_everywhere(page, 'terminal-leads');
});
