// SPDX-License-Identifier: GPL-3.0-or-later
// Prompts and commands on an xterm.js screen: a dot beside each prompt says how its command ended, keys jump from prompt to
// prompt, and whoever wants hears of commands that ended.
import type { IDecoration, IMarker, Terminal as Xterm } from '@xterm/xterm';
import { ShellCommands, type ShellCommand } from '../../../model/shell_commands';
import { t } from '../../../model/translation';

interface Mark {
  marker: IMarker;
  column: number;
}

/** A command ended; how long it took where that is known, and its exit code. */
export type OnFinished = (text: string, milliseconds: number | undefined, exit_code: number | undefined) => void;

const longest_text = 200; // characters of a command that are told

export class ShellMarks {
  private readonly commands_ = new ShellCommands<Mark>();
  private readonly dots_ = new Map<ShellCommand<Mark>, IDecoration>();
  private jumped_: number | undefined; // the line that was jumped to
  private pointer_: IDecoration | undefined;
  private painting_ = false;

  constructor(
    private readonly xterm_: Xterm,
    private readonly on_finished_: OnFinished,
  ) {
    xterm_.parser.registerOscHandler(133, (data) => {
      const command = this.commands_.sequence(
        data,
        performance.now(),
        () => this.here(),
        (from) => this.text_from(from),
      );
      if (command) this.show(command);
      if (command?.ended !== undefined && command.started !== undefined && !this.painting_)
        on_finished_(
          command.text,
          command.start_known ? command.ended - command.started : undefined,
          command.exit_code,
        );
      return true;
    });
  }

  /** Scrolls to the prompt before or behind the place; false when the screen has no prompts to jump to. */
  jump(step: -1 | 1): boolean {
    const { active } = this.xterm_.buffer;
    if (active.type === 'alternate' || this.commands_.list.length === 0) return false;
    const lines = this.commands_.list.map(({ prompt }) => prompt.marker.line).filter((line) => line >= 0);
    const from = this.jumped_ ?? active.baseY + active.cursorY;
    const to = step < 0 ? lines.findLast((line) => line < from) : lines.find((line) => line > from);
    this.pointer_?.dispose();
    if (to === undefined && step < 0) return true;
    this.jumped_ = to;
    if (to === undefined) {
      this.xterm_.scrollToBottom();
      return true;
    }
    this.xterm_.scrollToLine(Math.max(0, to - 1));
    this.point(to);
    return true;
  }
  /** The person types: the next jump begins at the bottom. */
  typed(): void {
    this.jumped_ = undefined;
    this.pointer_?.dispose();
  }

  /** The screen they stand on is thrown away: what comes next paints it again, until `painted`. */
  clear(): void {
    this.painting_ = true;
    this.typed();
    for (const dot of [...this.dots_.values()]) dot.dispose();
    this.dots_.clear();
    for (const { prompt, input } of this.commands_.clear()) {
      prompt.marker.dispose();
      input?.marker.dispose();
    }
  }
  /** What was told since `clear` is past; a command that ended meanwhile is told now. */
  painted(): void {
    if (!this.painting_) return;
    this.painting_ = false;
    const ended = this.commands_.painted();
    if (ended) this.on_finished_(ended.text, undefined, ended.exit_code);
  }

  private point(line: number): void {
    const { active } = this.xterm_.buffer;
    const marker = this.xterm_.registerMarker(line - active.baseY - active.cursorY);
    this.pointer_ = marker && this.xterm_.registerDecoration({ marker, width: this.xterm_.cols });
    this.pointer_?.onRender((element) => element.classList.add('prompt-pointer'));
    this.pointer_?.onDispose(() => marker?.dispose());
  }

  private here(): Mark {
    return { marker: this.xterm_.registerMarker(0), column: this.xterm_.buffer.active.cursorX };
  }

  private text_from({ marker, column }: Mark): string {
    const { active } = this.xterm_.buffer;
    const end = active.baseY + active.cursorY + (active.cursorX > 0 ? 1 : 0);
    let text = '';
    for (let at = marker.line; at >= 0 && at < end && text.length < longest_text; ++at)
      text += active.getLine(at)?.translateToString(true, at === marker.line ? column : 0) ?? '';
    return text.trim().slice(0, longest_text);
  }

  private show(command: ShellCommand<Mark>): void {
    this.dots_.get(command)?.dispose();
    const dot = this.xterm_.registerDecoration({ marker: command.prompt.marker, width: 1 });
    if (!dot) return;
    this.dots_.set(command, dot);
    dot.onDispose(() => {
      if (this.dots_.get(command) === dot) this.dots_.delete(command);
    });
    const { ended, exit_code } = command;
    const outcome = ended === undefined ? 'waiting' : (exit_code ?? 0) === 0 ? 'ok' : 'failed';
    dot.onRender((element) => {
      element.classList.add('command-dot', outcome);
      element.title =
        ended === undefined ? '' : t`${command.text || t('Command')}: exit code ${exit_code ?? t('unknown')}`;
    });
  }
}
