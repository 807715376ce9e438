// SPDX-License-Identifier: GPL-3.0-or-later
// What the editor itself knows of languages, and files that are heard, watched and paged through.
import assert from 'node:assert/strict';
import {
  command,
  editor_shows,
  eventually,
  focus_editor,
  open_file,
  scenario,
  terminal_shows,
} from './support/browser.mjs';
import { use_stage } from './support/stage.mjs';
import { inspect, inspect_everywhere } from './support/looks.mjs';

const stage = use_stage();

async function upload(page, name, buffer) {
  await page
    .locator('.tree-pane input[type=file]')
    .setInputFiles([{ name, mimeType: 'application/octet-stream', buffer: Buffer.from(buffer) }]);
  await page.getByRole('treeitem', { name, exact: true }).waitFor();
}

async function set_switch(page, name, checked) {
  await page.keyboard.press('Control+,');
  await page.locator(`[data-setting="${name}"]`).getByRole('checkbox').setChecked(checked);
  await page.keyboard.press('Escape');
  await page.getByRole('searchbox', { name: 'Search settings' }).waitFor({ state: 'detached' });
}

scenario('Ctrl+S puts a text in order where the person wants it so', async () => {
  const { page, faults } = await stage.new_workspace('Python', 'Languages');
  await upload(page, 'data.json', '{"b":1,"a":[1,{"c":2}]}');
  await upload(page, 'ship.ts', 'const  ship={name:"Ada"}\nship.');
  await upload(page, 'page.html', '<body>\n\n</body>\n');
  await open_file(page, 'data.json');
  await editor_shows(page, (text) => text.startsWith('{"b":1'), 'the file');
  await set_switch(page, 'editor.format_on_save', true);
  await focus_editor(page);
  await eventually(async () => {
    await page.keyboard.press('Control+S');
    await page.waitForTimeout(200); // between two attempts: the formatter's worker may be on its way
    return (await page.locator('.editor-host .view-line').count()) > 5;
  }, 'the text in order');
  await command(page, `clear; until grep -q '"b": 1' data.json; do sleep 0.1; done; cat data.json`);
  await terminal_shows(page, (text) => /^ +"b": 1,$/m.test(text), 'the text in order on disk');
  assert.deepEqual(faults, []);
});

scenario('TypeScript offers what an object has, and Emmet what an abbreviation stands for', async () => {
  const { page, faults } = await stage.open_workspace('Languages');
  await open_file(page, 'ship.ts');
  await focus_editor(page);
  await page.keyboard.press('Control+End');
  const offered = page.locator('.suggest-widget .monaco-list-row');
  await eventually(async () => {
    await page.keyboard.press('Control+Space');
    await page.waitForTimeout(300); // between two attempts: TypeScript is on its way
    return (await offered.filter({ hasText: 'name' }).count()) > 0;
  }, 'the property of the object');
  await page.keyboard.press('Escape');

  await open_file(page, 'page.html');
  await focus_editor(page);
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.type('ul>li.ship*3');
  await offered.filter({ hasText: 'Emmet' }).first().click({ trial: true }); // it is really to be seen
  await inspect(page, 'emmet-wide-light');
  await page.keyboard.press('Tab');
  await editor_shows(page, (text) => text.split('<li class="ship"></li>').length === 4, 'three items of a list');
  assert.deepEqual(faults, []);
});

/** A document of this many pages, each with some words; the first has a link to the last but one, and one out of the document. */
function pdf_of(pages) {
  const objects = ['<< /Type /Catalog /Pages 2 0 R >>', ''];
  const font = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>';
  objects.push(font);
  const kids = [];
  for (let page = 1; page <= pages; ++page) {
    const drawn = `BT /F1 32 Tf 60 700 Td (Harbour page ${page}) Tj ET`;
    objects.push(`<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`);
    const content = objects.length;
    const link = (rect, to) => `<< /Type /Annot /Subtype /Link /Rect [${rect}] /Border [0 0 0] ${to} >>`;
    const links = [
      link('60 600 260 640', `/Dest [${pages - 2} /XYZ 0 842 0]`),
      link('60 500 260 540', '/A << /S /URI /URI (https://example.org/harbour) >>'),
      link('60 400 260 440', '/A << /S /URI /URI (javascript:alert\\(1\\)) >>'),
    ];
    const annotations = page === 1 ? `/Annots [${links.join(' ')}]` : '';
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${content} 0 R ${annotations} /Resources << /Font << /F1 3 0 R >> >> >>`,
    );
    kids.push(`${objects.length} 0 R`);
  }
  objects[1] = `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${pages} >>`;
  let text = '%PDF-1.4\n';
  const places = objects.map((object, index) => {
    const place = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const table = text.length;
  const lines = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${lines}`;
  return `${text}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
}

scenario('a document is read page by page', async () => {
  const { page, faults } = await stage.open_workspace('Languages');
  await upload(page, 'guide.pdf', pdf_of(40));
  await open_file(page, 'guide.pdf');
  await page.getByText('Page 1 of 40').waitFor();
  const pages = page.getByRole('document', { name: 'Pages of guide.pdf' });
  await pages.getByText('Harbour page 1', { exact: true }).waitFor({ state: 'attached' });
  await inspect_everywhere(page, 'pdf');
  await pages.getByText('Harbour page 1', { exact: true }).waitFor({ state: 'attached' });
  assert.ok((await pages.locator('canvas').count()) < 10, 'only pages in sight are drawn');
  await pages.focus();
  await page.keyboard.press('End');
  await page.getByText('Page 40 of 40').waitFor();
  await pages.getByText('Harbour page 40', { exact: true }).waitFor({ state: 'attached' });
  await pages.press('Home');
  await page.getByText('Page 1 of 40').waitFor();

  // Links: out of the document in a tab of its own, and to its own places.
  const out = pages.getByRole('link');
  await out.waitFor();
  assert.equal(await out.count(), 1, 'a script is no place to go to');
  assert.deepEqual(await out.evaluate(({ href, target, rel }) => [href, target, rel]), [
    'https://example.org/harbour',
    '_blank',
    'noopener noreferrer',
  ]);
  await pages.getByRole('button', { name: 'To another place in this document' }).click();
  await page.getByText('Page 39 of 40').waitFor();

  // Words: found on all pages, one after the other, painted where they stand.
  await pages.focus();
  await page.keyboard.press('Control+F');
  const find = page.getByRole('search', { name: 'Find in the document' });
  await find.getByRole('textbox', { name: 'Find' }).fill('HARBOUR  page 3');
  await find.getByRole('status').getByText('11 of 11').waitFor(); // from here on: 39
  await eventually(
    () => page.evaluate(() => [...(CSS.highlights.get('pdf-found-now') ?? [])].join() === 'Harbour page 3'),
    'the words to be painted',
  );
  await inspect(page, 'pdf-find-wide-light');
  await page.keyboard.press('Enter');
  await find.getByRole('status').getByText('1 of 11').waitFor();
  await page.getByText('Page 3 of 40').waitFor();
  await page.keyboard.press('Shift+Enter');
  await page.getByText('Page 39 of 40').waitFor();
  await find.getByRole('textbox', { name: 'Find' }).fill('no such words');
  await find.getByRole('status').getByText('Not found').waitFor();
  await page.keyboard.press('Escape');
  await find.waitFor({ state: 'detached' });
  assert.equal(await pages.evaluate((element) => element === document.activeElement), true);
  await upload(page, 'broken.pdf', 'no document');
  await open_file(page, 'broken.pdf');
  await page.getByText('This is no PDF that can be read.').waitFor();
  await page.getByRole('button', { name: 'Show bytes' }).click();
  await page.getByRole('document', { name: 'Bytes of broken.pdf' }).waitFor();
  assert.deepEqual(faults, []);
});

scenario('sounds and films are played', async () => {
  const { page, faults } = await stage.open_workspace('Languages');
  const rate = 8000;
  const wave = Buffer.alloc(44 + rate * 2);
  wave.write('RIFF', 0);
  wave.writeUInt32LE(36 + rate * 2, 4);
  wave.write('WAVEfmt ', 8);
  wave.writeUInt32LE(16, 16);
  for (const [place, number] of [
    [20, 1],
    [22, 1],
    [32, 1],
    [34, 8],
  ])
    wave.writeUInt16LE(number, place);
  wave.writeUInt32LE(rate, 24);
  wave.writeUInt32LE(rate, 28);
  wave.write('data', 36);
  wave.writeUInt32LE(rate * 2, 40);
  await upload(page, 'horn.wav', wave);
  await open_file(page, 'horn.wav');
  await page.getByText('0:02', { exact: true }).waitFor();

  const film = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    canvas.width = 64;
    canvas.height = 48;
    const context = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm' });
    const parts = [];
    const ended = new Promise((resolve) => (recorder.onstop = resolve));
    const some = new Promise((resolve) => {
      recorder.ondataavailable = ({ data }) => {
        parts.push(data);
        if (data.size > 0) resolve();
      };
    });
    recorder.start(50);
    const painting = setInterval(() => {
      context.fillStyle = `hsl(${performance.now() % 360} 80% 50%)`;
      context.fillRect(0, 0, 64, 48);
    }, 20);
    await some;
    clearInterval(painting);
    recorder.stop();
    await ended;
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  });
  await upload(page, 'ship.webm', film);
  await open_file(page, 'ship.webm');
  await page.getByText('64 × 48 px').waitFor();
  await page.getByLabel('Film ship.webm').evaluate(async (video) => {
    video.muted = video.loop = true;
    await video.play();
  });
  assert.deepEqual(faults, []);
});
