// SPDX-License-Identifier: GPL-3.0-or-later
// web_load: somebody's first visit, with an empty cache, and the next one. First contentful paint of the sign-in page, of a workspace's
// page its terminal's first prompt, and the bytes that came, compressed as they were sent.
import { account, new_person } from '../../tests/e2e/web/support/browser.mjs';
import { signed_in_browser } from '../../tests/e2e/web/support/rest.mjs';

const kib = 1024;
const median = (samples) => [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)];

/** Counts what the page fetches from now on; its workers fetch for themselves (client/web/build/bundle_budget.mjs tells theirs). */
async function count_bytes(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  const urls = new Map();
  const counted = { bytes: 0 };
  devtools.on('Network.responseReceived', ({ requestId, response }) => urls.set(requestId, response.url));
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const url = urls.get(requestId) ?? '';
    if (/\/api\//.test(url)) return; // what is in a workspace is the person's
    counted.bytes += encodedDataLength;
  });
  return counted;
}

/** ms from the navigation's start; the page tells when it was, without being asked in between. */
const painted = () =>
  new Promise((resolve) =>
    new PerformanceObserver((list) => {
      const [entry] = list.getEntriesByName('first-contentful-paint'); // another paint may come alone before it
      if (entry) resolve(entry.startTime);
    }).observe({ type: 'paint', buffered: true }),
  );
const prompted = () =>
  new Promise((resolve) => {
    const look = () => {
      const text = document.querySelector('.terminal-place .xterm-rows')?.textContent ?? '';
      if (/[$#]\s*$/.test(text.trimEnd())) resolve(performance.now());
      else requestAnimationFrame(look);
    };
    look();
  });

export async function web_load({ server, browser, id, report, options }) {
  const runs = options.quick ? 1 : 15;
  const first = { paint: [], bytes: [] };
  const ide = { paint: [], prompt: [], again: [], bytes: [] };
  // Once unmeasured: the workspace starts, and its shell's files come into memory.
  for (let run = options.quick ? 0 : -1; run < runs; ++run) {
    const stranger = await new_person(browser);
    const fetched = await count_bytes(stranger.page);
    await stranger.page.goto(`${server.origin}/sign-in`);
    const paint = await stranger.page.evaluate(painted);
    await stranger.page.getByLabel('Password').waitFor();
    await stranger.page.waitForLoadState('networkidle');
    await stranger.context.close();

    const person = await new_person(browser, { storageState: await signed_in_browser(server.origin, account) });
    const opened = await count_bytes(person.page);
    await person.page.goto(`${server.origin}/w/${id}`);
    const prompt = await person.page.evaluate(prompted);
    const page_paint = await person.page.evaluate(painted);
    await person.page.locator('.monaco-editor .view-line').first().waitFor();
    await person.page.waitForLoadState('networkidle');
    await person.page.reload();
    const again = await person.page.evaluate(prompted);
    await person.context.close();
    if (run < 0) continue;
    first.paint.push(paint);
    first.bytes.push(fetched.bytes / kib);
    ide.paint.push(page_paint);
    ide.prompt.push(prompt);
    ide.again.push(again);
    ide.bytes.push(opened.bytes / kib);
  }
  report('web_load.first_paint', median(first.paint), 'ms', runs);
  report('web_load.first_bytes', median(first.bytes), 'KiB', runs, 250);
  report('web_load.ide_paint', median(ide.paint), 'ms', runs);
  report('web_load.prompt', median(ide.prompt), 'ms', runs);
  report('web_load.prompt_again', median(ide.again), 'ms', runs);
  report('web_load.ide_bytes', median(ide.bytes), 'KiB', runs, 1536);
}
