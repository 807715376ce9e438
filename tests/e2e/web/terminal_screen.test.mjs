// SPDX-License-Identifier: GPL-3.0-or-later
// What programs draw on a terminal's screen and learn from it: wide characters and emoji in their columns, any colour, the
// mouse, and as many lines above the screen as the person wants.
import assert from 'node:assert/strict';
import { command, eventually, scenario, terminal_shows, terminal_text } from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage();

/** Where the cell in `column` (from 1) of the line `text` is, and where its letter is drawn. */
async function line_of(page, text) {
  const at = (await terminal_text(page)).split('\n').indexOf(text);
  assert.ok(at >= 0, `a line "${text}" in\n${await terminal_text(page)}`);
  return page.locator('.terminal-place .xterm-rows > div').nth(at);
}

/** Columns and rows, as a program in the terminal has them. */
async function size_of(page) {
  await command(page, 'clear; echo size $(stty size)');
  let size;
  await terminal_shows(page, (text) => (size = /^size (\d+) (\d+)$/m.exec(text)) !== null, 'its size');
  return { rows: Number(size[1]), columns: Number(size[2]) };
}

/** Of a cell, counted from 1: its middle in the page. */
async function cell(page, { rows, columns }, column, row) {
  const screen = await page.locator('.terminal-place .xterm-screen').boundingBox();
  return [screen.x + ((column - 0.5) * screen.width) / columns, screen.y + ((row - 0.5) * screen.height) / rows];
}

scenario('wide characters and emoji have the columns that programs count', async () => {
  const { page, context, faults } = await stage.new_workspace('Python', 'Drawn');
  const { columns } = await size_of(page);
  // The terminal itself says where its cursor stands behind each.
  for (const [text, width] of [
    ['日本語', 6],
    ['😀👍', 4],
    ['e\u0301a\u0308', 2],
    ['ｱｲ', 2],
    ['→…', 2],
    ['한글', 4],
  ]) {
    await command(
      page,
      `clear; printf '${text}'; IFS= read -rs -d R -p $'\\e[6n' at; printf '|\\ncolumn %s\\n' "\${at##*;}"`,
    );
    const told = (shown) => shown.split('\n').includes(`${text}|`) && shown.includes(`column ${width + 1}`);
    await terminal_shows(page, told, `"${text}" in ${width} columns`);
    // And that is where the next character is drawn.
    const line = await line_of(page, `${text}|`);
    const [left, cell_width] = await line.evaluate((row, all) => {
      const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
      let node;
      let bar;
      while ((node = walker.nextNode())) if (node.data.includes('|')) bar = node;
      const range = document.createRange();
      range.setStart(bar, bar.data.indexOf('|'));
      range.setEnd(bar, bar.data.indexOf('|') + 1);
      const screen = row.closest('.xterm-screen').getBoundingClientRect();
      return [range.getBoundingClientRect().left - screen.left, screen.width / all];
    }, columns);
    assert.ok(
      Math.abs(left / cell_width - width) < 0.5,
      `"|" behind "${text}" is drawn in column ${left / cell_width}`,
    );
  }
  assert.deepEqual(faults, []);
  await context.close();
});

scenario('a program’s colours are shown as it chose them', async () => {
  const { page, context } = await stage.open_workspace('Drawn');
  await command(
    page,
    `clear; printf '\\e[38;2;160;20;60mtrue\\e[0m \\e[38;5;21mcube\\e[0m \\e[48;2;10;60;30;97mback\\e[0m\\n'`,
  );
  await terminal_shows(page, (text) => /^true cube back$/m.test(text), 'the words');
  const line = await line_of(page, 'true cube back');
  const looks = await line.evaluate((row) =>
    [...row.querySelectorAll('span')].map((span) => {
      const { color, backgroundColor } = getComputedStyle(span);
      return { text: span.textContent.trim(), color, backgroundColor };
    }),
  );
  assert.equal(looks.find(({ text }) => text === 'true').color, 'rgb(160, 20, 60)');
  assert.equal(looks.find(({ text }) => text === 'cube').color, 'rgb(0, 0, 255)');
  assert.equal(looks.find(({ text }) => text === 'back').backgroundColor, 'rgb(10, 60, 30)');
  await context.close();
});

scenario(
  'a program that wants the mouse is told of clicks and of the wheel, and the page selects again afterwards',
  async () => {
    const { page, context, faults } = await stage.open_workspace('Drawn');
    const size = await size_of(page);
    await command(
      page,
      `clear; printf '\\e[?1000h\\e[?1006h'; for n in 1 2 3; do IFS= read -rs -d '[' x; IFS= read -rs -n 20 -t 0.3 at; echo "told \${at}"; done; printf '\\e[?1000l\\e[?1006l'; echo over`,
    );
    await page.locator('.terminal-place .xterm.enable-mouse-events').waitFor();
    await page.mouse.move(...(await cell(page, size, 7, 3)));
    await page.mouse.down();
    await terminal_shows(page, (text) => text.includes('told <0;7;3M'), 'the button pressed');
    await page.mouse.up();
    await terminal_shows(page, (text) => text.includes('told <0;7;3m'), 'the button let go');
    await page.mouse.wheel(0, -120);
    await terminal_shows(page, (text) => /told <64;7;3M/.test(text), 'the wheel');
    await terminal_shows(page, (text) => /^over$/m.test(text), 'the program’s end');
    await page.locator('.terminal-place .xterm.enable-mouse-events').waitFor({ state: 'detached' });

    // Now a drag selects, and Ctrl+Shift+C copies what was selected.
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: stage.origin });
    await command(page, `clear; echo select''ed words`);
    await terminal_shows(page, (text) => /^selected words$/m.test(text), 'words to select');
    const row = (await terminal_text(page)).split('\n').indexOf('selected words') + 1;
    await page.mouse.dblclick(...(await cell(page, size, 3, row)));
    await page.keyboard.press('Control+Shift+KeyC');
    await eventually(
      async () => (await page.evaluate(() => navigator.clipboard.readText())) === 'selected',
      async () => `the word in the clipboard; it holds ${await page.evaluate(() => navigator.clipboard.readText())}`,
    );
    assert.deepEqual(faults, []);
    await context.close();
  },
);

scenario('as many lines are kept above the screen as the person wants, here and after a reload', async () => {
  const { page, context, faults } = await stage.open_workspace('Drawn');
  const address = page.url();
  await page.goto(`${stage.origin}/account`);
  await page.getByRole('radio', { name: '1,000', exact: true }).check({ force: true });
  await page.goto(address);
  await terminal_shows(page, (text) => /[$#] ?$/m.test(text), 'a prompt');
  await command(page, 'clear; seq 5000');
  await terminal_shows(page, (text) => /^5000$/m.test(text), 'the numbers');
  for (const when of ['at once', 'after a reload']) {
    if (when !== 'at once') {
      await page.reload();
      await terminal_shows(page, (text) => /^5000$/m.test(text), 'the numbers again');
    }
    await page.locator('.terminal-place .xterm-helper-textarea').focus();
    let first;
    await eventually(
      async () => {
        for (let pages = 0; pages < 25; ++pages) await page.keyboard.press('Shift+PageUp');
        const top = Number((await terminal_text(page)).split('\n')[0]);
        const settled = top === first;
        first = top;
        return settled && first > 3900 && first < 4100; // where it stays, not where it is while it is drawn
      },
      () => `the first of 1,000 lines kept ${when}; the top one is ${first}`,
    );
  }
  assert.deepEqual(faults, []);
  await context.close();
});
