// SPDX-License-Identifier: GPL-3.0-or-later
// A person's name at their caret: a content widget of the editor that fades when the caret has rested for a while.
import type { monaco } from '../editor/monaco';

const shown_for = 2500; // ms

export class NameFlag implements monaco.editor.IContentWidget {
  readonly suppressMouseDown = false;
  private readonly node_ = document.createElement('div');
  private position_: monaco.IPosition | undefined;
  private timer_: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly editor_: monaco.editor.IStandaloneCodeEditor,
    private readonly session_: string,
  ) {
    // The list of people says the same to whoever can't see it.
    this.node_.setAttribute('aria-hidden', 'true');
    editor_.addContentWidget(this);
  }

  show(position: monaco.IPosition, name: string, colour: number): void {
    const before = this.position_;
    const moved = before?.lineNumber !== position.lineNumber || before.column !== position.column;
    this.position_ = position;
    this.node_.textContent = name;
    const person = `remote-name person-${colour}`;
    if (moved) {
      this.node_.className = person;
      clearTimeout(this.timer_);
      this.timer_ = setTimeout(() => this.node_.classList.add('rested'), shown_for);
      this.editor_.layoutContentWidget(this);
    } else {
      this.node_.className = this.node_.classList.contains('rested') ? `${person} rested` : person;
    }
  }

  remove(): void {
    clearTimeout(this.timer_);
    this.editor_.removeContentWidget(this);
  }

  getId(): string {
    return `presence.${this.session_}`;
  }
  getDomNode(): HTMLElement {
    return this.node_;
  }
  getPosition(): monaco.editor.IContentWidgetPosition | null {
    // 1: above the line; 2: below it, where there is no room above.
    return this.position_ ? { position: this.position_, preference: [1, 2] } : null;
  }
}
