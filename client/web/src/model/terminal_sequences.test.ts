// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { clean_paste, clipboard_text, pasted_lines, safe_link } from './terminal_sequences';

describe('what programs say to a terminal', () => {
  test('OSC 52 puts UTF-8 text into the clipboard and reads nothing', () => {
    const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
    expect(clipboard_text(`c;${base64('grüße 日本')}`)).toBe('grüße 日本');
    expect(clipboard_text(`;${base64('x')}`)).toBe('x');
    for (const refused of ['c;?', 'c;', 'c', '', 'c;***', `c;${btoa('\xff\xfe')}`, `c;${'A'.repeat((1 << 20) + 4)}`])
      expect(clipboard_text(refused)).toBeUndefined();
  });

  test('only web and mail addresses are links', () => {
    expect(safe_link('https://example.org/a b')).toBe('https://example.org/a%20b');
    expect(safe_link('mailto:ada@example.org')).toBe('mailto:ada@example.org');
    for (const refused of ['javascript:alert(1)', 'file:///etc/passwd', 'data:text/html,x', 'no address', 'HTTPS//x'])
      expect(safe_link(refused)).toBeUndefined();
    expect(safe_link(`https://example.org/${'x'.repeat(5000)}`)).toBeUndefined();
  });
});

describe('pastes', () => {
  test('can neither end a bracketed paste nor press keys', () => {
    expect(clean_paste('ls\x1b[201~\rrm -rf\x03 x\x9b201~\x7f')).toBe('ls[201~\rrm -rf x201~');
    expect(clean_paste('a\tb\r\nc')).toBe('a\tb\r\nc');
  });
  test('lines are counted as a shell would run them', () => {
    expect(['', 'ls', 'ls\n', 'a\nb', 'a\r\nb\r\n', '\n\n'].map(pasted_lines)).toEqual([1, 1, 1, 2, 2, 2]);
  });
});
