// SPDX-License-Identifier: GPL-3.0-or-later
// Beside each feature of the workbench that README.md lists stands a test in Chromium; it has to be there.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const lines = read('../../README.md').split('\n');
const head = lines.findIndex((line) => /^\| Feature /.test(line));
const end = lines.findIndex((line, at) => at > head && !line.startsWith('|'));
const features = lines.slice(head + 2, end).map((line) => line.split('|').map((cell) => cell.trim()));

test('every feature in the table has the test that it names', () => {
  expect(head).toBeGreaterThanOrEqual(0);
  expect(features.length).toBeGreaterThan(15);
  for (const [, feature, , tests = ''] of features) {
    const named = [...tests.matchAll(/`([a-z_]+): ([^`]+)`/g)];
    expect(named.length, `a test beside “${feature}”`).toBeGreaterThan(0);
    for (const [, file, title] of named) {
      const text = read(`../../../../tests/e2e/web/${file}.test.mjs`);
      // A long one may stand in a line of its own.
      expect(text.replaceAll(/scenario\(\s+/g, 'scenario('), `“${title}” in ${file}`).toContain(`scenario('${title}'`);
      expect(read('../../../../tests/e2e/web/CMakeLists.txt'), `${file} in CMakeLists.txt`).toMatch(
        new RegExp(`\\b${file}\\b`),
      );
    }
  }
});
