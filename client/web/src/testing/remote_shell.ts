// SPDX-License-Identifier: GPL-3.0-or-later
// A shell at the far end of a line, for the tests of predictions: it edits a line as readline does, asks for a password,
// scrolls. Two of them show the same when the second is shown all that the first put out.
import { character_width, type PredictionScreen } from '../model/terminal_prediction';

export type Output =
  { kind: 'text'; text: string } | { kind: 'line'; from: number; row_up: number; cells: string[]; cursor: number };

export class RemoteShell implements PredictionScreen {
  alternate = false;
  cursor_row = 0;
  cursor_column = 0;
  /** Keys are taken and answered with nothing. */
  swallow = false;
  /** Keys that were taken while nothing is echoed. */
  readonly kept_silent = new Set<string>();
  /** What is shown behind the input, as fish does; typing it eats it up. */
  suggest = '';
  private cells_: string[][];
  private input_: string[] = [];
  private at_ = 0; // in input_
  private silent_ = false; // a password is being typed

  constructor(
    public columns: number,
    readonly rows: number,
    private readonly put_out_: (output: Output) => void,
  ) {
    this.cells_ = Array.from({ length: rows }, () => this.blank());
  }

  start(): void {
    this.say('$ ');
  }
  cell(row: number, column: number): string {
    return this.cells_[row]?.[column] ?? ' ';
  }
  line(row: number): string[] {
    return [...(this.cells_[row] ?? [])];
  }
  text(): string {
    return `${this.cells_.map((line) => line.join('')).join('\n')} ${this.cursor_row}:${this.cursor_column}`;
  }

  say(text: string): void {
    this.out({ kind: 'text', text });
  }
  ask_password(): void {
    this.silent_ = true;
    this.input_ = [];
    this.at_ = 0;
    this.say('\r\nPassword: ');
  }

  take(keys: string): void {
    if (keys === '\r') return this.enter();
    if (this.silent_) this.kept_silent.add(keys);
    if (this.silent_ || this.swallow) return;
    if (keys === '\x7f') {
      if (this.at_ > 0) this.edit(() => this.input_.splice(--this.at_, 1));
    } else if (keys === '\x1b[D') {
      if (this.at_ > 0) this.edit(() => --this.at_);
    } else if (keys === '\x1b[C') {
      if (this.at_ < this.input_.length) this.edit(() => ++this.at_);
    } else if (keys === '\x01') {
      this.edit(() => (this.at_ = 0));
    } else if (keys === '\x15') {
      this.edit(() => {
        this.input_ = [];
        this.at_ = 0;
      });
    } else if (keys >= ' ' && !keys.startsWith('\x1b')) {
      for (const character of keys) {
        this.edit(() => {
          this.input_.splice(this.at_++, 0, character);
          this.suggest = this.suggest.startsWith(character) ? this.suggest.slice(1) : '';
        });
      }
    } else if (keys === '\x1b[A') {
      this.edit(() => {
        this.input_ = [...'history'];
        this.at_ = 7;
      });
    }
  }

  private enter(): void {
    const command = this.input_.join('');
    const asked = this.silent_;
    this.input_ = [];
    this.at_ = 0;
    this.silent_ = false;
    this.suggest = '';
    if (command === 'login' || (!asked && command.includes('ba'))) return this.ask_password();
    this.say(command.includes('a') ? '\r\nsome output\r\n$ ' : '\r\n$ ');
  }

  /** The whole input is drawn anew from where it began. */
  private edit(change: () => void): void {
    const width = (characters: string[]) =>
      characters.reduce((sum, character) => sum + character_width(character.codePointAt(0) ?? 0), 0);
    const before = width(this.input_.slice(0, this.at_));
    const behind = Math.max(0, width(this.input_) - before);
    change();
    const shown = [...this.input_, ...this.suggest];
    const text = shown.map((character) => character).join('');
    const after = width(this.input_.slice(0, this.at_));
    this.out({ kind: 'line', from: -before, row_up: 0, cells: [text, ' '.repeat(behind + 2)], cursor: after });
  }

  private out(output: Output): void {
    this.show(output);
    this.put_out_(output);
  }

  show(output: Output): void {
    if (output.kind === 'text') {
      for (const character of output.text) this.draw(character);
      return;
    }
    // Positions count along lines that wrap.
    const start = this.cursor_row * this.columns + this.cursor_column + output.from;
    this.cursor_row = Math.max(0, Math.floor(start / this.columns));
    this.cursor_column = Math.max(0, start) % this.columns;
    const scrolled_before = this.scrolled_;
    for (const character of output.cells.join('')) this.draw(character);
    const end = start + output.cursor - (this.scrolled_ - scrolled_before) * this.columns;
    this.cursor_row = Math.min(this.rows - 1, Math.max(0, Math.floor(end / this.columns)));
    this.cursor_column = Math.max(0, end) % this.columns;
  }

  private scrolled_ = 0;

  private draw(character: string): void {
    if (character === '\r') this.cursor_column = 0;
    else if (character === '\n') this.feed();
    else {
      const width = character_width(character.codePointAt(0) ?? 0) || 1;
      if (this.cursor_column + width > this.columns) {
        this.cursor_column = 0;
        this.feed();
      }
      const line = this.cells_[this.cursor_row] ?? [];
      line[this.cursor_column] = character;
      if (width === 2) line[this.cursor_column + 1] = '';
      else if (line[this.cursor_column + 1] === '') line[this.cursor_column + 1] = ' ';
      this.cursor_column += width;
    }
  }

  private feed(): void {
    if (this.cursor_row < this.rows - 1) {
      ++this.cursor_row;
      return;
    }
    this.cells_ = [...this.cells_.slice(1), this.blank()];
    ++this.scrolled_;
  }

  private blank(): string[] {
    return Array.from({ length: this.columns }, () => ' ');
  }
}
