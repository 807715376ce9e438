// SPDX-License-Identifier: GPL-3.0-or-later
// What a shell says about its prompts and commands by OSC 133 (FinalTerm's sequences, as VS Code, iTerm2 and WezTerm read
// them): A a prompt begins, B it ends, C the command's output begins, D it ended, with its exit code.

export interface ShellCommand<Mark> {
  prompt: Mark;
  /** Where its text begins. */
  input: Mark | undefined;
  text: string;
  started: number | undefined; // ms
  /** False: it ran already when the screen that tells of it was painted, and nobody said for how long. */
  start_known: boolean;
  /** How long it ran was said with its mark, as the runner does where it paints a screen. */
  age_told: boolean;
  ended: number | undefined;
  exit_code: number | undefined;
}

const most_commands = 1000;

export class ShellCommands<Mark> {
  /** Oldest first; the last may be the prompt that waits for input. */
  readonly list: ShellCommand<Mark>[] = [];
  private ran_: ShellCommand<Mark> | undefined; // when the picture began

  /**
   * `data` is what stands behind "133;". `here` marks the cursor's place, `typed` reads the text from a mark to the cursor.
   * The command whose prompt or end this told.
   */
  sequence(data: string, now: number, here: () => Mark, typed: (from: Mark) => string): ShellCommand<Mark> | undefined {
    const [what, ...more] = data.split(';');
    const current = this.list.at(-1);
    if (what === 'A') return this.begin(current, here());
    if (what === 'B' && (!current || current.started !== undefined)) {
      // A shell that drew its prompt again, as after a new size, or a painted screen of that: where it began is gone.
      const begun = this.begin(current, here());
      begun.input = here();
      return begun;
    }
    if (!current) return undefined;
    if (what === 'B') current.input = here();
    if (what === 'C' && current.started === undefined) {
      const age = age_in(more);
      current.started = now - (age ?? 0);
      current.start_known = true;
      current.age_told = age !== undefined;
      current.text = current.input === undefined ? '' : typed(current.input);
    }
    if (what === 'D' && current.started !== undefined && current.ended === undefined) {
      current.ended = now;
      const code = Number(more[0]);
      if (more[0] && Number.isInteger(code)) current.exit_code = code;
      return current;
    }
    return undefined;
  }

  /** The screen is thrown away, and painted anew: until `painted` sequences tell of the past. What was there. */
  clear(): ShellCommand<Mark>[] {
    const last = this.list.at(-1);
    if (last && is_running(last)) this.ran_ = last;
    return this.list.splice(0);
  }

  /** The picture is whole. The command that ran before it and does no more; the one that still does goes on. */
  painted(): ShellCommand<Mark> | undefined {
    const ran = this.ran_;
    this.ran_ = undefined;
    const last = this.list.at(-1);
    if (last && is_running(last)) {
      const same = ran?.text === last.text;
      if (!last.age_told) {
        last.start_known = same && ran.start_known;
        if (same) last.started = ran.started;
      }
      if (same) return undefined;
    }
    return ran && this.list.findLast(({ text, ended }) => text === ran.text && ended !== undefined);
  }

  private begin(current: ShellCommand<Mark> | undefined, prompt: Mark): ShellCommand<Mark> {
    if (current && current.started === undefined) {
      current.prompt = prompt; // drawn again
      return current;
    }
    const command = {
      prompt,
      input: undefined,
      text: '',
      started: undefined,
      start_known: true,
      age_told: false,
      ended: undefined,
      exit_code: undefined,
    };
    this.list.push(command);
    if (this.list.length > most_commands) this.list.shift();
    return command;
  }
}

/** Milliseconds. */
function age_in(fields: readonly string[]): number | undefined {
  const field = fields.find((one) => one.startsWith('age='));
  const age = Number(field?.slice(4));
  return field !== undefined && Number.isInteger(age) && age >= 0 ? age : undefined;
}

function is_running({ started, ended }: ShellCommand<unknown>): boolean {
  return started !== undefined && ended === undefined;
}
