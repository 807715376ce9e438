// SPDX-License-Identifier: GPL-3.0-or-later
// Letters that fonts for programmers draw as one sign: they are painted together, so that the font can. Which ones those are is a
// list, because a page may not read the font.
import type { Terminal } from '@xterm/xterm';

// What Fira Code, JetBrains Mono, Cascadia Code and Iosevka have in common; the longer ones first.
const signs = (
  '<!-- <==> <--> ==> === !== =/= >>= <<= <=> <-> --> <-- ||= &&= ??= **= ... ::= <== ==> =>> <<- ->> >-> <-< |=> <|> |>> <<| ### ## ' +
  '++ -- ** && || ?? :: := != == <= >= => -> <- |> <| <> // /* */ </ /> >> << ~> <~ ~~ ~= .. ?. ?: +> __ www'
)
  .split(' ')
  .sort((a, b) => b.length - a.length);
const escaped = signs.map((sign) => sign.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
const any_sign = new RegExp(escaped.join('|'), 'g');

/** Where such signs stand, each [begin, end). */
export function ligature_ranges(text: string): [number, number][] {
  return [...text.matchAll(any_sign)].map(({ 0: sign, index }) => [index, index + sign.length]);
}

export class Ligatures {
  private joiner_: number | undefined;

  constructor(
    private readonly xterm_: Terminal,
    shown: boolean,
  ) {
    this.show(shown);
  }

  show(shown: boolean): void {
    if (shown === (this.joiner_ !== undefined)) return;
    if (this.joiner_ === undefined) this.joiner_ = this.xterm_.registerCharacterJoiner(ligature_ranges);
    else {
      this.xterm_.deregisterCharacterJoiner(this.joiner_);
      this.joiner_ = undefined;
    }
    this.xterm_.refresh(0, this.xterm_.rows - 1);
  }
}
