// SPDX-License-Identifier: GPL-3.0-or-later
// What the editor itself can do, told by its chunk, so that the palette lists it without loading it.
import type { Command } from '../../model/commands';

class EditorActions {
  /** Set by the editor that has the keys. */
  source: (() => Command[]) | undefined;
  listed(): Command[] {
    return this.source?.() ?? [];
  }
}

export const editor_actions = new EditorActions();
