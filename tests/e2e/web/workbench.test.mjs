// SPDX-License-Identifier: GPL-3.0-or-later
// The frame of the IDE: commands by name, going to files and lines, panels that are remembered, settings and keys.
import assert from 'node:assert/strict';
import { command, editor_shows, focus_editor, open_file, scenario, terminal_shows } from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';
import { inspect, inspect_everywhere } from './support/looks.mjs';

const stage = use_stage();

/** Chooses a command by its name. */
async function palette(page, typed, name) {
  await page.keyboard.press('Control+Shift+P');
  await page.getByRole('combobox', { name: 'Command' }).fill(`>${typed}`);
  await page.getByRole('option', { name, selected: true }).waitFor();
  await page.keyboard.press('Enter');
}
const views = (page) => page.getByRole('navigation', { name: 'Views' });
const setting = (page, name) => page.locator(`[data-setting="${name}"]`);

scenario('commands are found by a few letters of their names, and what is not possible says why', async () => {
  const { page, faults } = await stage.new_workspace('Python', 'Palette');
  await page.keyboard.press('Control+Shift+P');
  await page.getByRole('combobox', { name: 'Command' }).waitFor();
  await inspect(page, 'palette-wide-light');
  await page.getByRole('combobox', { name: 'Command' }).fill('>sticky');
  await page.getByRole('option', { name: 'View: Toggle sticky scroll', selected: true }).waitFor();
  await page.keyboard.press('Escape');
  await palette(page, 'spltdwn', 'View: Split editor down');
  await page.getByRole('tablist', { name: 'Open files, group 2' }).waitFor();
  // The editor's own commands are among them, and work on the text that has the keys.
  await palette(page, 'duplicate sel', /Duplicate Selection/);
  await page.keyboard.press('Control+K');
  await page.keyboard.press('w');
  await page.getByText('Choose a file on the left').waitFor();
  // What was chosen last comes first; what needs a file says so.
  await page.keyboard.press('F1');
  await page.getByRole('combobox', { name: 'Command' }).waitFor();
  const save = page.getByRole('option', { name: 'File: Close', exact: false }).first();
  assert.equal(await save.getAttribute('aria-disabled'), 'true');
  await page.keyboard.press('Escape');
  assert.deepEqual(faults, []);
});

scenario('a file is opened at a line, and lines are gone to by number', async () => {
  const { page, faults } = await stage.open_workspace('Palette');
  await command(page, "seq -f 'line %g' 300 > ~/project/lines.txt && echo made");
  await terminal_shows(page, (text) => /^made$/m.test(text), 'the file made');
  await page.locator('.tree').focus();
  await page.keyboard.press('Control+P');
  await page.getByRole('combobox', { name: 'File name' }).fill('lnstxt:250');
  await page.getByRole('option', { name: 'lines.txt', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Ln 250, Col 1/ }).waitFor();
  await editor_shows(page, (text) => text.includes('line 250'), 'the line that was asked for');
  await page.keyboard.press('Control+G');
  await page.getByRole('combobox', { name: 'Line' }).pressSequentially('12:3');
  await page.getByRole('option', { name: 'Go to line 12, column 3' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Ln 12, Col 3/ }).waitFor();
  await page.keyboard.type('X');
  await editor_shows(page, (text) => text.includes('liXne 12'), 'what was typed there');
  assert.deepEqual(faults, []);
});

scenario('each workspace keeps its panels, and the activity bar leads to its views', async () => {
  const { page, faults } = await stage.open_workspace('Palette');
  await views(page).getByRole('button', { name: 'People' }).click();
  await page.getByRole('region', { name: 'People' }).getByText('Nobody else is here').waitFor();
  await views(page).getByRole('button', { name: 'Open ports' }).click();
  await page.getByRole('tab', { name: /Ports/, selected: true }).waitFor();
  await page.getByRole('button', { name: 'Terminal', exact: true }).click();
  await page.locator('.terminal-pane').waitFor({ state: 'detached' });
  const edge = page.getByRole('separator', { name: 'Resize side panel' });
  const before = await page.locator('.people-side').boundingBox();
  const box = await edge.boundingBox();
  await page.mouse.move(box.x, box.y + 200);
  await page.mouse.down();
  await page.mouse.move(box.x + 90, box.y + 200, { steps: 5 });
  await page.mouse.up();
  const wide = await page.locator('.people-side').boundingBox();
  assert.ok(wide.width > before.width + 60, `${before.width} → ${wide.width}`);

  await page.reload();
  await page.getByRole('region', { name: 'People' }).waitFor();
  const again = await page.locator('.people-side').boundingBox();
  assert.ok(Math.abs(again.width - wide.width) < 3, `${wide.width} → ${again.width}`);
  assert.equal(await page.locator('.terminal-pane').count(), 0);

  // Another workspace has its own.
  await stage.make_workspace('Python', 'Other');
  await stage.enter(page, 'Other');
  await page.getByRole('tree', { name: 'Project files' }).waitFor();
  await page.locator('.terminal-pane').waitFor();

  // Zen mode leaves the text alone.
  await focus_editor(page);
  await page.keyboard.press('Control+K');
  await page.keyboard.press('z');
  await page.locator('.terminal-pane').waitFor({ state: 'detached' });
  assert.equal(await views(page).count(), 0);
  await page.keyboard.press('Control+K');
  await page.keyboard.press('z');
  await views(page).waitFor();
  assert.deepEqual(faults, []);
});

scenario('settings change the editor at once, follow the person, and can be typed as JSON', async () => {
  const { page, faults } = await stage.open_workspace('Other');
  await page.keyboard.press('Control+,');
  await page.getByRole('searchbox', { name: 'Search settings' }).waitFor();
  await inspect_everywhere(page, 'settings-ide');
  await page.getByRole('searchbox', { name: 'Search settings' }).fill('font size');
  const size = page.getByRole('region', { name: 'Editor' }).getByRole('spinbutton', { name: 'Font size' });
  await size.fill('20');
  await size.fill('');
  await page.getByRole('alert').getByText('From 8 to 40').waitFor();
  await page.getByRole('searchbox', { name: 'Search settings' }).fill('minimap');
  const kept = page.waitForResponse(
    (response) => response.url().endsWith('/me/preferences') && response.request().method() === 'PATCH',
  );
  await page.getByRole('checkbox', { name: 'Minimap' }).uncheck();
  assert.equal((await kept).status(), 200);
  assert.match(await setting(page, 'editor.minimap').getAttribute('class'), /changed/);
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => getComputedStyle(document.querySelector('.view-lines')).fontSize === '20px');
  await page.locator('.editor-host .minimap').waitFor({ state: 'hidden' });

  // In another browser they are the same.
  const second = await stage.open_workspace('Other');
  await second.page.waitForFunction(() => getComputedStyle(document.querySelector('.view-lines')).fontSize === '20px');

  // As JSON: what is wrong is told and changes nothing, what is right is taken whole.
  await palette(page, 'settings json', 'Preferences: Settings (JSON)');
  const text = page.getByRole('textbox', { name: 'Settings as JSON' });
  assert.deepEqual(JSON.parse(await text.inputValue()), { 'editor.font_size': 20, 'editor.minimap': false });
  for (const [wrong, words] of [
    ['{ "editor.font_size": 500 }', /editor\.font_size: must be a whole number from 8 to 40/],
    ['{ "editor.font_syze": 5 }', /editor\.font_syze: is no setting/],
    ['{ "keys.save": ["p"] }', /"p" names no keys/],
    ['{', /not JSON/],
  ]) {
    await text.fill(wrong);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('alert').getByText(words).waitFor();
  }
  await text.fill('{ "editor.word_wrap": "on", "keys.save": ["ctrl+alt+s"] }');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('The settings are saved.').waitFor();
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => getComputedStyle(document.querySelector('.view-lines')).fontSize === '13px');
  assert.deepEqual(faults, []);
});

scenario('keys are chosen by pressing them, and the editor keeps its own chords', async () => {
  const { page, faults } = await stage.open_workspace('Other');
  await focus_editor(page);
  await page.keyboard.press('Control+K');
  await page.keyboard.press('Control+S');
  const table = page.getByRole('table', { name: 'Keyboard shortcuts' });
  await table.waitFor();
  await inspect_everywhere(page, 'keys-ide');
  await page.getByRole('searchbox', { name: 'Search commands' }).fill('toggle side');
  await page.getByRole('button', { name: 'Change the keys of View: Toggle side panel' }).click();
  await page.keyboard.press('Control+Alt+B');
  await page.keyboard.press('Enter');
  await table.getByText('Ctrl+Alt+B').waitFor();
  await page.keyboard.press('Escape');
  await focus_editor(page);
  await page.keyboard.press('Control+Alt+B');
  await page.getByRole('tree', { name: 'Project files' }).waitFor({ state: 'detached' });
  await page.keyboard.press('Control+B'); // nobody's any more
  await page.keyboard.press('Control+Alt+B');
  await page.getByRole('tree', { name: 'Project files' }).waitFor();

  // Ctrl+K Ctrl+C is the editor's: it gets both halves.
  await open_file(page, 'main.py');
  await focus_editor(page);
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Control+K');
  await page.keyboard.press('Control+C');
  await editor_shows(page, (text) => text.startsWith('# '), 'the line as a comment');
  await page.keyboard.press('Control+Z');

  // The usual keys come back.
  await page.keyboard.press('Control+K');
  await page.keyboard.press('Control+S');
  await page.getByRole('button', { name: 'The usual keys of View: Toggle side panel' }).click();
  await table.getByText('Ctrl+B', { exact: true }).waitFor();
  assert.deepEqual(faults, []);
});

scenario('a theme is looked at before it is chosen', async () => {
  const { page, faults } = await stage.open_workspace('Other');
  const theme = (name) => page.locator(`html[data-theme="${name}"]`).waitFor({ state: 'attached' });
  await theme('light');
  await palette(page, 'colour theme', 'Preferences: Colour theme');
  await page.getByRole('combobox', { name: 'Colour theme' }).fill('dark');
  await theme('dark');
  await page.keyboard.press('Escape');
  await theme('light');
  await page.keyboard.press('Control+,');
  await setting(page, 'theme').getByRole('combobox').selectOption('dark');
  await theme('dark');
  await setting(page, 'theme')
    .getByRole('button', { name: /As usual/ })
    .click();
  await theme('light');
  assert.deepEqual(faults, []);
});
