// SPDX-License-Identifier: GPL-3.0-or-later
// Find and replace in one editor.
#pragma once

#include <QFrame>
#include <QTimer>

#include "client/desktop/code_editor.hpp"

class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace berth::desktop {

class FindBar : public QFrame {
  Q_OBJECT

 public:
  explicit FindBar(CodeEditor* editor, QWidget* parent = nullptr);
  /// Shows it with the selected text as what to find.
  void open(bool withReplace);
  void findNext(bool forward);
  /// "3 of 17", or what is wrong with the expression.
  QString told() const;

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  CodeEditor::Search search() const;
  QToolButton* addTool(QHBoxLayout* row, const QString& name, const QString& tip);
  QToolButton* addToggle(QHBoxLayout* row, const QString& name, const QString& text, const QString& tip,
                         const QKeySequence& key);
  QWidget* makeFindRow();
  QWidget* makeReplaceRow();
  void showReplace(bool shown);
  void typed();
  void recount();
  void remember();
  void stepHistory(int by);
  /// Return in a field; false where it means nothing.
  bool returned(const QObject* field, Qt::KeyboardModifiers modifiers);
  void close();

  CodeEditor* editor_;
  QToolButton* more_;
  QLineEdit* find_;
  QLineEdit* replace_;
  QWidget* replaceRow_;
  QToolButton* case_;
  QToolButton* words_;
  QToolButton* expression_;
  QToolButton* scope_;
  QToolButton* preserve_;
  QLabel* count_;
  QTimer due_;           // the text changed: hits are counted anew
  QStringList history_;  // what was looked for, the newest last
  qsizetype place_ = 0;  // in it
};

}  // namespace berth::desktop
