// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps one Monaco model and one document the same: the person's changes become operations, remote operations become edits.
// Undo is the document's own (UndoStack): Monaco would take back what others wrote. Whatever asks Monaco for an undo, a key,
// a menu or a command, ends in the model's `undo` and `redo`, and those are replaced here.
import type { Document } from '../../../model/document';
import { UndoStack, type Selection, type UndoStep } from '../../../model/undo_stack';
import { changed_ranges, TextOperation } from '../../../protocol/text_operation';
import { operation_of } from './content_change';
import { monaco, text_model } from './monaco';

export class DocumentBinding {
  readonly model: monaco.editor.ITextModel;
  /** As the person chose; else by the file's name. */
  language: string | undefined;
  private readonly undo_ = new UndoStack();
  private applying_ = false;
  private length_: number;
  private selected_: Selection[] = [];

  /** `select` shows these places of the model, where the editor shows it. */
  constructor(
    readonly document: Document,
    private readonly select_: (selections: monaco.Selection[]) => void,
  ) {
    this.model = text_model(document.text(), document.path);
    this.model.setEOL(monaco.editor.EndOfLineSequence.LF);
    this.length_ = this.length();
    this.model.onDidChangeContent(({ changes }) => {
      const length = this.length_;
      this.length_ = this.length();
      if (!this.applying_) this.typed(operation_of(changes, length));
    });
    this.model.undo = () => this.take_step('undo');
    this.model.redo = () => this.take_step('redo');
    document.editor = {
      remote: (operation) => {
        this.apply(operation);
        this.undo_.remote(operation);
      },
      own: (operation, inverse) => {
        const before = this.selected_;
        this.apply(operation);
        this.undo_.pause();
        this.undo_.typed(operation, inverse, before, Date.now());
        this.undo_.pause();
      },
    };
  }

  dispose(): void {
    this.document.editor = undefined;
    this.model.dispose();
  }

  /** The editor that shows the model has these selections now. */
  selected(selections: readonly monaco.Selection[]): void {
    const offset = (line: number, column: number) => this.model.getOffsetAt({ lineNumber: line, column });
    this.selected_ = selections.map((one) => ({
      anchor: offset(one.selectionStartLineNumber, one.selectionStartColumn),
      head: offset(one.positionLineNumber, one.positionColumn),
    }));
    this.undo_.selected(this.selected_);
  }
  /** While an input method composes, what it tries out is one step. */
  composing(begins: boolean): void {
    this.undo_.together(begins);
  }

  private length(): number {
    return this.model.getValueLength(monaco.editor.EndOfLinePreference.LF);
  }

  private typed(wanted: TextOperation): void {
    const edited = this.document.edit(wanted);
    if (edited?.operation.is_identity()) this.undo_.typed_over(wanted, Date.now());
    else if (edited) this.undo_.typed(edited.operation, edited.inverse, this.selected_, Date.now());
    // Not amid Monaco's own change.
    if (!edited || edited.correction) queueMicrotask(() => this.show_again());
  }

  /** The editor shows what the document has: half of a surrogate pair may be left in it. */
  private show_again(): void {
    if (this.model.isDisposed()) return;
    const shown = this.model.getValue(monaco.editor.EndOfLinePreference.LF);
    this.apply(TextOperation.difference(shown, this.document.text()));
  }

  private take_step(which: 'undo' | 'redo'): void {
    if (this.document.read_only) return;
    this.undo_[which]((step) => {
      const edited = this.document.edit(step.operation);
      if (!edited) return undefined;
      this.apply(edited.operation);
      this.show_step(step);
      return edited.inverse;
    });
  }

  private show_step({ operation, end }: UndoStep): void {
    const last = changed_ranges(operation).at(-1);
    const behind = operation.target_length() - (operation.base_length() - (last?.end ?? 0));
    const places = end.length > 0 ? end : [{ anchor: behind, head: behind }];
    const position = (offset: number) => this.model.getPositionAt(offset);
    this.select_(places.map(({ anchor, head }) => monaco.Selection.fromPositions(position(anchor), position(head))));
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
    if (edits.length === 0) return;
    this.applying_ = true;
    this.model.pushStackElement(); // Monaco must not join what the person types next with what they typed before
    this.model.applyEdits(edits);
    this.model.pushStackElement();
    this.applying_ = false;
  }
}
