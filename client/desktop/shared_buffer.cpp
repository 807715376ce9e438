// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/shared_buffer.hpp"

#include <utility>

#include "client/desktop/code_editor.hpp"

namespace berth::desktop {

SharedBuffer* SharedBuffer::of(client::Document* document) {
  if (auto* known = document->findChild<SharedBuffer*>(Qt::FindDirectChildrenOnly)) return known;
  return new SharedBuffer(document);
}

SharedBuffer::SharedBuffer(client::Document* document) : QObject(document), document_(document) {}

void SharedBuffer::add(CodeEditor* editor) {
  if (!editors_.isEmpty()) {
    flushTyped();
    if (document_->isLoaded()) editor->load(text());
    editor->shareHistory(*editors_.first());  // then: loading begins a history anew
  }
  editors_.append(editor);
  connect(editor, &CodeEditor::edited, this,
          [this, editor](const client::LocalEdit& edit) { edited(editor, edit); });
  connect(editor, &CodeEditor::outOfStep, document_, &client::Document::resync);
}

bool SharedBuffer::remove(CodeEditor* editor) {
  editor->flushEdits();
  if (editors_.size() == 1) return true;  // the document takes its text from it once more
  editors_.removeAll(editor);
  QObject::disconnect(editor, nullptr, this, nullptr);
  QObject::disconnect(editor, nullptr, document_, nullptr);
  return false;
}

void SharedBuffer::edited(CodeEditor* editor, const client::LocalEdit& edit) {
  if (editors_.size() > 1) {
    const auto operation = operation_of(edit);
    mirroring_ = true;
    for (auto* other : editors_)
      if (other != editor) other->mirror(operation);
    mirroring_ = false;
  }
  document_->typed(edit);
}

std::string SharedBuffer::text() const {
  return editors_.isEmpty() ? std::string() : editors_.first()->text();
}

void SharedBuffer::apply(const protocol::TextOperation& operation) {
  for (auto* editor : editors_) isFirst(editor) ? editor->apply(operation) : editor->mirror(operation);
}

void SharedBuffer::flushTyped() {
  for (auto* editor : editors_) editor->flushEdits();
}

}  // namespace berth::desktop
