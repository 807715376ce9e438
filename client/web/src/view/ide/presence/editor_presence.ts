// SPDX-License-Identifier: GPL-3.0-or-later
// The others in the one text editor: carets and selections in their colours with their names, what the person does told to
// them, and scrolling with the one who is followed.
import type { Document } from '../../../model/document';
import type { WorkspaceSession } from '../../../model/workspace_session';
import type { Participant } from '../../../protocol/messages';
import { operation_of } from '../editor/content_change';
import { monaco } from '../editor/monaco';
import { NameFlag } from './name_flag';

const watched = new WeakSet<monaco.editor.ITextModel>(); // whichever editors show them

const not_typing = new Set(['Shift', 'Control', 'Alt', 'Meta', 'CapsLock', 'Tab']);

export class EditorPresence {
  private shown_: Document | undefined;
  private readonly place_ = () => this.place();
  private readonly marks_: monaco.editor.IEditorDecorationsCollection;
  private readonly flags_ = new Map<string, NameFlag>();
  private readonly end_: (() => void)[] = [];

  constructor(
    private readonly editor_: monaco.editor.IStandaloneCodeEditor,
    private readonly session_: WorkspaceSession,
    private readonly host_: HTMLElement,
  ) {
    const { presence } = session_;
    this.marks_ = editor_.createDecorationsCollection();
    for (const event of [editor_.onDidChangeCursorSelection(presence_moved), editor_.onDidScrollChange(presence_moved)])
      this.end_.push(() => event.dispose());
    function presence_moved() {
      presence.moved();
    }
    this.end_.push(presence.on_cursors((document) => document === this.shown_ && this.paint()));
    this.end_.push(presence.on_follow((who) => this.scroll_with(who)));
    const own = (event: Event) => {
      if (event instanceof KeyboardEvent && not_typing.has(event.key)) return;
      presence.stop_following();
    };
    for (const kind of ['keydown', 'pointerdown', 'wheel', 'touchmove'])
      host_.addEventListener(kind, own, { capture: true, passive: true });
  }

  /** The keys go to this editor: it tells where the person is. */
  use(): void {
    const { presence } = this.session_;
    presence.text_place = this.place_;
    presence.moved();
  }

  /** The editor shows this document now. */
  show(document?: Document): void {
    this.shown_ = document;
    const model = this.editor_.getModel();
    if (document && model && !watched.has(model)) {
      watched.add(model);
      this.watch(document, model);
    }
    this.paint();
    this.session_.presence.moved();
    const { following } = this.session_.presence;
    const who = following === undefined ? undefined : this.session_.presence.find(following);
    if (who) this.scroll_with(who);
  }

  dispose(): void {
    for (const end of this.end_) end();
    for (const flag of this.flags_.values()) flag.remove();
    const { presence } = this.session_;
    if (presence.text_place === this.place_) presence.text_place = () => ({ selections: [] });
  }

  /** Follows the text of a document, whoever changes it. */
  private watch(document: Document, model: monaco.editor.ITextModel): void {
    const { presence } = this.session_;
    const length_now = () => model.getValueLength(monaco.editor.EndOfLinePreference.LF);
    let length = length_now();
    model.onDidChangeContent(({ changes }) => {
      const operation = operation_of(changes, length);
      length = length_now();
      presence.text_changed(document, operation);
    });
    document.subscribe(() => presence.caught_up(document));
    presence.opened();
  }

  private place() {
    const model = this.editor_.getModel();
    const document = this.shown_;
    const looks_at_it = this.host_.isConnected && this.session_.tabs.active?.document === document;
    if (!model || !document || !looks_at_it) return { selections: [] };
    const at = (line: number, column: number) => model.getOffsetAt({ lineNumber: line, column });
    const first = this.editor_.getVisibleRanges()[0];
    return {
      document,
      selections: (this.editor_.getSelections() ?? []).map((selection) => ({
        anchor: at(selection.selectionStartLineNumber, selection.selectionStartColumn),
        head: at(selection.positionLineNumber, selection.positionColumn),
      })),
      top: first ? at(first.startLineNumber, 1) : undefined,
    };
  }

  private paint(): void {
    const model = this.editor_.getModel();
    const document = this.shown_;
    const people = model && document ? this.session_.presence.in(document) : [];
    const marks = model ? people.flatMap((who) => marks_of(model, who, this.session_.presence.label(who))) : [];
    this.marks_.set(marks);
    const left = new Set(this.flags_.keys());
    for (const who of people) {
      const head = who.selections[0]?.head;
      if (!model || head === undefined) continue;
      left.delete(who.session);
      let flag = this.flags_.get(who.session);
      if (!flag) this.flags_.set(who.session, (flag = new NameFlag(this.editor_, who.session)));
      flag.show(model.getPositionAt(head), this.session_.presence.label(who), who.colour);
    }
    for (const session of left) {
      this.flags_.get(session)?.remove();
      this.flags_.delete(session);
    }
    if (document) this.jump(document);
  }

  /** Where a jump leads, once its document and the person's place in it are here. */
  private jump(document: Document): void {
    const position = this.is_used() ? this.session_.follow.take_jump(document) : undefined;
    const model = this.editor_.getModel();
    if (position === undefined || !model) return;
    const place = model.getPositionAt(position);
    this.editor_.setPosition(place);
    this.editor_.revealPositionInCenter(place);
    this.editor_.focus();
  }

  /** The one of several editors that shows what the other one looks at. */
  private is_used(): boolean {
    return this.session_.presence.text_place === this.place_;
  }

  private scroll_with(who: Participant): void {
    if (!this.is_used()) return;
    const model = this.editor_.getModel();
    const document = this.shown_;
    if (!model || !document) return;
    const there = this.session_.presence.in(document).find(({ session }) => session === who.session);
    if (!there) return;
    if (there.top !== undefined)
      this.editor_.setScrollTop(this.editor_.getTopForLineNumber(model.getPositionAt(there.top).lineNumber));
    const head = there.selections[0]?.head;
    if (head !== undefined) this.editor_.revealPosition(model.getPositionAt(head));
  }
}

function marks_of(
  model: monaco.editor.ITextModel,
  who: Participant,
  label: string,
): monaco.editor.IModelDeltaDecoration[] {
  const person = `person-${who.colour}`;
  const stickiness = monaco.editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges;
  return who.selections.flatMap(({ anchor, head }) => {
    const caret = monaco.Range.fromPositions(model.getPositionAt(head));
    const marks: monaco.editor.IModelDeltaDecoration[] = [
      { range: caret, options: { stickiness, afterContentClassName: `remote-caret ${person}` } },
    ];
    if (anchor !== head) {
      const range = monaco.Range.fromPositions(
        model.getPositionAt(Math.min(anchor, head)),
        model.getPositionAt(Math.max(anchor, head)),
      );
      const hoverMessage = { value: label.replaceAll(/[\\`*_{}[\]()#+\-.!<>|]/g, '\\$&') };
      marks.push({
        range,
        options: { stickiness, className: `remote-selection ${person}`, hoverMessage },
      });
    }
    return marks;
  });
}
