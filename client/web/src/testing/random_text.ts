// SPDX-License-Identifier: GPL-3.0-or-later
// Random texts and operations with a seed, surrogate pairs among them.
import { TextOperation } from '../protocol/text_operation';

/** A small generator with a seed, so that a failure can be repeated. */
export function random_of(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const alphabet = ['a', 'b', '\n', 'é', '漢', '😀'];

export function random_text(random: (below: number) => number, characters: number): string {
  return Array.from({ length: random(characters + 1) }, () => alphabet[random(alphabet.length)]).join('');
}

export function random_operation(random: (below: number) => number, text: string): TextOperation {
  const operation = new TextOperation();
  for (const character of text) {
    const choice = random(4);
    if (choice === 0) operation.insert(random_text(random, 3));
    if (choice <= 2) operation.retain(character.length);
    else operation.remove(character.length);
  }
  return operation.insert(random_text(random, 2));
}
