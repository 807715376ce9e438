// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { TextOperation } from '../protocol/text_operation';
import { TypedText } from './typed_text';

const fresh = (base: string) => new TypedText({ base, base_version: 1, in_flight: undefined, waiting: undefined });

describe('TypedText, when half of a pair is taken away', () => {
  test('keeps everything else that waits', () => {
    const text = fresh('a');
    text.edit(new TextOperation().retain(1).insert('bc😀d'));
    text.edit(new TextOperation().retain(3).remove(1).retain(2));
    expect(text.read()).toBe('abc\ufffdd');
    expect(text.launch()?.operation.apply('a')).toBe('abc\ufffdd');
  });

  test('keeps what is in flight when that has to go again', () => {
    const text = fresh('a');
    text.edit(new TextOperation().retain(1).insert('😀'));
    text.launch();
    text.edit(new TextOperation().retain(2).remove(1).insert('b'));
    text.take_back();
    expect(text.read()).toBe('a\ufffdb');
    expect(text.has_pending()).toBe(true);
  });
});
