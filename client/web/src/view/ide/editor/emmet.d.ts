// SPDX-License-Identifier: GPL-3.0-or-later
// What is used of Emmet; its own types can't be found through its package's exports.
declare module 'emmet' {
  interface Options {
    type: 'markup' | 'stylesheet';
    syntax: string;
    options: { 'output.field': (index: number, words: string) => string; 'output.indent': string };
  }
  export default function expand(abbreviation: string, options: Options): string;
  /** The abbreviation that ends at `column` of a line, and where it stands. */
  export function extract(
    line: string,
    column: number,
    options: { type: 'markup' | 'stylesheet'; lookAhead: boolean },
  ): { abbreviation: string; start: number; end: number } | undefined;
}
