// SPDX-License-Identifier: GPL-3.0-or-later
import { beforeEach, describe, expect, test } from 'vitest';
import { TextOperation, transform } from '../protocol/text_operation';
import { random_of, random_operation, random_text } from '../testing/random_text';
import { UndoStack, type Selection } from './undo_stack';

let text: string;
let stack: UndoStack;
let selected: Selection[];
let now: number;

beforeEach(() => {
  text = '';
  stack = new UndoStack();
  selected = [{ anchor: 0, head: 0 }];
  now = 0;
});

function apply(operation: TextOperation): TextOperation {
  const inverse = operation.invert(text) as TextOperation;
  text = operation.apply(text) as string;
  return inverse;
}
function edit(operation: TextOperation, cursor: number): void {
  stack.typed(operation, apply(operation), selected, now);
  selected = [{ anchor: cursor, head: cursor }];
  stack.selected(selected);
}
function insertion(at: number, typed: string): TextOperation {
  return new TextOperation()
    .retain(at)
    .insert(typed)
    .retain(text.length - at);
}
/** Key by key at the cursor, as a person types. */
function type(keys: string): void {
  for (const key of keys) {
    const at = selected[0]?.head ?? 0;
    edit(insertion(at, key), at + key.length);
    now += 80;
  }
}
function backspace(times: number): void {
  for (let time = 0; time < times; ++time) {
    const at = (selected[0]?.head ?? 0) - 1;
    edit(
      new TextOperation()
        .retain(at)
        .remove(1)
        .retain(text.length - at - 1),
      at,
    );
    now += 80;
  }
}
function others(operation: TextOperation): void {
  apply(operation);
  stack.remote(operation);
}
function step(which: 'undo' | 'redo'): boolean {
  return stack[which]((taken) => {
    selected = taken.end;
    return apply(taken.operation);
  });
}
function all(which: 'undo' | 'redo'): string[] {
  const texts: string[] = [];
  while (step(which)) texts.push(text);
  return texts;
}

describe('UndoStack', () => {
  test('a word is one step, and so are the blanks with the word after them', () => {
    type('one two  three');
    expect(all('undo')).toEqual(['one two', 'one', '']);
    expect(all('redo')).toEqual(['one', 'one two', 'one two  three']);
  });

  test('a line end and a pause begin a step', () => {
    type('ab\ncd');
    now += 5000;
    type('e');
    expect(all('undo')).toEqual(['ab\ncd', 'ab', '']);
  });

  test('a cursor that was put elsewhere begins a step', () => {
    type('ab');
    selected = [{ anchor: 0, head: 0 }];
    type('cd');
    expect(all('undo')).toEqual(['ab', '']);
  });

  test('a run of deletions is one step, apart from the typing before', () => {
    type('abcdef');
    backspace(3);
    type('x');
    expect(all('undo')).toEqual(['abc', 'abcdef', '']);
  });

  test('a paste stands for itself', () => {
    type('ab');
    edit(new TextOperation().retain(2).insert('pasted text'), 13);
    type('c');
    expect(all('undo')).toEqual(['abpasted text', 'ab', '']);
  });

  test('brackets that close themselves are typed on in, and over', () => {
    const put = (at: number, typed: string) => edit(insertion(at, typed), at + 1);
    put(0, 'f');
    put(1, '()');
    put(2, '""');
    put(3, 'x');
    stack.typed_over(new TextOperation().retain(4).insert('"').remove(1).retain(1), now);
    stack.typed_over(new TextOperation().retain(5).insert(')').remove(1), now);
    put(6, ';');
    expect(text).toBe('f("x");');
    expect(all('undo')).toEqual(['']);
  });

  test('many cursors that type a word are one step', () => {
    text = '..\n..\n';
    for (const [at, key] of ['f', 'o', 'o'].entries()) {
      edit(
        new TextOperation()
          .retain(at)
          .insert(key)
          .retain(3 + at)
          .insert(key)
          .retain(3),
        at + 1,
      );
      now += 80;
    }
    expect(text).toBe('foo..\nfoo..\n');
    expect(all('undo')).toEqual(['..\n..\n']);
    expect(all('redo')).toEqual(['foo..\nfoo..\n']);
  });

  test('what an input method tries out is one step', () => {
    stack.together(true);
    type('ni');
    edit(new TextOperation().insert('你').remove(2), 1);
    stack.together(false);
    type('x');
    expect(all('undo')).toEqual(['你', '']);
  });

  test('the cursor comes back to where it was, also beside others’ text', () => {
    type('ab');
    selected = [{ anchor: 2, head: 0 }];
    edit(new TextOperation().insert('X').remove(2), 1);
    others(new TextOperation().insert('>> ').retain(1));
    step('undo');
    expect(text).toBe('>> ab');
    expect(selected).toEqual([{ anchor: 5, head: 3 }]);
    step('redo');
    expect(text).toBe('>> X');
    expect(selected).toEqual([{ anchor: 4, head: 4 }]);
  });

  test('typing goes on as one step while others type', () => {
    type('ab');
    others(new TextOperation().insert('>> ').retain(2));
    selected = [{ anchor: 5, head: 5 }];
    type('cd');
    expect(text).toBe('>> abcd');
    expect(all('undo')).toEqual(['>> ']);
  });

  test('others’ text stays, whatever of it stands in mine', () => {
    type('hello');
    others(new TextOperation().retain(2).insert('THEIRS').retain(3));
    step('undo');
    expect(text).toBe('THEIRS');
    step('redo');
    expect(text).toContain('THEIRS');
    expect(text.replace('THEIRS', '')).toBe('hello');
  });

  test('a step of which others left nothing is no step', () => {
    type('one');
    now += 5000;
    type(' two');
    others(new TextOperation().retain(3).remove(4));
    expect(all('undo')).toEqual(['']);
  });

  test('new typing ends what could be done again', () => {
    type('ab');
    step('undo');
    type('c');
    expect(stack.can_redo()).toBe(false);
    expect(step('redo')).toBe(false);
    expect(text).toBe('c');
  });

  test('alone: back to the beginning and forth to the end, step by step', () => {
    const random = random_of(23);
    for (let round = 0; round < 300; ++round) {
      text = random_text(random, 10);
      stack = new UndoStack();
      const texts = [text];
      for (let count = 1 + random(12); count > 0; --count) {
        const operation = random_operation(random, text);
        if (operation.is_identity()) continue;
        now += 10_000;
        edit(operation, 0);
        texts.push(text);
      }
      const back = texts.slice(0, -1).reverse();
      expect(all('undo')).toEqual(back);
      expect(all('redo')).toEqual(texts.slice(1));
    }
  });

  // Tokens: each is inserted once, by one person, and deleted by nobody else; so each tells whose step it is.
  test('among others: all my steps taken back leave what others wrote, and done again they are mine again', () => {
    const random = random_of(29);
    for (let round = 0; round < 400; ++round) {
      text = '';
      stack = new UndoStack();
      const written = { mine: [] as string[], theirs: [] as string[] };
      const insert = (token: string): TextOperation => {
        const places = [0, ...[...text.matchAll(/[\]>]/g)].map(({ index }) => index + 1)];
        const at = places[random(places.length)] as number;
        return new TextOperation()
          .retain(at)
          .insert(token)
          .retain(text.length - at);
      };
      const write = () => {
        const mine = random(2) === 0;
        const token = mine ? `[${written.mine.length}]` : `<${written.theirs.length}>`;
        written[mine ? 'mine' : 'theirs'].push(token);
        now += 10_000;
        if (mine) edit(insert(token), 0);
        else others(insert(token));
      };
      for (let count = 2 + random(20); count > 0; --count) write();
      const some = random(written.mine.length + 1);
      for (let count = 0; count < some; ++count) step('undo');
      for (let count = random(4); count > 0; --count)
        others(insert(`<${written.theirs.push(`<${written.theirs.length}>`) - 1}>`));
      all('undo');
      expect(text.match(/\[\d+\]/g) ?? []).toEqual([]);
      expect((text.match(/<\d+>/g) ?? []).sort()).toEqual([...written.theirs].sort());
      all('redo');
      expect((text.match(/\[\d+\]/g) ?? []).sort()).toEqual([...written.mine].sort());
      expect((text.match(/<\d+>/g) ?? []).sort()).toEqual([...written.theirs].sort());
    }
  });

  test('others’ keys are cheap, however much they typed and there is to undo', () => {
    const [people, keys, between, steps] = [50, 200, 1000, 1000];
    text = '.'.repeat(people * between);
    for (let count = 0; count < steps; ++count) {
      now += 10_000;
      edit(insertion(0, 'x'), 1);
    }
    const began = performance.now();
    let { length } = text;
    for (let key = 0; key < keys; ++key)
      for (let person = 0; person < people; ++person) {
        const at = steps + person * (between + key) + 2 * key;
        const operation = new TextOperation()
          .retain(at)
          .insert('k')
          .retain(length++ - at);
        stack.remote(operation);
      }
    // Carried through every step, each of the 10,000 would cost milliseconds.
    expect(performance.now() - began).toBeLessThan(8000);
    for (let count = 0; count < 5; ++count)
      stack.undo(({ operation }) => {
        expect(operation.base_length()).toBe(length--);
        expect(operation.target_length()).toBe(length);
        return TextOperation.identity(length);
      });
  });

  test('among whatever others do: every step fits the text', () => {
    const random = random_of(31);
    for (let round = 0; round < 500; ++round) {
      text = random_text(random, 8);
      stack = new UndoStack();
      for (let count = 0; count < 20; ++count) {
        const moment = random(5);
        now += 10_000;
        if (moment < 2) edit(random_operation(random, text), 0);
        else if (moment === 2) others(random_operation(random, text));
        else step(moment === 3 ? 'undo' : 'redo');
        expect(text).toBeDefined();
      }
    }
  });
});

test('transform keeps the order that the stack relies on', () => {
  const mine = new TextOperation().insert('m');
  const theirs = new TextOperation().insert('t');
  expect(transform(mine, theirs)?.mine.apply('t')).toBe('tm');
});
