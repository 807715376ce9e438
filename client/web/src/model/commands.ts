// SPDX-License-Identifier: GPL-3.0-or-later
// Everything a person can tell the IDE to do, by a name: the palette lists it, keys and menus call it.
import { Observable } from './observable';
import { t } from './translation';

export interface Command {
  /** snake_case; key bindings name it. */
  id: string;
  /** "View: Toggle side bar": what it is about, then what it does. */
  title: string;
  run: () => void;
  /** Why it can't be done now, for whoever asks; undefined when it can. */
  refused?: () => string | undefined;
}

const most_recent = 8;

export class Commands extends Observable {
  private readonly by_id_ = new Map<string, Command>();
  private recent_: string[] = [];

  all(): Command[] {
    return [...this.by_id_.values()];
  }
  find(id: string): Command | undefined {
    return this.by_id_.get(id);
  }

  /** Gives them until the returned function is called; an id that is there is replaced. */
  add(commands: readonly Command[]): () => void {
    for (const command of commands) this.by_id_.set(command.id, command);
    this.changed();
    return () => {
      for (const command of commands) if (this.by_id_.get(command.id) === command) this.by_id_.delete(command.id);
      this.changed();
    };
  }

  /** Does it and tells nothing, or tells why it can't be done. */
  run(id: string): string | undefined {
    const command = this.by_id_.get(id);
    if (!command) return t('There is no such command here.');
    const refused = command.refused?.();
    if (refused === undefined) command.run();
    return refused;
  }

  /** It was chosen by name: next time it comes first. */
  chosen(id: string): void {
    this.recent_ = [id, ...this.recent_.filter((other) => other !== id)].slice(0, most_recent);
  }
  /** Those that were chosen last first, then the others by their titles. */
  listed(): Command[] {
    const recent = this.recent_.flatMap((id) => this.by_id_.get(id) ?? []);
    const others = this.all().filter((command) => !recent.includes(command));
    return [...recent, ...others.sort((a, b) => a.title.localeCompare(b.title))];
  }
}
