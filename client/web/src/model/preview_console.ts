// SPDX-License-Identifier: GPL-3.0-or-later
// What a page in a preview says: its errors and what it logs. The page is another origin's, so nothing can be read from here; it
// tells by itself, through the script that the preview's address has for pages that want it. All of it is a stranger's text.
import { Observable } from './observable';

/** What a page has to have in it. */
export const console_tag = '<script src="/.berth/console.js"></script>';

export const console_levels = ['error', 'warn', 'info', 'log', 'debug'] as const;
export type ConsoleLevel = (typeof console_levels)[number];
export interface ConsoleLine {
  id: number;
  level: ConsoleLevel;
  text: string;
  /** File, line and column, as the page tells it; "" for unknown. */
  where: string;
  /** How often it came one after the other. */
  times: number;
}
const most_lines = 500;
const longest_text = 4000;
const longest_where = 300;
const told_pause = 100; // ms: however much a page says, the IDE draws it ten times a second

export class PreviewConsole extends Observable {
  /** A page has told something: it has the script. */
  heard = false;
  private next_ = 1;
  private kept_: ConsoleLine[] = []; // more than are shown, so that not each new one moves all
  private telling_ = false;
  private told_late_ = false;

  get lines(): readonly ConsoleLine[] {
    return this.kept_.slice(-most_lines);
  }

  get errors(): number {
    return this.lines.reduce((count, { level, times }) => (level === 'error' ? count + times : count), 0);
  }

  /** A message of the frame; false when it is none of a console. */
  take(message: unknown): boolean {
    const { berth, level, text, where } = (message ?? {}) as Record<string, unknown>;
    if (berth !== 'console') return false;
    this.heard = true;
    if (level === 'load') this.kept_ = [];
    else {
      const known = console_levels.find((one) => one === level);
      if (known === undefined || typeof text !== 'string') return false;
      this.add(known, text.slice(0, longest_text), typeof where === 'string' ? where.slice(0, longest_where) : '');
    }
    this.tell();
    return true;
  }

  clear(): void {
    this.kept_ = [];
    this.changed();
  }

  /** Another page is about to come, of which nothing is known. */
  begin(): void {
    this.heard = false;
    this.clear();
  }

  private add(level: ConsoleLevel, text: string, where: string): void {
    const last = this.kept_.at(-1);
    if (last && last.level === level && last.text === text && last.where === where)
      this.kept_[this.kept_.length - 1] = { ...last, times: last.times + 1 };
    else this.kept_.push({ id: this.next_++, level, text, where, times: 1 });
    if (this.kept_.length > 2 * most_lines) this.kept_ = this.kept_.slice(-most_lines);
  }

  /** The first at once, those right behind it together. */
  private tell(): void {
    if (this.telling_) {
      this.told_late_ = true;
      return;
    }
    this.telling_ = true;
    this.changed();
    setTimeout(() => {
      this.telling_ = false;
      if (!this.told_late_) return;
      this.told_late_ = false;
      this.tell();
    }, told_pause);
  }
}
