// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { TextOperation } from '../protocol/text_operation';
import { random_of } from '../testing/random_text';
import { ChunkedText } from './chunked_text';

describe('ChunkedText', () => {
  test('is the text, whatever happens to it, and tells how each change is taken back', () => {
    const random = random_of(3);
    let plain = 'x'.repeat(50_000);
    const text = new ChunkedText(plain);
    for (let round = 0; round < 400; ++round) {
      const operation = new TextOperation();
      for (let at = 0; at < plain.length;) {
        const units = Math.min(1 + random(20_000), plain.length - at);
        const choice = random(4);
        if (choice === 0) operation.insert(String(round).repeat(1 + random(3000)));
        if (choice === 1 && plain.length > 20_000) operation.remove(units);
        else operation.retain(units);
        at += units;
      }
      const after = operation.apply(plain) as string;
      const inverse = text.apply(operation);
      expect(inverse?.apply(after)).toBe(plain);
      plain = after;
      expect(text.length()).toBe(plain.length);
      const from = random(plain.length + 1);
      expect(text.slice(from, from + 30)).toBe(plain.slice(from, from + 30));
      if (random(5) === 0) expect(text.read()).toBe(plain);
    }
    expect(text.read()).toBe(plain);
  });

  test('leaves a change alone that is not about it', () => {
    const text = new ChunkedText('abc');
    expect(text.apply(new TextOperation().retain(4))).toBeUndefined();
    expect(text.read()).toBe('abc');
  });
});
