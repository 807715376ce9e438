// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are more than text: pictures, Markdown, tables, bytes.
import assert from 'node:assert/strict';
import { command, eventually, open_file, scenario, terminal_shows } from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';
import { inspect, inspect_everywhere } from './support/looks.mjs';

const stage = use_stage();

/** Puts a text into the project, whatever is in it. */
async function put(page, name, content) {
  const text = Buffer.from(content).toString('base64');
  await command(page, `clear; echo ${text} | base64 -d > ~/project/${name} && echo put`);
  await terminal_shows(page, (shown) => /^put$/m.test(shown), `${name} written`);
}

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGP8z8Dwn4GBgYGJAQoAHxcCAr7cyKsAAAAASUVORK5CYII=',
  'base64',
);

scenario('Markdown is drawn beside its text, follows it, and nothing in it becomes markup', async () => {
  const { page, faults } = await stage.new_workspace('Python', 'Viewers');
  await put(page, 'dot.png', png);
  const text = [
    '# Harbour guide',
    '',
    'Some *words*, a [link](main.py), a [heading](#the-end) and [elsewhere](https://example.org/).',
    '',
    '| Ship | Length |',
    '| ---- | -----: |',
    '| Ada  |    12 m |',
    '',
    '- [x] done',
    '- [ ] to do',
    '',
    '```py',
    'print("<b>code</b>")',
    '```',
    '',
    '![dot](dot.png) ![far](https://example.org/spy.png)',
    '',
    '<img src=x onerror="document.title = `taken`"><script>document.title = "taken"</script>',
    '',
    '[evil](javascript:document.title="taken")',
    '',
    ...Array.from({ length: 60 }, (_, at) => `Line ${at}.\n`),
    '## The end',
  ].join('\n');
  await put(page, 'guide.md', text);
  await open_file(page, 'guide.md');
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.keyboard.press('Control+Shift+V');
  const drawn = page.getByRole('document', { name: 'Page of guide.md' });
  await drawn.getByRole('heading', { name: 'Harbour guide' }).waitFor();
  await drawn.getByRole('cell', { name: '12 m' }).waitFor();
  assert.equal(await drawn.getByRole('checkbox').count(), 2);
  await drawn.getByText('print("<b>code</b>")').waitFor();
  await eventually(
    () => drawn.getByRole('img', { name: 'dot' }).evaluate((image) => image.naturalWidth === 2),
    'the picture of the workspace',
  );
  assert.equal(await drawn.locator('script, img[onerror], b, a[href^="javascript"]').count(), 0);
  await inspect_everywhere(page, 'markdown');
  assert.equal(await drawn.getByRole('link', { name: 'elsewhere' }).getAttribute('rel'), 'noopener noreferrer');
  assert.ok(!asked.some((url) => url.includes('example.org')), 'nothing is asked of other servers');
  await drawn.getByRole('button', { name: 'heading' }).click();
  await eventually(
    () =>
      drawn.getByRole('heading', { name: 'The end' }).evaluate((end) => end.getBoundingClientRect().top < innerHeight),
    'the heading in sight',
  );
  await drawn.getByRole('button', { name: 'link', exact: true }).click();
  await page.getByRole('tab', { name: 'main.py', selected: true }).waitFor();

  // Beside its text it follows what is typed.
  await open_file(page, 'guide.md');
  await page.locator('.editor-host .view-lines').click();
  await page.keyboard.press('Control+K');
  await page.keyboard.press('v');
  await drawn.waitFor();
  await page.locator('.editor-host .view-lines').click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('End');
  await page.keyboard.type(' and more');
  await drawn.getByRole('heading', { name: 'Harbour guide and more' }).waitFor();
  assert.ok(!(await page.title()).includes('taken'));
  assert.deepEqual(faults, []);
});

scenario('a table of values is shown as one, however long', async () => {
  const { page, faults } = await stage.open_workspace('Viewers');
  const rows = 'for at in range(1, 20001): print(f"row {at};x;{at}")';
  await put(page, 'make.py', `print('name;note;count\\n"Ada; L";"two\\nlines";1')\n${rows}\n`);
  await command(page, 'clear; python3 make.py > table.csv && rm make.py && echo made');
  await terminal_shows(page, (text) => /^made$/m.test(text), 'the table made');
  await open_file(page, 'table.csv');
  await page.getByRole('button', { name: 'Show the table' }).click();
  const table = page.getByRole('table', { name: 'Table of table.csv' });
  await table.getByRole('columnheader', { name: 'note' }).waitFor();
  await table.getByRole('cell', { name: 'Ada; L' }).waitFor();
  await inspect(page, 'table-wide-light');
  assert.ok((await table.getByRole('row').count()) < 100, 'only rows in sight are in the page');
  await eventually(async () => {
    await table.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    return (await table.getByRole('cell', { name: 'row 20000' }).count()) === 1;
  }, 'the last row');
  await page.getByRole('button', { name: 'Show the table' }).click();
  await page.locator('.editor-host .view-lines').waitFor();
  assert.deepEqual(faults, []);
});

scenario('a picture tells its size and is enlarged', async () => {
  const { page, faults } = await stage.open_workspace('Viewers');
  await open_file(page, 'dot.png');
  await page.getByText('2 × 2 px').waitFor();
  const image = page.getByRole('img', { name: 'dot.png' });
  const width = async () => (await image.boundingBox()).width;
  assert.equal(await width(), 2);
  for (let at = 0; at < 8; ++at) await page.getByRole('button', { name: 'Larger' }).click();
  await eventually(async () => (await width()) === 32, 'sixteen times its size');
  await inspect(page, 'picture-wide-light');
  await page.getByRole('group', { name: 'Picture dot.png' }).focus();
  await page.keyboard.press('0');
  await eventually(async () => (await width()) === 2, 'its own size');
  // Drawn again by a program, it is shown as it is now.
  await command(
    page,
    "clear; python3 -c \"import zlib, struct; part = lambda name, data: struct.pack('>I', len(data)) + name + data + " +
      "struct.pack('>I', zlib.crc32(name + data)); open('dot.png', 'wb').write(bytes([137, 80, 78, 71, 13, 10, 26, 10]) + " +
      "part(b'IHDR', struct.pack('>IIBBBBB', 3, 1, 8, 2, 0, 0, 0)) + part(b'IDAT', zlib.compress(bytes(10))) + part(b'IEND', b''))\"",
  );
  await page.getByText('3 × 1 px').waitFor();
  assert.deepEqual(faults, []);
});

scenario('what is no text is shown as bytes, to its end, and read again when it changes', async () => {
  const { page, faults } = await stage.open_workspace('Viewers');
  await command(
    page,
    `clear; python3 -c 'import sys; sys.stdout.buffer.write(b"\\x00\\x01Berth\\xff" + bytes(2000000) + b"THE END")' > data.bin; ls -s data.bin`,
  );
  await terminal_shows(page, (text) => /^\d+ data\.bin$/m.test(text), 'the file');
  await open_file(page, 'data.bin');
  const bytes = page.getByRole('document', { name: 'Bytes of data.bin' });
  const rows = bytes.locator('.hex-row');
  await rows.first().getByText('00 01 42 65 72 74 68 ff').waitFor();
  await rows.first().getByText('··Berth·').waitFor();
  await inspect_everywhere(page, 'hex');
  await bytes.focus();
  await page.keyboard.press('End');
  await rows.last().getByText('THE END').waitFor();
  await rows.last().getByText('001e8480').waitFor();
  await command(page, 'printf changed > data.bin; printf "\\0" >> data.bin');
  await bytes.focus();
  await page.keyboard.press('Home');
  await eventually(async () => {
    if ((await rows.first().innerText()).includes('changed')) return true;
    const again = page.getByRole('button', { name: 'Read again' });
    if (await again.count()) await again.click();
    return false;
  }, 'the new bytes');
  assert.deepEqual(faults, []);
});
