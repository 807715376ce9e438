// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { is_meant, markup_may_stand } from './emmet_completion';

test('abbreviations are told from words', () => {
  for (const abbreviation of ['ul>li*3', 'div', '.note', '#top', 'p.note', 'a[href]', '!', 'h1{Title}', '(p+p)*2'])
    expect(is_meant(abbreviation, 'markup'), abbreviation).toBe(true);
  for (const words of ['hello', 'well.', 'note:', '42', '', 'Berth'])
    expect(is_meant(words, 'markup'), words).toBe(false);
  for (const abbreviation of ['m10', 'p0-auto', 'd:f', '@m', 'c#f'])
    expect(is_meant(abbreviation, 'stylesheet'), abbreviation).toBe(true);
  for (const words of ['10', '.', '{']) expect(is_meant(words, 'stylesheet'), words).toBe(false);
});

test('nothing is offered in tags, scripts and styles', () => {
  expect(markup_may_stand('<p>ul')).toBe(true);
  expect(markup_may_stand('a < b ul')).toBe(true);
  expect(markup_may_stand('<p cla')).toBe(false);
  expect(markup_may_stand('<script> let a')).toBe(false);
  expect(markup_may_stand('<script></script> ul')).toBe(true);
  expect(markup_may_stand('<style> p')).toBe(false);
});
