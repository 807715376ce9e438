// SPDX-License-Identifier: GPL-3.0-or-later
// The text of one document in every editor that shows it: what is typed in one appears in the others, what
// comes from elsewhere in all of them, and the document hears of each change once.
#pragma once

#include <QList>
#include <QObject>
#include <string>

#include "client/core/document.hpp"

namespace berth::desktop {

class CodeEditor;

class SharedBuffer : public QObject, public client::DocumentBuffer {
  Q_OBJECT

 public:
  /// The document's, made at the first call.
  static SharedBuffer* of(client::Document* document);

  /// From now on it shows the document's text; that is loaded into it now where it is there already.
  void add(CodeEditor* editor);
  /// True when it was the last one. Before the editor goes.
  bool remove(CodeEditor* editor);
  const QList<CodeEditor*>& editors() const { return editors_; }
  /// The one that tells of changes on behalf of all.
  bool isFirst(const CodeEditor* editor) const { return editors_.isEmpty() || editors_.first() == editor; }
  /// What the editors report as others' change is the person's, made in another one of them.
  bool isMirroring() const { return mirroring_; }

  std::string text() const override;
  void apply(const protocol::TextOperation& operation) override;
  void flushTyped() override;

 private:
  explicit SharedBuffer(client::Document* document);
  void edited(CodeEditor* editor, const client::LocalEdit& edit);

  client::Document* document_;
  QList<CodeEditor*> editors_;
  bool mirroring_ = false;
};

}  // namespace berth::desktop
