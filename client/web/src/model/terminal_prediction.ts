// SPDX-License-Identifier: GPL-3.0-or-later
// Predictive local echo: what the keys under way will probably do to the line the cursor is on, drawn over the screen until
// the runner's output shows it. After Winstein & Balakrishnan, "Mosh: An Interactive Remote Shell for Mobile Clients"
// (USENIX ATC 2012), section 3.2. Pure: a screen to look at, keys, acknowledgements and the time go in, cells come out.
//
// The rules, which client/core/echo_predictor mirrors:
//  1. Every key has a number (the input offset behind it) and is *unresolved* until its outcome was judged. The runner's word
//     that it has the keys up to a number *acknowledges* them. What a program answers to a key is awaited for `grace` ms
//     after that.
//  2. A prediction is made for: a printable character of certain width (1 or 2), backspace, cursor left, cursor right; never
//     in the alternate screen, never for a paste. Every other key is *opaque*, and so is a predictable one at a place where
//     its effect is uncertain: a character that would reach the last column, backspace or left before the column where the
//     input began, right behind the end of the text. While an opaque key is unresolved, later keys are queued, not predicted.
//  3. A character is inserted: the text from the cursor to the first gap of 4 blanks moves right (backspace: left). Twice the
//     cells behind the cursor turned out otherwise (suggestions of fish and zsh): from then on they are left as they are.
//  4. All predictions are on one line. They fail the moment the real cursor is on another line, or in a column where neither
//     an unresolved predicted key leads nor the first of them began, or the text before the place where it began changes.
//  5. An acknowledged key is judged, in order. It came true when every cell it was the last to change shows the predicted
//     text and the real cursor is where this key or an unresolved predicted one after it leads. Else it waits until `grace`
//     is over, then fails.
//  6. Trust (mosh's epochs): predictions are shown only while trusted. Trust comes when a key came true that changed a cell
//     into another text that isn't blank. It goes with every opaque key, with a failure, and when typing begins anew where
//     the last key did not leave the cursor, or behind another text. So what is typed without echo (a password) is never shown.
//  7. A failure takes all predictions off. An opaque key is over `grace` after its acknowledgement. After either, the keys
//     not yet acknowledged are predicted again from the real cursor, without trust; acknowledged ones are on the screen.
//  8. The input begins at the column of the first key after Enter, Ctrl-C, Ctrl-D, Ctrl-L or Ctrl-Z, on another line, or
//     behind another prompt.
//  9. A new size, a repaint and a change of the screen's buffer forget everything.

/** The real screen, as the view draws it. */
export interface PredictionScreen {
  readonly columns: number;
  readonly rows: number;
  readonly alternate: boolean;
  readonly cursor_row: number; // 0 is the top of the screen, without scrollback
  readonly cursor_column: number;
  /** ' ' where nothing is, '' in the right half of a wide character. */
  cell(row: number, column: number): string;
}

export interface PredictedLine {
  row: number;
  cells: { column: number; text: string; width: number }[];
  cursor_column: number;
}

interface Key {
  readonly number: number;
  readonly text: string; // of a printed character
  readonly width: number;
  readonly ends_input: boolean;
  kind: 'print' | 'erase' | 'left' | 'right' | 'opaque';
  column_after: number;
  acknowledged: number | undefined; // ms
}

interface Cell {
  text: string;
  key: Key; // the last to change it
  tail: boolean; // moved aside, not typed
  changed: boolean; // the screen showed something else when it was predicted
}

/** A place in a line that is known again by what stands before it. */
interface Place {
  row: number;
  column: number;
  before: string[];
}

export const grace = 100; // ms from a key's arrival to what a program makes of it
const longest_typing = 32; // UTF-16 units in one go; more is a paste
const widest_gap = 4; // columns: what stands behind it is no part of the input
const most_tail_failures = 2;

const moves: Record<string, 'erase' | 'left' | 'right'> = {
  '\x7f': 'erase',
  '\b': 'erase',
  '\x1b[D': 'left',
  '\x1bOD': 'left',
  '\x1b[C': 'right',
  '\x1bOC': 'right',
};

export class TerminalPrediction {
  private keys_: Key[] = [];
  private opaque_ = 0; // of keys_
  private readonly cells_ = new Map<number, Cell>(); // by column
  private row_ = 0;
  private column_ = 0;
  private trusted_ = false;
  private rested_: Place | undefined; // where the last key that came true left the cursor
  private input_start_: Place | undefined;
  private began_: Place = { row: 0, column: 0, before: [] }; // where the cursor was before the first unresolved key
  private tail_failures_ = 0;
  private size_: string;

  constructor(private readonly screen_: PredictionScreen) {
    this.size_ = this.size();
  }

  /** `text` went out, and is known to have arrived once `number` is acknowledged. */
  typed(text: string, number: number, now: number): void {
    this.update(now);
    for (const key of keys_of(text, number)) {
      const fresh = this.keys_.length === 0;
      this.keys_.push(key);
      if (key.kind === 'opaque') ++this.opaque_;
      else if (this.opaque_ === 0) this.predict(key, fresh);
    }
  }

  /** The runner has every key up to `number`. */
  acknowledged(number: number, now: number): void {
    for (const key of this.keys_) if (key.number <= number) key.acknowledged ??= now;
    this.update(now);
  }

  /** After output was drawn, and at due(). */
  update(now: number): void {
    if (this.screen_.alternate || this.size() !== this.size_) this.reset();
    if (!this.plausible()) this.predict_again();
    for (;;) {
      const [key] = this.keys_;
      if (key?.acknowledged === undefined) return;
      const over = now >= key.acknowledged + grace;
      if (key.kind === 'opaque') {
        if (!over) return;
        this.pass_opaque(key);
      } else if (this.came_true(key, over)) {
        this.confirm(key);
      } else {
        if (!over) return;
        this.predict_again();
      }
    }
  }

  /** When update() should be called though no output comes, ms. */
  due(): number | undefined {
    const [key] = this.keys_;
    return key?.acknowledged === undefined ? undefined : key.acknowledged + grace;
  }

  /** What to draw over the screen; undefined when the screen is the truth. */
  shown(): PredictedLine | undefined {
    const [first] = this.keys_;
    if (!this.trusted_ || !first || first.kind === 'opaque') return undefined;
    const cells = [...this.cells_]
      .sort(([a], [b]) => a - b)
      .filter(([, cell]) => cell.text !== '')
      .map(([column, { text }]) => ({ column, text, width: this.text_at(column + 1) === '' ? 2 : 1 }));
    return { row: this.row_, cells, cursor_column: this.column_ };
  }

  reset(): void {
    this.keys_ = [];
    this.opaque_ = 0;
    this.cells_.clear();
    this.trusted_ = false;
    this.rested_ = this.input_start_ = undefined;
    this.size_ = this.size();
  }

  private size(): string {
    return `${this.screen_.columns}x${this.screen_.rows}`;
  }

  private predict(key: Key, fresh: boolean): void {
    if (fresh) this.begin();
    const column = this.predictable_column(key);
    if (column === undefined) {
      key.kind = 'opaque';
      ++this.opaque_;
      return;
    }
    if (key.kind === 'print') this.insert(key);
    else if (key.kind === 'erase') this.erase(key, column);
    this.column_ = key.column_after = column;
  }

  /** From the real cursor on. */
  private begin(): void {
    this.began_ = this.here(this.screen_.cursor_column);
    this.row_ = this.began_.row;
    this.column_ = this.began_.column;
    if (this.rested_?.column !== this.column_ || !this.is_still(this.rested_)) this.trusted_ = false;
    const start = this.input_start_;
    if (start && start.column <= this.column_ && this.is_still(start)) return;
    this.input_start_ = this.began_;
    this.trusted_ = false;
  }

  /** False when something else than these keys was at work. */
  private plausible(): boolean {
    const [first] = this.keys_;
    if (!first || first.kind === 'opaque') return true;
    const { cursor_row, cursor_column } = this.screen_;
    if (cursor_row !== this.row_ || (cursor_column !== this.began_.column && !this.leads_to(cursor_column)))
      return false;
    return this.is_still(this.began_, Math.min(...this.cells_.keys()));
  }

  private here(column: number): Place {
    const row = this.screen_.cursor_row;
    return { row, column, before: Array.from({ length: column }, (_, before) => this.screen_.cell(row, before)) };
  }

  /** The cursor is on its line, and the text before it, up to column `end`, is unchanged. */
  private is_still({ row, before }: Place, end = before.length): boolean {
    if (row !== this.screen_.cursor_row) return false;
    return before.every((text, column) => column >= end || this.screen_.cell(row, column) === text);
  }

  /** Where the key leaves the cursor; undefined where that is uncertain. */
  private predictable_column(key: Key): number | undefined {
    if (this.screen_.alternate) return undefined;
    const first = this.input_start_?.column ?? this.column_;
    const step_left = this.text_at(this.column_ - 1) === '' ? 2 : 1;
    if (key.kind === 'erase' || key.kind === 'left')
      return this.column_ - step_left < first ? undefined : this.column_ - step_left;
    const end = this.text_end();
    if (key.kind === 'right')
      return this.column_ >= end ? undefined : this.column_ + (this.text_at(this.column_ + 1) === '' ? 2 : 1);
    const last = this.moves_tail() ? Math.max(end, this.column_) : this.column_;
    return last + key.width >= this.screen_.columns ? undefined : this.column_ + key.width;
  }

  private insert(key: Key): void {
    if (this.moves_tail()) {
      for (let column = this.text_end() - 1; column >= this.column_; --column)
        this.put(column + key.width, this.text_at(column), key, true);
    }
    this.put(this.column_, key.text, key, false);
    if (key.width === 2) this.put(this.column_ + 1, '', key, false);
  }

  private erase(key: Key, to: number): void {
    const width = this.column_ - to;
    const end = Math.max(this.text_end(), this.column_);
    if (this.moves_tail()) {
      for (let column = to; column < end; ++column) {
        const from = column + width;
        this.put(column, from < end ? this.text_at(from) : ' ', key, this.column_ < end);
      }
    } else {
      for (let column = to; column < this.column_; ++column) this.put(column, ' ', key, false);
    }
  }

  private moves_tail(): boolean {
    return this.tail_failures_ < most_tail_failures;
  }

  /** The column behind the text that the cursor stands in or before. */
  private text_end(): number {
    let end = this.column_;
    for (let column = this.column_; column < this.screen_.columns && column < end + widest_gap; ++column)
      if (this.text_at(column) !== ' ') end = column + 1;
    return end;
  }

  private text_at(column: number): string {
    return this.cells_.get(column)?.text ?? this.screen_.cell(this.row_, column);
  }

  private put(column: number, text: string, key: Key, tail: boolean): void {
    const before = this.cells_.get(column);
    const changed = this.screen_.cell(this.row_, column) !== text && (before?.text !== text || before.changed);
    this.cells_.set(column, { text, key, tail, changed });
  }

  private came_true(key: Key, over: boolean): boolean {
    if (this.screen_.cursor_row !== this.row_ || !this.leads_to(this.screen_.cursor_column)) return false;
    const right = ([column, cell]: [number, Cell]) => this.screen_.cell(this.row_, column) === cell.text;
    const cells = [...this.cells_].filter(([, cell]) => cell.key === key);
    if (cells.every(right)) return true;
    if (!over || !cells.every((cell) => cell[1].tail || right(cell))) return false;
    ++this.tail_failures_; // what stands behind the cursor does not move: only that was wrong
    for (const [column, cell] of this.cells_) if (cell.tail) this.cells_.delete(column);
    return true;
  }

  /** Whether an unresolved predicted key leaves the cursor in this column. */
  private leads_to(column: number): boolean {
    for (const key of this.keys_) {
      if (key.kind === 'opaque') return false;
      if (key.column_after === column) return true;
    }
    return false;
  }

  private confirm(key: Key): void {
    for (const [column, cell] of this.cells_) {
      if (cell.key !== key) continue;
      if (cell.changed && cell.text.trim() !== '') this.trusted_ = true;
      this.cells_.delete(column);
    }
    this.rested_ = this.began_ = this.here(key.column_after);
    this.keys_.shift();
  }

  private pass_opaque(key: Key): void {
    this.keys_.shift();
    --this.opaque_;
    if (key.ends_input) this.input_start_ = undefined;
    this.predict_again();
  }

  private predict_again(): void {
    this.cells_.clear();
    this.trusted_ = false;
    this.rested_ = undefined;
    // An opaque key that was acknowledged still waits for its outcome, and with it all that follow.
    const opaque = this.keys_.findIndex(({ kind }) => kind === 'opaque');
    const known = opaque < 0 ? this.keys_.length : opaque;
    const predictable = this.keys_.slice(0, known).filter(({ acknowledged }) => acknowledged === undefined);
    const rest = this.keys_.slice(known);
    this.keys_ = [...predictable, ...rest];
    this.opaque_ = rest.filter(({ kind }) => kind === 'opaque').length;
    let fresh = true;
    for (const key of predictable) {
      if (key.kind === 'opaque') break;
      const before = this.opaque_;
      this.predict(key, fresh);
      fresh = false;
      if (this.opaque_ !== before) break;
    }
  }
}

function keys_of(text: string, number: number): Key[] {
  const key = (kind: Key['kind'], shown = '', width = 0): Key => ({
    number,
    kind,
    text: shown,
    width,
    ends_input: kind === 'opaque' && /[\r\n\x03\x04\x0c\x1a]/.test(text), // eslint-disable-line no-control-regex
    column_after: 0,
    acknowledged: undefined,
  });
  const move = moves[text];
  if (move) return [key(move)];
  const characters = [...text];
  const widths = characters.map((character) => character_width(character.codePointAt(0) ?? 0));
  if (text.length > longest_typing || widths.includes(0)) return [key('opaque')];
  return characters.map((character, at) => key('print', character, widths[at]));
}

/** Inclusive ranges of code points whose width no program and no screen disputes. */
const narrow: [number, number][] = [
  [0x20, 0x7e],
  [0xa1, 0xac],
  [0xae, 0x2ff],
  [0x370, 0x482],
  [0x48a, 0x52f],
];
const wide: [number, number][] = [
  [0x3041, 0x3096],
  [0x30a1, 0x30fa],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9ffc],
  [0xac00, 0xd7a3],
  [0xff01, 0xff60],
  [0x1f300, 0x1f320],
  [0x1f600, 0x1f64f],
];

/** Columns a character takes: 1 or 2, or 0 where that is not certain. */
export function character_width(code_point: number): 0 | 1 | 2 {
  const within = (ranges: [number, number][]) =>
    ranges.some(([first, last]) => code_point >= first && code_point <= last);
  return within(narrow) ? 1 : within(wide) ? 2 : 0;
}
