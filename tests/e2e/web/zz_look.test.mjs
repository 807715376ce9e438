import {
  scenario,
  picture,
  command,
  terminal_shows,
  open_file,
  focus_editor,
  saved_on_disk,
} from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';
const stage = use_stage({ browser_options: { readable_terminals: true } });
const pause = (page, ms = 350) => page.waitForTimeout(ms);
scenario('look', async () => {
  const { page } = await stage.new_workspace('Node', 'Harbour website');
  const shot = async (n) => {
    await pause(page);
    await picture(page, n);
  };
  await shot('01-new');
  await command(
    page,
    'mkdir -p src/lib docs && for i in a b c d; do echo "export const x = 1;" > src/lib/$i.js; done; echo "# Hi" > docs/readme.md; ls --color=always -la; git init -q . 2>&1; echo ok',
  );
  await pause(page, 800);
  await page.keyboard.press('Control+`');
  await shot('02-term-hidden');
  await page.keyboard.press('Control+`');
  await shot('03-term-back');
  await focus_editor(page);
  await page.keyboard.press('Control+p');
  await pause(page, 600);
  await shot('04-quick-open');
  await page.keyboard.type('js');
  await shot('05-quick-open-js');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await pause(page, 800);
  await shot('06-opened');
  await page.getByRole('treeitem', { name: 'docs' }).click();
  await pause(page, 500);
  await page.getByRole('treeitem', { name: 'docs' }).click({ button: 'right' });
  await shot('07-folder-menu');
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { selected: true }).first().click({ button: 'right' });
  await shot('08-tab-menu');
  await page.keyboard.press('Escape');
  await focus_editor(page);
  await page.keyboard.press('Control+f');
  await page.keyboard.type('x');
  await shot('09-find');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+h');
  await shot('10-replace');
  await page.keyboard.press('Escape');
  await page.keyboard.press('F1');
  await shot('11-f1');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.frameLocator('.preview-pane iframe').getByRole('heading', { name: 'Hello from Berth' }).waitFor();
  await shot('12-run-preview');
  await page.getByRole('tab', { name: /Ports/ }).click();
  await shot('13-ports');
  await page.getByRole('tab', { name: /bash/ }).first().click();
  for (const [w, h] of [
    [900, 700],
    [760, 900],
    [390, 800],
  ]) {
    await page.setViewportSize({ width: w, height: h });
    await pause(page, 700);
    await shot(`20-${w}`);
  }
  for (const pane of ['Files', 'Terminal', 'Preview', 'Editor']) {
    await page.getByRole('navigation', { name: 'Panels' }).getByRole('button', { name: pane }).click();
    await shot(`21-390-${pane}`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await pause(page, 600);
  await shot('30-dark');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await pause(page, 1500);
  await shot('31-stopped-run');
  await page.getByRole('link', { name: 'To your workspaces' }).click();
  await shot('32-dashboard-dark');
  await page.getByRole('button', { name: 'New workspace' }).click();
  await shot('33-create-dark');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Account and theme' }).click();
  await shot('34-menu-dark');
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 390, height: 800 });
  await shot('35-dashboard-390');
});
