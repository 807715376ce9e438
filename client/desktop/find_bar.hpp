// SPDX-License-Identifier: GPL-3.0-or-later
// Find and replace in one editor.
#pragma once

#include <QFrame>

#include "client/desktop/code_editor.hpp"

class QLabel;
class QLineEdit;
class QToolButton;

namespace berth::desktop {

class FindBar : public QFrame {
  Q_OBJECT

 public:
  explicit FindBar(CodeEditor* editor, QWidget* parent = nullptr);
  /// Shows it with the selected text as what to find.
  void open(bool withReplace);
  void findNext(bool forward);

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  CodeEditor::Search search() const;
  void typed();
  void refreshCount();
  void close();

  CodeEditor* editor_;
  QLineEdit* find_;
  QLineEdit* replace_;
  QWidget* replaceRow_;
  QToolButton* case_;
  QToolButton* words_;
  QToolButton* expression_;
  QLabel* count_;
};

}  // namespace berth::desktop
