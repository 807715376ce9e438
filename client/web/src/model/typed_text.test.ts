// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { TextOperation } from '../protocol/text_operation';
import { random_of, random_operation, random_text } from '../testing/random_text';
import { TypedText } from './typed_text';

describe('TypedText', () => {
  test('tells how each edit is taken back', () => {
    const text = TypedText.fresh('abc', 1);
    const edited = text.edit(new TextOperation().retain(1).insert('x').remove(1).retain(1));
    expect(text.read()).toBe('axc');
    expect(edited?.inverse.apply('axc')).toBe('abc');
    expect(text.edit(new TextOperation().retain(9))).toBeUndefined();
  });

  test('an operation keeps the form in which it was first sent', () => {
    const text = TypedText.fresh('abc', 4);
    text.edit(new TextOperation().retain(3).insert('d'));
    const sent = text.launch();
    text.take_remote(new TextOperation().insert('>').retain(3), 5);
    expect(text.in_flight()).toMatchObject({ base_version: 4, operation_id: sent?.operation_id });
    expect(text.in_flight()?.sent.to_wire()).toEqual([3, 'd']);
    expect(text.in_flight()?.operation.to_wire()).toEqual([4, 'd']);
    expect(text.read()).toBe('>abcd');
  });

  test('what takes itself back is not sent', () => {
    const text = TypedText.fresh('abc', 1);
    const edited = text.edit(new TextOperation().retain(3).insert('d'));
    if (edited) text.edit(edited.inverse);
    expect(text.has_pending()).toBe(false);
  });

  test('what is put in place of the very same is no edit', () => {
    const text = TypedText.fresh('f()', 1);
    expect(text.edit(new TextOperation().retain(2).insert(')').remove(1))?.operation.is_identity()).toBe(true);
    expect(text.has_pending()).toBe(false);
    text.edit(new TextOperation().insert('g').remove(1).retain(1).insert(')').remove(1));
    expect(text.launch()?.operation.to_wire()).toEqual(['g', -1, 2]);
  });

  test('each document of each window has an author of its own, and numbers grow', () => {
    const [one, two] = [TypedText.fresh('', 1), TypedText.fresh('', 1)];
    expect(one.author()).not.toBe(two.author());
    for (let number = 1; number < 4; ++number) {
      one.edit(new TextOperation().insert('a').retain(number - 1));
      expect(one.launch()?.operation_id).toBe(`${one.author()}-${number}`);
      one.acknowledge(number + 1);
    }
  });

  test('positions go to the runner’s text and back', () => {
    const text = TypedText.fresh('abcdef', 1);
    text.edit(new TextOperation().insert('>>').retain(6));
    text.launch();
    text.edit(new TextOperation().retain(4).remove(2).insert('xyz').retain(2));
    expect(text.read()).toBe('>>abxyzef');
    expect([0, 2, 4, 6].map((place) => text.shown_position(place))).toEqual([2, 7, 7, 9]); // behind what stands right there
    expect([0, 1, 2, 4, 5, 9].map((place) => text.base_position(place))).toEqual([0, 0, 0, 2, 2, 6]);
    expect(text.base_position(10)).toBeUndefined();
  });

  test('a position that stands comes back to where it was', () => {
    const random = random_of(7);
    for (let round = 0; round < 400; ++round) {
      const before = random_text(random, 10);
      const operation = random_operation(random, before);
      for (let place = 0; place <= operation.target_length(); ++place) {
        const back = operation.unmap_position(place) as number;
        expect(back).toBeGreaterThanOrEqual(0);
        const [first, last] = [operation.map_position(back, 'before'), operation.map_position(back, 'after')];
        expect(first).toBeLessThanOrEqual(place);
        expect(last).toBeGreaterThanOrEqual(place);
      }
    }
  });

  test('the base is what it was at the mark, and the changes since', () => {
    const text = TypedText.fresh('abc', 1);
    text.edit(new TextOperation().retain(3).insert('d'));
    text.mark_base();
    const marked = text.base();
    text.launch();
    text.take_remote(new TextOperation().insert('>').retain(3), 2);
    text.acknowledge(3);
    expect(text.base_change()?.apply(marked)).toBe(text.base());
    expect(text.base()).toBe('>abcd');
  });
});

describe('TypedText, when more waits than one frame may hold', () => {
  /** What is sent until nothing waits, each done to the text of the runner. */
  function send_all(text: TypedText): TextOperation[] {
    const sent: TextOperation[] = [];
    for (let next = text.launch(); next; next = text.launch()) {
      sent.push(next.sent);
      text.acknowledge(text.version + 1);
      if (sent.length > 1000) throw new Error('It goes on for ever.');
    }
    return sent;
  }

  test('20 MB pasted go in pieces that are the whole together', () => {
    const text = TypedText.fresh('abcdef', 1);
    const pasted = 'x' + '😀'.repeat(10 << 20); // every even cut would part a pair
    text.edit(new TextOperation().retain(2).insert(pasted).remove(2).retain(2));
    const whole = text.waiting();
    const first = text.launch()?.operation as TextOperation;
    const rest = text.waiting() as TextOperation;
    expect(whole && first.compose(rest)?.equals(whole)).toBe(true);
    expect(text.pending()?.equals(whole as TextOperation)).toBe(true);
    text.acknowledge(2);
    const sent = [first, ...send_all(text)];
    expect(sent.length).toBe(41);
    for (const operation of sent) {
      const wire = operation.to_wire();
      expect(JSON.stringify(wire).length).toBeLessThan(2 << 20);
      expect(TextOperation.from_wire(wire) !== undefined).toBe(true); // no half of a pair
    }
    expect(text.base() === 'ab' + pasted + 'ef').toBe(true);
    expect(text.has_pending()).toBe(false);
  }, 60_000);

  test('what is typed and what others do meanwhile keeps its place', () => {
    const text = TypedText.fresh('ab', 1);
    const pasted = 'y'.repeat(1 << 20);
    text.edit(new TextOperation().retain(1).insert(pasted).retain(1));
    text.launch();
    text.edit(
      new TextOperation()
        .retain(1 + pasted.length)
        .insert('!')
        .retain(1),
    );
    text.take_remote(new TextOperation().insert('>').retain(2), 2);
    text.acknowledge(3);
    send_all(text);
    expect(text.base() === '>a' + pasted + '!b').toBe(true);
    expect(text.read() === text.base()).toBe(true);
  });

  test('a hundred thousand small replacements go in pieces too', () => {
    const text = TypedText.fresh('ab'.repeat(100_000), 1);
    const replaced = new TextOperation();
    for (let count = 0; count < 100_000; ++count) replaced.insert('c').remove(1).retain(1);
    text.edit(replaced);
    const sent = send_all(text);
    expect(sent.length).toBeGreaterThan(1);
    expect(sent.reduce((one, next) => one.compose(next) as TextOperation).equals(replaced)).toBe(true);
    expect(text.base() === 'cb'.repeat(100_000)).toBe(true);
  });
});

describe('TypedText, when half of a pair is taken away', () => {
  for (const [what, half] of [
    ['the first half', new TextOperation().retain(3).remove(1).retain(2)],
    ['the second half', new TextOperation().retain(4).remove(1).retain(1)],
  ] as const)
    test(`${what}: the other becomes U+FFFD, in the editor too, and nothing else changes`, () => {
      const text = TypedText.fresh('a', 1);
      text.edit(new TextOperation().retain(1).insert('bc😀d'));
      const edited = text.edit(half);
      expect(text.read()).toBe('abc\ufffdd');
      const lone = what === 'the first half' ? 'abc\ude00d' : 'abc\ud83dd';
      expect(edited?.correction?.base_length()).toBe(lone.length);
      expect(edited?.inverse.apply('abc\ufffdd')).toBe('abc😀d');
      expect(text.launch()?.operation.apply('a')).toBe('abc\ufffdd');
    });

  test('text put between the halves takes both', () => {
    const text = TypedText.fresh('😀', 1);
    text.edit(new TextOperation().retain(1).insert('x').retain(1));
    expect(text.read()).toBe('\ufffdx\ufffd');
  });

  test('what is in flight goes again whole', () => {
    const text = TypedText.fresh('a', 1);
    text.edit(new TextOperation().retain(1).insert('😀'));
    text.launch();
    text.edit(new TextOperation().retain(2).remove(1).insert('b'));
    text.take_back();
    expect(text.read()).toBe('a\ufffdb');
    expect(text.launch()?.operation.apply('a')).toBe('a\ufffdb');
  });

  test('nothing of the base is remembered before somebody marks it, and not without a bound', () => {
    const text = TypedText.fresh('abc', 1);
    const remote = (inserted: string) =>
      text.take_remote(new TextOperation().insert(inserted).retain(text.base_length()), text.version + 1);
    remote('x');
    expect(text.base_is_marked()).toBe(false);
    expect(text.base_change()).toBeUndefined();
    text.mark_base();
    remote('y');
    expect(text.base_change()?.to_wire()).toEqual(['y', 4]);
    for (let count = 0; count < 20; ++count) remote('z'.repeat(5000));
    expect(text.base_is_marked()).toBe(false);
    expect(text.base_change()).toBeUndefined();
    expect(text.base()).toBe(`${'z'.repeat(100_000)}yxabc`);
    text.mark_base();
    expect(text.base_change()).toBeUndefined();
    remote('!');
    expect(text.base_change()?.to_wire()).toEqual(['!', 100_005]);
    text.unmark_base();
    remote('?');
    expect(text.base_change()).toBeUndefined();
  });

  test('random cuts through pairs leave a text that every operation fits', () => {
    const random = random_of(13);
    for (let round = 0; round < 1000; ++round) {
      const base = random_text(random, 6);
      const text = TypedText.fresh(base, 1);
      let all = TextOperation.identity(base.length);
      for (let count = 0; count < 6; ++count) {
        const { length } = text.read();
        const at = random(length + 1);
        const removed = random(length - at + 1);
        const edited = text.edit(
          new TextOperation()
            .retain(at)
            .insert(random_text(random, 2))
            .remove(removed)
            .retain(length - at - removed),
        );
        if (edited) all = all.compose(edited.operation) as TextOperation;
        if (random(3) === 0) text.launch();
      }
      expect(all.apply(base)).toBe(text.read());
      expect(text.pending()?.apply(base) ?? base).toBe(text.read());
      expect(text.read()).not.toMatch(/\p{Surrogate}/u);
    }
  });
});
