// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/search.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "client/core/request.hpp"

namespace berth::client {
namespace {

using protocol::SearchCancel;
using protocol::SearchReplace;
using protocol::SearchText;
using protocol::SearchUndoReplace;

constexpr int showing_pause = 100;                   // ms: a view lays out anew each time
constexpr std::size_t most_replaced_files = 10'000;  // as the runner takes them

QStringList lines_of(const std::vector<protocol::ReplaceProblem>& problems) {
  QStringList lines;
  for (const auto& problem : problems)
    lines.append(QString::fromStdString(problem.path) + QStringLiteral(": ") +
                 QString::fromStdString(problem.reason));
  return lines;
}

}  // namespace

Search::Search(WorkspaceConnection* connection, QObject* parent) : QObject(parent), connection_(connection) {
  pause_.setSingleShot(true);
  pause_.setInterval(showing_pause);
  connect(&pause_, &QTimer::timeout, this, &Search::show);
  connect(connection, &WorkspaceConnection::searchFound, this, &Search::take);
  connect(connection, &WorkspaceConnection::searchEnded, this, &Search::end);
  // The runner ends a search with its connection.
  connect(connection, &WorkspaceConnection::stateChanged, this, [this] {
    if (!connection_->online()) lose();
  });
}

void Search::begin(protocol::SearchQuery query, std::optional<std::string> replacement) {
  query_ = std::move(query);
  replacement_ = std::move(replacement);
  number_.reset();
  waiting_.clear();
  results_.clear();
  cut_ = false;
  problem_.clear();
  const auto asked = ++asked_;
  if (!connection_->online()) return endWith(tr("There is no connection to the workspace."));
  state_ = State::searching;
  Q_EMIT changed();
  request<SearchText>(connection_, {query_, replacement_, std::nullopt}, this,
                      [this, asked](Result<SearchText::Result> answer) {
                        if (asked != asked_) return;  // another one was begun
                        if (!answer) return endWith(QString::fromStdString(answer.error().message));
                        number_ = answer->search;
                        // It was stopped before its name was known.
                        if (state_ != State::searching)
                          request<SearchCancel>(connection_, {*number_}, this, nullptr);
                      });
}

void Search::endWith(const QString& problem) {
  show();
  state_ = State::ended;
  problem_ = problem;
  Q_EMIT changed();
}

void Search::again() {
  if (!query_.pattern.empty()) begin(query_, replacement_);
}

void Search::cancel() {
  if (state_ != State::searching) return;
  if (number_) request<SearchCancel>(connection_, {*number_}, this, nullptr);
  endWith(tr("The search was stopped."));
}

void Search::clear() {
  cancel();
  ++asked_;
  query_ = {};
  number_.reset();
  waiting_.clear();
  results_.clear();
  cut_ = false;
  problem_.clear();
  state_ = State::idle;
  Q_EMIT changed();
}

void Search::take(const protocol::SearchFound::Params& found) {
  if (state_ != State::searching || found.search != number_) return;
  std::ranges::copy(found.files, std::back_inserter(waiting_));
  if (!pause_.isActive()) show();
}

void Search::show() {
  if (waiting_.empty()) return;
  pause_.start();
  results_.add(std::exchange(waiting_, {}));
  Q_EMIT changed();
}

void Search::end(const protocol::SearchEnded::Params& ended) {
  if (state_ != State::searching || ended.search != number_) return;
  cut_ = ended.cut;
  endWith(QString::fromStdString(ended.problem.value_or("")));
}

void Search::lose() {
  if (state_ == State::searching)
    endWith(tr("The connection was lost before everything was looked through."));
}

void Search::replace(const QModelIndex& index, const std::string& replacement) {
  if (replacing_) return;
  auto files = results_.toReplace(index);
  if (files.empty()) return;
  const bool is_line = results_.lineOf(index) != nullptr;
  const auto line = is_line ? std::optional(files.front().only_lines->front()) : std::nullopt;
  std::vector<std::string> paths;
  if (files.size() > most_replaced_files) files.resize(most_replaced_files);
  for (const auto& file : files) paths.push_back(file.path);
  replacing_ = true;
  Q_EMIT changed();
  request<SearchReplace>(connection_, {query_, replacement, std::move(files)}, this,
                         [this, paths = std::move(paths), line](Result<SearchReplace::Result> answer) {
                           replacing_ = false;
                           if (!answer) {
                             Q_EMIT changed();
                             return Q_EMIT failed(QString::fromStdString(answer.error().message));
                           }
                           taken_back_by_ = answer->files > 0 ? answer->replacement : std::string();
                           std::set<std::string> left;
                           for (const auto& problem : answer->problems) left.insert(problem.path);
                           forgetReplaced(paths, left, line);
                           Q_EMIT changed();
                           Q_EMIT replaced(answer->matches, answer->files, lines_of(answer->problems));
                         });
}

/// What is done is not found any more; `left` still is.
void Search::forgetReplaced(const std::vector<std::string>& paths, const std::set<std::string>& left,
                            std::optional<quint64> line) {
  if (line) {
    const auto file = results_.indexOf(QString::fromStdString(paths.front()));
    if (!left.empty()) return;
    for (int row = 0; row < results_.rowCount(file); ++row)
      if (const auto at = results_.index(row, 0, file); results_.lineOf(at)->line == *line)
        return results_.takeOut(at);
    return;
  }
  if (paths.size() == 1 && left.empty()) return results_.takeOutFile(QString::fromStdString(paths.front()));
  QSet<QString> kept;
  for (int row = 0; row < results_.fileCount(); ++row)
    kept.insert(results_.fileOf(results_.index(row, 0))->path);
  for (const auto& path : paths)
    if (!left.contains(path)) kept.remove(QString::fromStdString(path));
  results_.keepOnly(kept);
}

void Search::takeBack() {
  if (!canTakeBack()) return;
  replacing_ = true;
  Q_EMIT changed();
  request<SearchUndoReplace>(connection_, {std::exchange(taken_back_by_, {})}, this,
                             [this](Result<SearchUndoReplace::Result> answer) {
                               replacing_ = false;
                               Q_EMIT changed();
                               if (!answer)
                                 return Q_EMIT failed(QString::fromStdString(answer.error().message));
                               Q_EMIT takenBack(answer->files, lines_of(answer->problems));
                               again();
                             });
}

}  // namespace berth::client
