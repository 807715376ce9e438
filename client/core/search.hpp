// SPDX-License-Identifier: GPL-3.0-or-later
// Finding and replacing in all files of a workspace: one search at a time, what it found, and what was
// replaced last, to take it back.
#pragma once

#include <QObject>
#include <QStringList>
#include <QTimer>
#include <optional>
#include <set>

#include "client/core/search_results.hpp"

namespace berth::client {

class WorkspaceConnection;

class Search : public QObject {
  Q_OBJECT

 public:
  enum class State { idle, searching, ended };

  explicit Search(WorkspaceConnection* connection, QObject* parent = nullptr);

  SearchResults* results() { return &results_; }
  State state() const { return state_; }
  /// There is more than was asked for.
  bool isCut() const { return cut_; }
  /// What was wrong, for the person; "" for nothing.
  QString problem() const { return problem_; }
  const protocol::SearchQuery& query() const { return query_; }

  /// Ends the one before; `replacement`: what would stand there is asked for, too.
  void begin(protocol::SearchQuery query, std::optional<std::string> replacement);
  /// Stops looking; what was found stays.
  void cancel();
  /// As before the first.
  void clear();
  /// The same again, after something changed.
  void again();

  bool isReplacing() const { return replacing_; }
  /// At `index` of the results, or everywhere; `replaced` follows.
  void replace(const QModelIndex& index, const std::string& replacement);
  bool canTakeBack() const { return !taken_back_by_.empty() && !replacing_; }
  /// The last replacement.
  void takeBack();

 Q_SIGNALS:
  /// State, counts or what is wrong.
  void changed();
  /// `problems`: a line each, "path: reason".
  void replaced(quint64 matches, quint64 files, const QStringList& problems);
  void takenBack(quint64 files, const QStringList& problems);
  /// A request could not be answered.
  void failed(const QString& problem);

 private:
  void take(const protocol::SearchFound::Params& found);
  void show();
  void forgetReplaced(const std::vector<std::string>& paths, const std::set<std::string>& left,
                      std::optional<quint64> line);
  void end(const protocol::SearchEnded::Params& ended);
  void lose();
  void endWith(const QString& problem);

  WorkspaceConnection* connection_;
  SearchResults results_;
  std::vector<protocol::SearchFile> waiting_;  // to be shown, all at once
  QTimer pause_;
  protocol::SearchQuery query_;
  std::optional<std::string> replacement_;
  State state_ = State::idle;
  std::optional<quint64> number_;  // as the runner knows it
  quint64 asked_ = 0;              // counts begin()
  bool cut_ = false, replacing_ = false;
  QString problem_;
  std::string taken_back_by_;  // the id of the last replacement
};

}  // namespace berth::client
