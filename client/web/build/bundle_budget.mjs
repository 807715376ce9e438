// SPDX-License-Identifier: GPL-3.0-or-later
// bundle_budget.mjs DIST: what a browser fetches of a build, compressed as berthd sends it, beside the budget of issue 8: until the
// first page is painted, and until a workspace stands with an editor and a terminal. Ends with 1 where it is more.
// Monaco's workers come on top and are only told.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const [dist] = process.argv.slice(2);
if (!dist) throw new Error('bundle_budget.mjs DIST');
const kib = 1024;
const assets = join(dist, 'assets');
const names = new Set(readdirSync(assets));

/** What a chunk fetches with it, and what it may fetch later: by the chunk that is asked for, all that comes with it. */
const seen = new Map();
function links_of(name) {
  const known = seen.get(name);
  if (known) return known;
  const links = { now: new Set(), later: new Map() };
  seen.set(name, links);
  if (!name.endsWith('.js')) return links;
  const text = readFileSync(join(assets, name), 'utf8');
  for (const [, file] of text.matchAll(/(?:from|\bimport)\s*["'`]\.\/([^"'`]+)["'`]/g))
    if (names.has(file)) links.now.add(file);
  const list = /m\.f=(\[[^\]]*\])/.exec(text)?.[1];
  const beside = list ? JSON.parse(list).map((path) => path.replace('assets/', '')) : [];
  for (const [, file, deps = ''] of text.matchAll(
    /import\(["'`]\.\/([^"'`]+)["'`]\)(?:\.then\([^()]*\))?,\s*__vite__mapDeps\(\[([\d,]*)\]\)/g,
  ))
    links.later.set(file, deps === '' ? [] : deps.split(',').map((index) => beside[Number(index)]));
  for (const [, file] of text.matchAll(/import\(["'`]\.\/([^"'`]+)["'`]\)/g))
    if (!links.later.has(file)) links.later.set(file, []);
  return links;
}

function fetch_all(fetched, ...files) {
  for (const file of files) {
    if (fetched.has(file) || !names.has(file)) continue;
    fetched.add(file);
    fetch_all(fetched, ...links_of(file).now);
  }
}

/** In bytes; what is too small to be worth it is sent as it is. */
function sent(path) {
  try {
    return statSync(`${path}.br`).size;
  } catch {
    return statSync(path).size;
  }
}

const page = readFileSync(join(dist, 'index.html'), 'utf8');
const first = new Set();
fetch_all(first, ...[...page.matchAll(/(?:src|href)="\/assets\/([^"]+)"/g)].map(([, file]) => file));
const beside = [...page.matchAll(/(?:src|href)="\/([^/"]+)"/g)].map(([, file]) => file);
const bytes = (files) => [...files].reduce((sum, file) => sum + sent(join(assets, file)), 0);
const first_paint =
  sent(join(dist, 'index.html')) + beside.reduce((sum, file) => sum + sent(join(dist, file)), 0) + bytes(first);

/** What a workspace's page asks for while it opens, by the chunk's name. */
const wanted = ['workspace_page', 'text_editor', 'terminal_view', 'addon-webgl'];
const ide = new Set(first);
for (const name of wanted) {
  let found = false;
  for (const known of [...ide]) {
    for (const [file, deps] of links_of(known).later) {
      if (!file.startsWith(`${name}-`)) continue;
      found = true;
      fetch_all(ide, file, ...deps);
    }
  }
  if (!found)
    throw new Error(`no chunk “${name}” is asked for: bundle_budget.mjs no longer knows how a workspace opens`);
}
// Monaco's signs are a font that its style sheet names.
fetch_all(ide, ...[...names].filter((name) => /^codicon-.*\.ttf$/.test(name)));
const workers = [...names].filter((name) => /worker-.*\.js$/.test(name));

let over = false;
for (const [name, value, budget] of [
  ['first paint', first_paint, 250 * kib],
  ['the IDE, an editor and a terminal in it', bytes(ide), 1536 * kib],
  ['workers, each fetched with the first file of its language', bytes(workers), undefined],
]) {
  const verdict = budget === undefined ? '' : value <= budget ? `, of ${budget / kib}` : `: MORE THAN ${budget / kib}`;
  over ||= budget !== undefined && value > budget;
  process.stdout.write(`${name}: ${Math.round(value / kib)} KiB${verdict}\n`);
}
process.exit(over ? 1 : 0);
