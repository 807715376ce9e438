// SPDX-License-Identifier: GPL-3.0-or-later
// One place to go on the connect page: a picture, a name, a word about it, a button that goes there and,
// where it is one of a list, one that takes it off.
#pragma once

#include <QFrame>

class QIcon;
class QLabel;
class QPushButton;
class QToolButton;

namespace berth::desktop {

class PlaceRow : public QFrame {
  Q_OBJECT

 public:
  PlaceRow(const QIcon& icon, const QString& name, const QString& action, QWidget* parent = nullptr);

  /// What is said below the name; a problem stands out and may take many lines.
  void setWords(const QString& words, bool problem = false);
  void setAction(const QString& text, bool enabled = true);
  /// Adds the button that takes it off; `words` say what that does.
  void makeForgettable(const QString& words);
  QPushButton* button() { return open_; }
  QString words() const;

 Q_SIGNALS:
  void openWanted();
  void forgetWanted();

 private:
  QString name_;
  QLabel* words_;
  QPushButton* open_;
};

}  // namespace berth::desktop
