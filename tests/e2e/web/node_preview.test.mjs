// SPDX-License-Identifier: GPL-3.0-or-later
// A web server in a workspace, its page in the preview pane, and the page changed by an edit.
import assert from 'node:assert/strict';
import { command, eventually, retype, scenario } from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';
import { inspect, inspect_everywhere } from './support/looks.mjs';

const stage = use_stage();

scenario('run opens the preview, an edit changes the page, and it opens in a tab of its own', async () => {
  const { page, context, faults } = await stage.new_workspace('Node', 'Shop');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const frame = page.frameLocator('.preview-pane iframe');
  await frame.getByRole('heading', { name: 'Hello from Berth' }).waitFor();
  assert.match(await page.getByLabel('Preview address').inputValue(), /^http:\/\/3000--[a-z2-7]{10}\.localhost:\d+\/$/);

  // The template's server tells the page to reload when a file changes: nothing but the edit is done here.
  await retype(
    page,
    '<!doctype html><title>Shop</title><h1>Changed by an edit</h1><p id="where"></p><script src="where.js"></script>\n',
  );
  await frame.getByRole('heading', { name: 'Changed by an edit' }).waitFor();
  await inspect(page, 'preview-wide-light');

  // Address bar and reload.
  await page.getByLabel('Preview address').fill('/style.css');
  await page.getByLabel('Preview address').press('Enter');
  await frame.getByText('{').first().waitFor();
  await page.getByRole('button', { name: 'Reload preview' }).click();
  await frame.getByText('{').first().waitFor();
  await page.getByLabel('Preview address').fill(':3000/?x=1');
  await page.getByLabel('Preview address').press('Enter');
  await frame.getByRole('heading', { name: 'Changed by an edit' }).waitFor();

  // Outside: a tab of its own, signed in by the hand-over.
  const [outside] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('link', { name: 'Open preview in a new tab' }).click(),
  ]);
  await outside.getByRole('heading', { name: 'Changed by an edit' }).waitFor();
  assert.match(outside.url(), /^http:\/\/3000--[a-z2-7]{10}\.localhost:\d+\/\?x=1$/);

  // Where the host form fails there is the path form, on another origin too.
  await page.getByRole('button', { name: 'Ports and more' }).click();
  await page.getByRole('menuitem', { name: 'Does not load? Try another way' }).click();
  await frame.getByRole('heading', { name: 'Changed by an edit' }).waitFor();
  const source = await page.locator('.preview-pane iframe').getAttribute('src');
  assert.notEqual(new URL(source ?? '').origin, stage.server.origin);
  assert.doesNotMatch(source ?? '', /--/);

  // In the dark theme too the frame's ground is the one that the page's colours are made for.
  await page.bringToFront(); // a tab behind another hears of nothing
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html[data-theme="dark"]').waitFor({ state: 'attached' });
  const ground = await page
    .locator('.preview-pane iframe')
    .evaluate((shown) => getComputedStyle(shown).backgroundColor);
  assert.match(ground, /^rgb\((\d|[1-4]\d), /, `the ground is ${ground}`);

  // The port is in the list as long as something listens.
  await page.getByRole('tab', { name: /Ports/ }).click();
  await page.getByRole('cell', { name: '3000', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByText('No program listens on a port').waitFor();
  await page.getByRole('tab', { name: /Run stopped/ }).waitFor();
  assert.deepEqual(faults, []);
});

scenario('a preview has a device’s size, others stand beside it, and its page tells its errors', async () => {
  const { page, faults } = await stage.open_workspace('Shop');
  const pane = page.getByRole('region', { name: 'Preview', exact: true });
  // A program begins to listen: it is told, and a click shows it.
  const html =
    '<!doctype html><title>Other</title><script src="/.berth/console.js"></script><h1></h1>\n' +
    '<script>const tell = () => (document.querySelector("h1").textContent = `${innerWidth} wide`);\n' +
    'tell(); addEventListener("resize", tell); console.warn("ropes", { left: 2 }); nowhere();</script>\n';
  await page
    .locator('.tree-pane input[type=file]')
    .setInputFiles([{ name: 'other.html', mimeType: 'text/html', buffer: Buffer.from(html) }]);
  await page.getByRole('treeitem', { name: 'other.html', exact: true }).waitFor();
  const serve =
    'require("http").createServer((q, r) => r.setHeader("Content-Type", "text/html")' +
    '.end(require("fs").readFileSync("public/other.html"))).listen(4100)';
  await command(page, `cd ~/project && node -e '${serve}' &`);
  const notice = page.getByText('A program listens on port 4100.');
  await notice.waitFor();
  await page.locator('.notice').filter({ hasText: 'port 4100' }).getByRole('button', { name: 'Preview' }).click();
  const frame = page.frameLocator('.preview-body:not([hidden]) iframe');
  await frame.getByRole('heading', { name: /wide/ }).waitFor();

  // What the page says, below it.
  await pane.getByRole('button', { name: 'Page console, 1 error' }).click();
  const said = pane.getByRole('log', { name: 'What the page says' });
  await said.getByText('ropes {"left":2}').waitFor();
  await said.getByText(/nowhere is not defined/).waitFor();

  // The size of a device, drawn smaller where there is less room, and turned.
  await pane.getByRole('button', { name: 'Size of a device' }).click();
  await page.getByRole('menuitem', { name: 'Tablet · 820 × 1180' }).click();
  await frame.getByRole('heading', { name: '820 wide' }).waitFor();
  await inspect_everywhere(page, 'preview-device');
  await pane.getByRole('button', { name: 'Turn the device' }).click();
  await frame.getByRole('heading', { name: '1180 wide' }).waitFor();
  await pane.getByRole('spinbutton', { name: 'Width of the preview' }).fill('500');
  await page.keyboard.press('Enter');
  await frame.getByRole('heading', { name: '500 wide' }).waitFor();

  // Who sees the port, where its page is looked at.
  await pane.getByRole('button', { name: 'Who sees port 4100: Editors' }).click();
  await page.getByRole('menuitem', { name: 'Anyone who has the address' }).click();
  await pane.getByRole('button', { name: 'Who sees port 4100: Public' }).click();
  await page.getByRole('menuitem', { name: 'The owner and people who may edit' }).click();
  await pane.getByRole('button', { name: 'Who sees port 4100: Editors' }).waitFor();

  // Another beside it, also after a reload of the IDE.
  await pane.getByRole('button', { name: 'Ports and more' }).click();
  await page.getByRole('menuitem', { name: 'Another preview' }).click();
  await pane.getByRole('tab', { name: 'New preview', selected: true }).waitFor();
  await pane.getByLabel('Preview address').fill(':4100/second');
  await page.keyboard.press('Enter');
  await pane.getByRole('tab', { name: ':4100 second', selected: true }).waitFor();
  await frame.getByRole('heading', { name: /wide/ }).waitFor();
  await inspect(page, 'previews-wide-light');
  await page.reload();
  await pane.getByRole('tab', { name: ':4100 second', selected: true }).waitFor();
  await pane.getByRole('tab', { name: ':4100', exact: true }).click();
  await frame.getByRole('heading', { name: '500 wide' }).waitFor();
  await pane.getByRole('button', { name: 'Close preview :4100 second' }).click();
  await eventually(async () => (await pane.getByRole('tab').count()) === 0, 'one preview alone, without a tab');
  assert.deepEqual(
    faults.filter((fault) => !fault.includes('nowhere')),
    [],
  );
});

scenario('another person’s browser does not get into the preview', async () => {
  const { page } = await stage.person();
  await page.goto(stage.server.origin);
  await page.goto(`http://3000--abcdefghij.localhost:${stage.server.port}/`);
  await page.getByRole('heading', { name: 'Sign in to Berth' }).waitFor();
  assert.equal(page.url().startsWith(`${stage.server.origin}/sign-in?next=`), true, page.url());
});
