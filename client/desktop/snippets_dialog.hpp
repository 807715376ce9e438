// SPDX-License-Identifier: GPL-3.0-or-later
// Where a person writes snippets of their own: one text a language, in VS Code's form.
#pragma once

#include <QDialog>

class QComboBox;
class QLabel;

namespace berth::desktop {

class CodeEditor;

class SnippetsDialog : public QDialog {
  Q_OBJECT

 public:
  /// Begins with the language of this id.
  explicit SnippetsDialog(const QString& id, QWidget* parent = nullptr);
  CodeEditor* editor() { return editor_; }

 private:
  void begin(const QString& id);
  bool save();

  QComboBox* language_;
  CodeEditor* editor_;
  QLabel* told_;
  QString id_;
  QString shown_;  // the text as it was
};

}  // namespace berth::desktop
