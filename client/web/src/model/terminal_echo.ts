// SPDX-License-Identifier: GPL-3.0-or-later
// When one terminal predicts its echo: the person's choice, or a round trip that is felt. Feeds the keys, what is known of
// their arrival and the time to a TerminalPrediction and tells its view when to draw.
import type { EchoChoice } from './preferences';
import type { KeyWatcher, Terminal } from './terminal';
import { TerminalPrediction, type PredictedLine, type PredictionScreen } from './terminal_prediction';

const on_above = 50; // ms of round trip
const off_below = 30; // ms
const remembered = 3; // round trips

/** Whether keys take long to come back; a single odd measurement changes nothing. */
export class FeltDelay {
  private recent_: number[] = [];
  private felt_ = false;

  measured(round_trip: number): void {
    this.recent_ = [...this.recent_.slice(1 - remembered), round_trip];
    const typical = [...this.recent_].sort((a, b) => a - b)[Math.floor(this.recent_.length / 2)] ?? 0;
    this.felt_ = typical > (this.felt_ ? off_below : on_above);
  }
  felt(): boolean {
    return this.felt_;
  }
  /** Another connection may be another road. */
  forget(): void {
    this.recent_ = [];
  }
}

export class TerminalEcho implements KeyWatcher {
  private choice_: EchoChoice = 'auto';
  private active_ = false;
  private readonly prediction_: TerminalPrediction;
  private timer_: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly terminal_: Terminal,
    screen: PredictionScreen,
    private readonly delay_: FeltDelay,
    private readonly draw_: (line: PredictedLine | undefined) => void,
  ) {
    this.prediction_ = new TerminalPrediction(screen);
  }

  choose(choice: EchoChoice): void {
    this.choice_ = choice;
    this.review();
  }
  is_active(): boolean {
    return this.active_;
  }

  /** The person's keys go to the terminal; false when too much is waiting there. */
  type(text: string, bytes: Uint8Array): boolean {
    this.review();
    if (!this.terminal_.type(bytes)) return false;
    if (this.active_) {
      this.prediction_.typed(text, this.terminal_.typed(), performance.now());
      this.show();
    }
    return true;
  }
  /** After output is on the screen. */
  drawn(): void {
    if (this.active_) this.look();
  }
  arrived(offset: number, round_trip: number): void {
    this.delay_.measured(round_trip);
    this.prediction_.acknowledged(offset, performance.now());
    this.show();
  }
  forget(): void {
    this.prediction_.reset();
    this.show();
  }
  dispose(): void {
    clearTimeout(this.timer_);
    this.terminal_.watch_keys(undefined);
  }

  private review(): void {
    const active = this.choice_ === 'on' || (this.choice_ === 'auto' && this.delay_.felt());
    if (active === this.active_) return;
    this.active_ = active;
    this.terminal_.watch_keys(active ? this : undefined);
    this.forget();
  }

  private look(): void {
    this.prediction_.update(performance.now());
    this.show();
  }

  private show(): void {
    this.draw_(this.active_ ? this.prediction_.shown() : undefined);
    clearTimeout(this.timer_);
    const due = this.prediction_.due();
    if (due !== undefined) this.timer_ = setTimeout(() => this.look(), Math.max(1, due - performance.now()));
  }
}
