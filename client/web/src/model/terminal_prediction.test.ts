// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { random_of } from '../testing/random_text';
import { RemoteShell } from '../testing/remote_shell';
import { character_width, grace, TerminalPrediction } from './terminal_prediction';

/** A person at one end, a shell at the other, and a line of `delay` ms each way between them. */
class Line {
  now = 0;
  readonly shell: RemoteShell;
  readonly screen: RemoteShell; // what has arrived of it
  readonly prediction: TerminalPrediction;
  private readonly up_: { at: number; keys: string; number: number }[] = [];
  private readonly down_: { at: number; arrive: () => void }[] = [];
  private sent_ = 0;

  constructor(
    public delay: number,
    columns = 40,
    rows = 6,
  ) {
    this.shell = new RemoteShell(columns, rows, (output) => this.put_down(() => this.screen.show(output)));
    this.screen = new RemoteShell(columns, rows, () => {});
    this.prediction = new TerminalPrediction(this.screen);
    this.shell.start();
    this.settle();
  }

  type(keys: string): void {
    this.sent_ += keys.length;
    this.up_.push({ at: Math.max(this.now + this.delay, this.up_.at(-1)?.at ?? 0), keys, number: this.sent_ });
    this.prediction.typed(keys, this.sent_, this.now);
  }
  /** The shell or a program in the background writes by itself. */
  say(text: string): void {
    this.shell.say(text);
  }
  pass(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      const due = this.prediction.due() ?? Infinity;
      const next = Math.min(this.up_[0]?.at ?? Infinity, this.down_[0]?.at ?? Infinity, due);
      if (next > end) break;
      this.now = Math.max(this.now, next);
      if (this.up_[0]?.at === next) this.reach_shell();
      else if (this.down_[0]?.at === next) this.down_.shift()?.arrive();
      this.prediction.update(this.now);
    }
    this.now = end;
  }
  settle(): void {
    this.pass(4 * this.delay + 3 * grace);
  }
  /** The cursor's line as the person sees it, `_` behind each underlined character. */
  seen(): string {
    const shown = this.prediction.shown();
    const cells = this.screen.line(this.screen.cursor_row);
    for (const { column, text, width } of shown?.cells ?? []) {
      cells[column] = text.trim() === '' ? ' ' : `${text}_`;
      if (width === 2) cells[column + 1] = '';
    }
    return cells.join('').trimEnd();
  }

  private reach_shell(): void {
    const { keys, number } = this.up_.shift() as { keys: string; number: number };
    this.shell.take(keys);
    this.put_down(() => this.prediction.acknowledged(number, this.now));
  }
  private put_down(arrive: () => void): void {
    this.down_.push({ at: Math.max(this.now + this.delay, this.down_.at(-1)?.at ?? 0), arrive });
  }
}

/** A line on which one key was confirmed, so that predictions show. */
function trusted_line(delay = 100): Line {
  const line = new Line(delay);
  line.type('e');
  line.settle();
  expect(line.seen()).toBe('$ e');
  return line;
}

describe('TerminalPrediction', () => {
  test('shows nothing until a key on this line was confirmed, then each key at once', () => {
    const line = new Line(100);
    line.type('e');
    expect(line.seen()).toBe('$');
    line.settle();
    line.type('c');
    line.type('h');
    expect(line.seen()).toBe('$ ec_h_');
    expect(line.prediction.shown()?.cursor_column).toBe(5);
    line.settle();
    expect(line.seen()).toBe('$ ech');
    expect(line.prediction.shown()).toBeUndefined();
  });

  test('keys typed before the first confirmation show with it', () => {
    const line = new Line(100);
    for (const key of 'echo') {
      line.type(key);
      line.pass(60);
    }
    expect(line.seen()).toBe('$ ec_h_o_');
  });

  test('backspace, left and right act at once; typing in the middle moves what follows', () => {
    const line = trusted_line();
    for (const key of ['a', 'c', '\x7f', 'b', '\x1b[D', 'X', '\x1b[C', '!']) line.type(key);
    expect(line.seen()).toBe('$ ea_X_b_!_');
    line.settle();
    expect(line.seen()).toBe('$ eaXb!');
  });

  test('wide characters take two columns', () => {
    const line = trusted_line();
    for (const key of ['日', '本', '\x7f', 'x']) line.type(key);
    expect(line.seen()).toBe('$ e日_x_');
    expect(line.prediction.shown()?.cursor_column).toBe(6);
    line.settle();
    expect(line.seen()).toBe('$ e日x');
  });

  test('the prompt is never erased', () => {
    const line = trusted_line();
    line.type('\x7f');
    line.type('\x7f');
    expect(line.seen()).toBe('$');
    line.type('x');
    expect(line.seen()).toBe('$'); // what the second did is uncertain
    line.settle();
    expect(line.seen()).toBe('$ x');
  });

  test('nothing is predicted at the end of the line', () => {
    const line = trusted_line();
    line.type('x'.repeat(30));
    line.settle();
    for (let column = 33; column < 45; ++column) line.type('y');
    expect(line.seen()).toBe(`$ e${'x'.repeat(30)}${'y_'.repeat(6)}`);
    line.settle();
    expect(line.screen.line(0).join('')).toBe(`$ e${'x'.repeat(30)}${'y'.repeat(7)}`);
    expect(line.screen.line(1).join('').trimEnd()).toBe('y'.repeat(5));
  });

  test('a password is never shown, with or without Enter before it', () => {
    const line = trusted_line();
    line.type('\x15');
    line.settle();
    for (const key of 'login') line.type(key);
    line.settle();
    line.type('\r');
    line.settle();
    expect(line.seen()).toBe('Password:');
    for (const key of 'SECRET') {
      line.type(key);
      expect(line.seen()).toBe('Password:');
      line.pass(70);
      expect(line.seen()).toBe('Password:');
    }
    line.type('\r');
    line.settle();

    for (const key of 'ssh') line.type(key);
    line.settle();
    line.type('i'); // shown
    line.settle();
    line.shell.ask_password();
    line.settle();
    line.type('S');
    expect(line.seen()).toBe('Password:');
    line.pass(500);
    expect(line.seen()).toBe('Password:');
  });

  test('the alternate screen and pastes are left alone', () => {
    const line = trusted_line();
    line.type('\x1b[200~rm\x1b[201~');
    line.type('x'.repeat(33));
    expect(line.prediction.shown()).toBeUndefined();
    line.settle();
    line.screen.alternate = true;
    line.type('a');
    line.type('b');
    expect(line.prediction.shown()).toBeUndefined();
  });

  test('what a program made of a key instead is on the screen within the grace', () => {
    const line = trusted_line();
    line.shell.swallow = true; // a menu that answers keys with nothing
    line.type('q');
    expect(line.seen()).toBe('$ eq_');
    line.pass(200 + grace);
    expect(line.seen()).toBe('$ e');
    line.type('w');
    expect(line.seen()).toBe('$ e');
  });

  test('output on another line takes predictions off at once', () => {
    const line = trusted_line();
    line.type('a');
    expect(line.seen()).toBe('$ ea_');
    line.screen.show({ kind: 'text', text: '\r\nDone\r\n' });
    line.prediction.update(line.now);
    expect(line.prediction.shown()).toBeUndefined();
  });

  test('suggestions behind the cursor are learned to stand still', () => {
    const line = trusted_line();
    line.shell.suggest = 'cho hello';
    for (const key of 'cho') {
      line.type(key);
      line.settle();
    }
    line.type(' ');
    line.type('h');
    expect(line.seen()).toBe('$ echo h_ello');
  });

  test('a new size forgets everything', () => {
    const line = trusted_line();
    line.type('a');
    line.screen.columns = 30;
    line.prediction.update(line.now);
    expect(line.prediction.shown()).toBeUndefined();
  });

  test('only characters of undisputed width are predicted', () => {
    const widths = ['a', 'é', 'ß', 'я', '日', 'ｱ', '한', '😀', '\u0301', '\u200d', '🇩', '\ue0b0', '\x00'];
    expect(widths.map((character) => character_width(character.codePointAt(0) ?? 0))).toEqual([
      1, 1, 1, 1, 2, 0, 2, 2, 0, 0, 0, 0, 0,
    ]);
  });
});

test('random sessions end with the truth on the screen, no password shown, and most keys seen at once', () => {
  let typed = 0;
  let at_once = 0;
  let secrets = 0;
  for (let seed = 1; seed <= 400; ++seed) {
    const luck = random_of(seed);
    const line = new Line(20 + luck(180), 24 + luck(30), 3 + luck(6));
    const asked_for = new Set<string>(); // typed where a password was asked for
    const predicted = new Set<string>(); // everything that was drawn over the screen
    for (let step = 0; step < 120; ++step) {
      const asked = line.screen.line(line.screen.cursor_row).join('').includes('Password:');
      const chance = luck(100);
      const shown = JSON.stringify(line.prediction.shown());
      if (asked && chance < 80) {
        const secret = String.fromCodePoint(0x4e00 + step); // each only once
        asked_for.add(secret);
        line.type(secret);
      } else if (asked) line.type('\r');
      else if (chance < 66) line.type('abcd 日é'.charAt(luck(8)));
      else if (chance < 74) line.type('\x7f');
      else if (chance < 80) line.type(luck(2) ? '\x1b[D' : '\x1b[C');
      else if (chance < 84) line.type(['\x01', '\t', '\x15', '\x1b[A'][luck(4)] ?? '');
      else if (chance < 90) line.type('\r');
      else if (chance < 92) line.say('\r\nin the background\r\n');
      else if (chance < 93) line.shell.ask_password();
      else if (chance < 94) line.shell.swallow = luck(2) === 0;
      if (!asked && chance < 66) ++typed;
      if (!asked && chance < 66 && line.prediction.shown() && JSON.stringify(line.prediction.shown()) !== shown)
        ++at_once;
      line.pass(luck(4) === 0 ? luck(600) : 40 + luck(120));
      for (const { text } of line.prediction.shown()?.cells ?? []) predicted.add(text);
    }
    line.settle();
    line.settle();
    const leaked = [...predicted].filter((text) => asked_for.has(text) && line.shell.kept_silent.has(text));
    expect(leaked, `seed ${seed}`).toEqual([]);
    secrets += line.shell.kept_silent.size;
    expect(line.prediction.shown(), `seed ${seed}`).toBeUndefined();
    expect(line.screen.text(), `seed ${seed}`).toBe(line.shell.text());
  }
  expect(secrets).toBeGreaterThan(1000);
  expect(at_once / typed).toBeGreaterThan(0.3);
});
