// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong by the last runs, by file; choosing one opens its place.
#pragma once

#include "client/core/problems.hpp"
#include "client/desktop/panel.hpp"

class QLabel;
class QLineEdit;
class QTreeWidget;

namespace berth::desktop {

class ProblemsPanel : public Panel {
  Q_OBJECT

 public:
  explicit ProblemsPanel(client::Problems* problems, QWidget* parent = nullptr);
  QTreeWidget* tree() { return tree_; }
  QLineEdit* filter() { return filter_; }
  /// The next (1) or previous (-1) one opens; around the ends.
  void step(int by);

 Q_SIGNALS:
  void openWanted(const QString& path, int line, int column);

 private:
  void refresh();
  void open(const client::Problem& problem);
  void copyChosen();

  client::Problems* problems_;
  QTreeWidget* tree_;
  QLineEdit* filter_;
  QLabel* nothing_;
  qsizetype current_ = -1;  // of all
};

}  // namespace berth::desktop
