// SPDX-License-Identifier: GPL-3.0-or-later
// Before several lines are pasted into a program that would run each of them: shows what, and asks.
#pragma once

#include <QDialog>

class QCheckBox;

namespace berth::desktop {

class PasteQuestion : public QDialog {
  Q_OBJECT

 public:
  enum class Answer { cancel, paste, one_line };
  /// `runs`: each line would be run as if typed.
  PasteQuestion(const QString& text, bool runs, QWidget* parent);
  Answer answer() const { return answer_; }

  /// What the person chose: false once they do not want to be asked again.
  static bool isWanted();
  static void setWanted(bool wanted);

 private:
  void decide(Answer answer);

  Answer answer_ = Answer::cancel;
  QCheckBox* never_;
};

/// All on one line: ends of lines, and the blanks around them, become a blank.
QString one_line(const QString& text);

}  // namespace berth::desktop
