// SPDX-License-Identifier: GPL-3.0-or-later
// axe-core in the page: what people with screen readers, keyboards or weak eyes would stumble over.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { settled } from './looks.mjs';

const from_web = createRequire(new URL('../../../../client/web/package.json', import.meta.url));
const source = readFileSync(from_web.resolve('axe-core/axe.min.js'), 'utf8');

// Monaco's and xterm.js's insides are theirs; a preview is somebody's own page.
const not_ours = ['.monaco-editor', '.xterm', 'iframe', '.swagger-ui'];

/** What is serious in the page as it is now. */
export async function findings(page) {
  await page.evaluate(settled);
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source);
  return page.evaluate(async (exclude) => {
    const { violations } = await globalThis.axe.run(
      { exclude: exclude.map((one) => [one]) },
      { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
    );
    // An avatar's initials, a count and the signs of a search are drawings of what the name says.
    const drawn = ({ html }) => /^<\w+[^>]*class="(avatar|activity|icon-button find-toggle)\b/.test(html);
    for (const one of violations)
      if (one.id === 'label-content-name-mismatch') one.nodes = one.nodes.filter((node) => !drawn(node));
    return violations
      .filter(({ nodes }) => nodes.length > 0)
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, help, nodes }) =>
          `${id}: ${help}: ${nodes
            .map(({ html }) => html.slice(0, 200))
            .slice(0, 3)
            .join(' | ')}`,
      );
  }, not_ours);
}

export async function accessible(page, name) {
  assert.deepEqual(await findings(page), [], name);
}
