// SPDX-License-Identifier: GPL-3.0-or-later
// Where the cursor stands: told by the editor's chunk, shown by the status bar without loading it.
import { Observable } from '../../model/observable';

class EditorStatus extends Observable {
  line = 1;
  column = 1;
  selected = 0;
  language = '';
  set(line: number, column: number, selected: number): void {
    if (line === this.line && column === this.column && selected === this.selected) return;
    this.line = line;
    this.column = column;
    this.selected = selected;
    this.changed();
  }
  set_language(language: string): void {
    if (language === this.language) return;
    this.language = language;
    this.changed();
  }
}

export const editor_status = new EditorStatus();
