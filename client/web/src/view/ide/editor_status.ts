// SPDX-License-Identifier: GPL-3.0-or-later
// Where the cursor stands and how the text is read: told by the editor that has the keys, shown by the status bar without
// loading the editor's chunk.
import { Observable } from '../../model/observable';

export interface Indentation {
  spaces: boolean;
  size: number;
}
/** What the status bar can ask of the editor that has the keys. */
export interface EditorControls {
  languages(): { id: string; name: string }[];
  /** Undefined: by the file's name. */
  choose_language(id: string | undefined): void;
  choose_indentation(indentation: Indentation): void;
  /** Puts the text in order where there is a formatter for it; resolves in any case. */
  format(): Promise<void>;
  /** What is selected in one line. */
  selected_text(): string;
}

class EditorStatus extends Observable {
  line = 1;
  column = 1;
  selected = 0;
  cursors = 1;
  language = '';
  indentation: Indentation | undefined;
  controls: EditorControls | undefined;

  set(line: number, column: number, selected: number, cursors: number): void {
    if (line === this.line && column === this.column && selected === this.selected && cursors === this.cursors) return;
    Object.assign(this, { line, column, selected, cursors });
    this.changed();
  }
  set_language(language: string): void {
    if (language === this.language) return;
    this.language = language;
    this.changed();
  }
  set_indentation(indentation: Indentation): void {
    const now = this.indentation;
    if (now?.spaces === indentation.spaces && now.size === indentation.size) return;
    this.indentation = indentation;
    this.changed();
  }
}

export const editor_status = new EditorStatus();
