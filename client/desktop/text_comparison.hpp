// SPDX-License-Identifier: GPL-3.0-or-later
// A window with two texts side by side, for what the bars over a text speak of.
#pragma once

#include <QDialog>
#include <string>

namespace berth::desktop {

class DiffView;

class TextComparison : public QDialog {
  Q_OBJECT

 public:
  struct Side {
    QString name;
    std::string text;
  };
  /// Deletes itself when it is closed.
  TextComparison(const QString& title, Side left, Side right, const QString& fileName, QWidget* parent);
  DiffView* view() { return view_; }

 private:
  DiffView* view_;
};

}  // namespace berth::desktop
