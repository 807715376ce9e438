// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps one Monaco model and one document the same: the person's changes become operations, remote operations become edits.
// Remote edits go through Monaco's undo stack: undoing past one takes it back for everyone, and positions stay right.
import type { Document } from '../../../model/document';
import { base_name } from '../../../model/paths';
import type { TextOperation } from '../../../protocol/text_operation';
import { operation_of } from './content_change';
import { language_of, monaco } from './monaco';

export class DocumentBinding {
  readonly model: monaco.editor.ITextModel;
  view_state: monaco.editor.ICodeEditorViewState | null = null;
  private applying_ = false;
  private length_: number;

  constructor(readonly document: Document) {
    this.model = monaco.editor.createModel(document.text(), language_of(base_name(document.path)));
    this.model.setEOL(monaco.editor.EndOfLineSequence.LF);
    this.length_ = this.model.getValueLength(monaco.editor.EndOfLinePreference.LF);
    this.model.onDidChangeContent((event) => {
      const length = this.length_;
      this.length_ = this.model.getValueLength(monaco.editor.EndOfLinePreference.LF);
      if (!this.applying_) document.edit(operation_of(event.changes, length));
    });
    document.on_remote = (operation) => this.apply(operation);
  }

  dispose(): void {
    this.document.on_remote = undefined;
    this.model.dispose();
  }

  private apply(operation: TextOperation): void {
    const edits: monaco.editor.IIdentifiedSingleEditOperation[] = [];
    let at = 0;
    let inserted = '';
    const push = (removed: number) => {
      const range = monaco.Range.fromPositions(this.model.getPositionAt(at), this.model.getPositionAt(at + removed));
      edits.push({ range, text: inserted, forceMoveMarkers: false });
      inserted = '';
      at += removed;
    };
    for (const run of operation.runs()) {
      if (typeof run === 'string') {
        inserted = run;
        continue;
      }
      if (run < 0) push(-run);
      else {
        if (inserted) push(0);
        at += run;
      }
    }
    if (inserted) push(0);
    this.applying_ = true;
    this.model.pushStackElement();
    this.model.pushEditOperations([], edits, () => null);
    this.model.pushStackElement();
    this.applying_ = false;
  }
}
