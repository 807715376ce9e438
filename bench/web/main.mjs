// SPDX-License-Identifier: GPL-3.0-or-later
// main.mjs [web | web_load | web_memory] [--quick | --hour] [--json]: the browser IDE in Chromium against a berthd of its own, measured
// from outside. bench/run calls it. A line a figure, as bench/figure.cpp prints them.
import { start_server } from '../../tests/e2e/web/support/berth_server.mjs';
import { account, launch } from '../../tests/e2e/web/support/browser.mjs';
import { set_up_server, sign_in_natively } from '../../tests/e2e/web/support/rest.mjs';
import { web_load } from './load.mjs';
import { web_memory } from './memory.mjs';

const words = process.argv.slice(2);
const options = { quick: words.includes('--quick'), hour: words.includes('--hour') };
const json = words.includes('--json');
const [name = 'web'] = words.filter((word) => !word.startsWith('-'));
const subjects = Object.entries({ web_load, web_memory }).filter(([one]) => name === 'web' || name === one);
if (subjects.length === 0) throw new Error(`'${name}' is not understood`);

let missed = false;
/** `at_most`: the bar, in the figure's unit; null for none. */
function report(figure, value, unit, runs, at_most = null) {
  const met = at_most === null || value <= at_most;
  const judged = !options.quick && at_most !== null;
  missed ||= judged && !met;
  const bars = judged ? { bars: [{ bar: `≤ ${at_most} ${unit}`, met }] } : {};
  if (json) {
    console.log(
      JSON.stringify({ name: figure, value, unit, peer: null, peer_value: null, ratio: null, runs, ...bars }),
    );
    return;
  }
  const shown = Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
  const verdict = judged ? ` ≤ ${at_most} ${unit}: ${met ? 'met' : 'NOT MET'}` : '';
  console.log(`${figure.padEnd(26)} ${shown.padStart(8)} ${unit.padEnd(8)} runs ${String(runs).padEnd(3)}${verdict}`);
}

const server = await start_server();
const browser = await launch();
try {
  await set_up_server(server, account);
  const call = await sign_in_natively(server.origin, account);
  const { id } = await call('POST', 'workspaces', { name: 'Bench', template_id: 'python' });
  for (const [, measure] of subjects) await measure({ server, browser, id, report, options });
} finally {
  await browser.close();
  await server.stop(account);
}
// A long run is a test as well.
if (options.hour && missed) process.exit(1);
