// SPDX-License-Identifier: GPL-3.0-or-later
// What goes into a terminal: pastes, and keys that show before a slow connection brings them back; and what programs may put
// into the clipboard.
import assert from 'node:assert/strict';
import { command, eventually, scenario, terminal_shows, terminal_text } from './support/browser.mjs';
import { inspect } from './support/looks.mjs';
import { use_stage } from './support/stage.mjs';

const stage = use_stage({ proxy: true });

async function paste(page, text) {
  await page.locator('.terminal-place .xterm-helper-textarea').focus();
  await page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(paste);
  }, text);
}

scenario('a program may write into the clipboard once the person has said so', async () => {
  const { page, context } = await stage.new_workspace('Python', 'Words');
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: stage.origin });
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  const copy = (text) => command(page, `printf '\\e]52;c;%s\\a' "$(printf '${text}' | base64)"`);
  await page.evaluate(() => navigator.clipboard.writeText('before'));
  await copy('one');
  await page.getByText('wants to put text into your clipboard').waitFor();
  assert.equal(await clipboard(), 'before');
  await inspect(page, 'terminal-clipboard-wide-light');
  await page.getByRole('button', { name: 'Allow', exact: true }).click();
  await eventually(async () => (await clipboard()) === 'one', 'the first text');
  await copy('two');
  await eventually(async () => (await clipboard()) === 'two', 'the second, without a question');
  // Reading is answered with nothing.
  await command(page, `clear; printf '\\e]52;c;?\\a'; echo; read -t 1 -n 1 key; echo "read:$key:"`);
  await terminal_shows(page, (text) => /^read::$/m.test(text), 'no answer');
});

scenario('a paste runs nothing by itself', async () => {
  const { page, faults } = await stage.open_workspace('Words');
  // A shell that knows pastes shows both lines and waits; the end of a paste inside of it is no end.
  await command(page, `bind 'set enable-bracketed-paste on'; clear`);
  await terminal_shows(page, (text) => /[$#] ?$/.test(text.trimEnd()), 'a prompt');
  await paste(page, 'echo $((1 + 1)) one\x1b[201~\necho $((1 + 2)) two');
  await terminal_shows(page, (text) => text.includes('echo $((1 + 2)) two'), 'the pasted lines');
  await page.waitForTimeout(300);
  assert.doesNotMatch(await terminal_text(page), /^2 one|^3 two/m);
  await page.keyboard.press('Control+C');

  // A program that does not know pastes is asked about.
  await command(page, 'clear; cat');
  await eventually(
    async () => {
      await paste(page, 'first\nsecond\n');
      return page.getByRole('dialog', { name: 'Paste 2 lines?' }).isVisible();
    },
    'the question', // cat has to run first: the shell takes pastes
  );
  await inspect(page, 'terminal-paste-wide-light');
  await page.getByRole('button', { name: 'Paste', exact: true }).click();
  await terminal_shows(page, (text) => /second\n(?:.*\n)*second/.test(text), 'what cat made of it');
  await page.keyboard.press('Control+C');
  assert.deepEqual(faults, []);
});

scenario(
  'on a slow connection keys show at once, underlined until they are confirmed, and passwords never',
  async () => {
    const { page, faults } = await stage.open_workspace('Words');
    await command(page, `PS1='$ '; clear`);
    await terminal_shows(page, (text) => text.trimEnd() === '$', 'the prompt alone');
    stage.proxy.set_delay(150);
    try {
      const predicted = () => page.locator('.echo-overlay .predicted').allTextContents();
      await page.locator('.terminal-place .xterm-helper-textarea').focus();
      // The round trip is measured every few seconds; then the first confirmed key earns trust.
      await eventually(async () => {
        await page.keyboard.press('a');
        await page.waitForTimeout(450);
        await page.keyboard.press('b');
        return (await predicted()).includes('b');
      }, 'a predicted key');
      await page.keyboard.press('Control+U');
      await terminal_shows(page, (text) => text.trimEnd() === '$', 'an empty line');
      await page.waitForTimeout(500);

      await page.keyboard.press('e');
      await terminal_shows(page, (text) => text.trimEnd() === '$ e', 'the first key');
      await page.waitForTimeout(200);
      stage.proxy.set_delay(1000); // so that nothing is confirmed before somebody has looked
      await page.keyboard.type('choo');
      await page.keyboard.press('Backspace');
      const began = Date.now();
      assert.deepEqual(await predicted(), ['c', 'h', 'o']);
      const looked = Date.now() - began;
      if (looked < 500) await inspect(page, 'terminal-predicted-wide-light');
      stage.proxy.set_delay(150);
      await page.keyboard.type(' $((6 * 7)) 日');
      await page.keyboard.press('Enter');
      await terminal_shows(
        page,
        (text) => /^\$ echo \$\(\(6 \* 7\)\) 日\n42 日$/m.test(text),
        'the command and its answer',
      );
      await eventually(
        async () => (await page.locator('.echo-overlay').count()) === 0,
        'nothing left of the predictions',
      );

      await page.keyboard.type('read -s -p "Password: " secret; echo "${#secret} letters"');
      await page.keyboard.press('Enter');
      await terminal_shows(page, (text) => /^Password:$/m.test(text.trimEnd()), 'the question');
      for (const key of 'hunter2') {
        await page.keyboard.press(key);
        assert.deepEqual(await predicted(), []);
        await page.waitForTimeout(60);
        assert.deepEqual(await predicted(), []);
      }
      await page.keyboard.press('Enter');
      await terminal_shows(page, (text) => text.includes('7 letters'), 'the end of the question');
      assert.doesNotMatch(await terminal_text(page), /hunter/);
    } finally {
      stage.proxy.set_delay(0);
    }
    assert.deepEqual(faults, []);
  },
);
