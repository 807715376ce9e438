// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { resolve_link } from './markdown_links';

const file = (address: string) => {
  const target = resolve_link('project/docs/guide.md', address);
  return target?.kind === 'file' ? target.path : undefined;
};

test('files are found from the page, from the repository with a slash, and never above home', () => {
  expect(file('a.png')).toBe('project/docs/a.png');
  expect(file('./x/../a%20b.md#part')).toBe('project/docs/a b.md');
  expect(file('../src/main.py?raw=1')).toBe('project/src/main.py');
  expect(file('/src/main.py')).toBe('project/src/main.py');
  expect(file('../../../../etc/passwd')).toBeUndefined();
  expect(file('%00')).toBeUndefined();
});

test('only addresses that a page may open are links', () => {
  expect(resolve_link('project/a.md', 'https://example.org/x')).toEqual({
    kind: 'web',
    address: 'https://example.org/x',
  });
  expect(resolve_link('project/a.md', '#Some-Heading')).toEqual({ kind: 'place', name: 'some-heading' });
  for (const wrong of [
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
  ])
    expect(resolve_link('project/a.md', wrong)).toBeUndefined();
});
