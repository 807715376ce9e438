// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong by the last runs, by file; choosing one opens its place.
#pragma once

#include <functional>

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
  struct Place {
    QString path;  // "" where no text is open
    int line = 0;  // from 1
    int column = 0;
  };
  /// Where the person is, and in which line a problem is by now. Without these they are gone through in
  /// order.
  void setPlaces(std::function<Place()> here, std::function<int(const client::Problem&)> lineNow);
  /// The next (1) or previous (-1) one from there on opens; around the ends.
  void step(int by);

 Q_SIGNALS:
  void openWanted(const QString& path, int line, int column);

 private:
  void refresh();
  void open(const client::Problem& problem);
  void copyChosen();
  int lineOf(const client::Problem& problem) const { return line_now_ ? line_now_(problem) : problem.line; }
  qsizetype beside(bool forward) const;

  client::Problems* problems_;
  QTreeWidget* tree_;
  QLineEdit* filter_;
  QLabel* nothing_;
  qsizetype current_ = -1;  // of all
  std::function<Place()> here_;
  std::function<int(const client::Problem&)> line_now_;
};

}  // namespace berth::desktop
