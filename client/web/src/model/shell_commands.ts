// SPDX-License-Identifier: GPL-3.0-or-later
// What a shell says about its prompts and commands by OSC 133 (FinalTerm's sequences, as VS Code, iTerm2 and WezTerm read
// them): A a prompt begins, B it ends, C the command's output begins, D it ended, with its exit code.

export interface ShellCommand<Mark> {
  prompt: Mark;
  /** Where its text begins. */
  input: Mark | undefined;
  text: string;
  started: number | undefined; // ms
  ended: number | undefined;
  exit_code: number | undefined;
}

const most_commands = 1000;

export class ShellCommands<Mark> {
  /** Oldest first; the last may be the prompt that waits for input. */
  readonly list: ShellCommand<Mark>[] = [];

  /**
   * `data` is what stands behind "133;". `here` marks the cursor's place, `typed` reads the text from a mark to the cursor.
   * The command whose prompt or end this told.
   */
  sequence(data: string, now: number, here: () => Mark, typed: (from: Mark) => string): ShellCommand<Mark> | undefined {
    const [what, ...more] = data.split(';');
    const current = this.list.at(-1);
    if (what === 'A') return this.begin(current, here());
    if (!current) return undefined;
    if (what === 'B' && current.started === undefined) current.input = here();
    if (what === 'C' && current.started === undefined) {
      current.started = now;
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
      ended: undefined,
      exit_code: undefined,
    };
    this.list.push(command);
    if (this.list.length > most_commands) this.list.shift();
    return command;
  }
}
