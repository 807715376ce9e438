// SPDX-License-Identifier: GPL-3.0-or-later
// Finding and replacing in all files of the workspace.
#pragma once

#include "client/core/search.hpp"
#include "client/desktop/panel.hpp"

class QLabel;
class QTreeView;

namespace berth::client {
class Workspace;
}

namespace berth::desktop {

class MessageBar;
class SearchFields;
class SearchRow;

class SearchPanel : public Panel {
  Q_OBJECT

 public:
  explicit SearchPanel(client::Workspace* workspace, QWidget* parent = nullptr);

  client::Search* search() { return search_; }
  SearchFields* fields() { return fields_; }
  QTreeView* results() { return view_; }
  /// "23 matches in 4 files"
  QString told() const;
  MessageBar* message() { return message_; }
  /// The keys go to the field; `pattern`: what is selected somewhere, "" for nothing.
  void open(const QString& pattern, bool with_replace);
  /// Below this folder only, until another one or the panel is opened anew.
  void openBelow(const QString& folder);
  /// The next (1) or previous (-1) line opens; around the ends.
  void step(int by);

 Q_SIGNALS:
  /// `line` and `column` from 1; `length` of the match in UTF-16 units. `keep`: the keys stay here.
  void openWanted(const QString& path, int line, int column, int length, bool keep);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void begin();
  void refresh();
  void refreshRights();
  void openIndex(const QModelIndex& index, bool keep);
  void replaceAt(const QModelIndex& index);
  void takeOut(const QModelIndex& index);
  void copy(const QModelIndex& index);
  void showMenu(const QPoint& place);
  void tellReplaced(quint64 matches, quint64 files, const QStringList& problems);
  void tellTakenBack(quint64 files, const QStringList& problems);
  bool mayReplace() const;

  client::Workspace* workspace_;
  client::Search* search_;
  SearchFields* fields_;
  QTreeView* view_;
  SearchRow* row_;
  QLabel* told_;
  QLabel* nothing_;
  MessageBar* message_;
  QToolButton* again_;
  QToolButton* stop_;
  bool collapsed_ = false;
};

}  // namespace berth::desktop
