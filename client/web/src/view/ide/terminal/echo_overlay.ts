// SPDX-License-Identifier: GPL-3.0-or-later
// Draws predicted keys over the screen, underlined, and the cursor behind them; xterm.js's buffer never learns of them.
import type { Terminal as Xterm } from '@xterm/xterm';
import type { PredictedLine, PredictionScreen } from '../../../model/terminal_prediction';

/** xterm.js's screen as predictions see it. */
export class XtermCells implements PredictionScreen {
  constructor(private readonly xterm_: Xterm) {}
  get columns(): number {
    return this.xterm_.cols;
  }
  get rows(): number {
    return this.xterm_.rows;
  }
  get alternate(): boolean {
    return this.xterm_.buffer.active.type === 'alternate';
  }
  get cursor_row(): number {
    return this.xterm_.buffer.active.cursorY;
  }
  get cursor_column(): number {
    return this.xterm_.buffer.active.cursorX;
  }
  cell(row: number, column: number): string {
    const { active } = this.xterm_.buffer;
    const cell = column < 0 ? undefined : active.getLine(active.baseY + row)?.getCell(column);
    if (!cell) return ' ';
    return cell.getWidth() === 0 ? '' : cell.getChars() || ' ';
  }
}

export class EchoOverlay {
  private readonly layer_ = document.createElement('div');
  private line_: PredictedLine | undefined;

  constructor(
    private readonly xterm_: Xterm,
    private readonly cells_: XtermCells,
  ) {
    this.layer_.className = 'echo-overlay';
    this.layer_.setAttribute('aria-hidden', 'true');
    const follow = () => {
      if (this.line_) this.place(); // else nothing is shown: each line of a flood scrolls
    };
    xterm_.onScroll(follow);
    xterm_.onResize(follow);
  }

  draw(line: PredictedLine | undefined): void {
    if (!line && !this.line_) return;
    this.line_ = line;
    this.place();
  }

  private place(): void {
    const screen = this.xterm_.element?.querySelector<HTMLElement>('.xterm-screen');
    const { line_: line } = this;
    if (!screen || !line) {
      this.layer_.remove();
      return;
    }
    if (this.layer_.parentElement !== screen) screen.append(this.layer_);
    const { active } = this.xterm_.buffer;
    const row = active.baseY + line.row - active.viewportY; // scrolled back: below what is seen
    const width = screen.clientWidth / this.xterm_.cols;
    const height = screen.clientHeight / this.xterm_.rows;
    const { style } = this.layer_;
    style.display = row < this.xterm_.rows ? '' : 'none';
    style.top = `${row * height}px`;
    style.height = style.lineHeight = `${height}px`;
    style.fontFamily = String(this.xterm_.options.fontFamily);
    style.fontSize = `${this.xterm_.options.fontSize}px`;
    const span = (column: number, text: string, columns: number, name: string) => {
      const element = document.createElement('span');
      element.className = name;
      element.textContent = text;
      element.style.left = `${column * width}px`;
      element.style.width = `${columns * width}px`;
      return element;
    };
    const predicted = line.cells.map(({ column, text, width: columns }) =>
      span(column, text, columns, text.trim() === '' ? '' : 'predicted'),
    );
    // The real cursor is covered by the text under it.
    const real = this.cells_.cursor_column;
    const covered = real === line.cursor_column || line.cells.some(({ column }) => column === real);
    const under = this.cells_.cell(line.row, real);
    const cover = covered || under === '' ? [] : [span(real, under, 1, '')];
    const at_cursor = line.cells.find(({ column }) => column === line.cursor_column);
    const text = at_cursor?.text ?? this.cells_.cell(line.row, line.cursor_column);
    const cursor = span(line.cursor_column, text, at_cursor?.width ?? 1, 'cursor');
    this.layer_.replaceChildren(...cover, ...predicted, cursor);
  }
}
