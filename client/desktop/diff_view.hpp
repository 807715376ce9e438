// SPDX-License-Identifier: GPL-3.0-or-later
// Two texts side by side in panes that scroll together, or as one text with what was taken away above what
// came instead; and going from change to change.
#pragma once

#include <QWidget>
#include <string>
#include <vector>

#include "client/core/side_by_side.hpp"

class QLabel;
class QToolButton;

namespace berth::desktop {

class DiffPane;

class DiffView : public QWidget {
  Q_OBJECT

 public:
  explicit DiffView(QWidget* parent = nullptr);

  /// Compares on a thread of the pool and shows it at the first change.
  void show(std::string left, std::string right, const QString& fileName);
  void clear();
  void setNames(const QString& left, const QString& right);
  /// To the next change, or the one before; stays where there is none.
  void step(bool forward);
  /// Where the changes begin, of what shows.
  const std::vector<int>& changes() const { return isInline() ? inline_changes_ : changes_; }
  /// As one text: by the person's choice, which is kept for all comparisons, or where there is too little
  /// room.
  bool isInline() const;
  static void chooseInline(bool wanted);
  /// Chooses between the two; for the bar of whoever shows this.
  QToolButton* makeInlineButton();
  DiffPane* both() { return both_; }
  DiffPane* left() { return left_; }
  DiffPane* right() { return right_; }

 Q_SIGNALS:
  void compared();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void arrange();
  DiffPane* shown() const;
  void display(const client::SideBySide& texts, const QString& fileName);

  DiffPane* left_;
  DiffPane* right_;
  QLabel* left_name_;
  QLabel* right_name_;
  DiffPane* both_;
  std::vector<int> changes_;
  std::vector<int> inline_changes_;
  quint64 round_ = 0;  // an older comparison that ends later is dropped
};

}  // namespace berth::desktop
