// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/workspace_changes.hpp"

#include "client/core/file_tree.hpp"
#include "client/core/rest_answer.hpp"
#include "client/core/server_connection.hpp"
#include "client/core/workspace.hpp"

namespace berth::client {
namespace {

constexpr int pause = 2'000;             // ms between two comparisons
constexpr int versions_at_once = 200;    // a page
constexpr int most_pages = 50;           // back to the start
constexpr int change_patience = 45'000;  // ms
constexpr int most_seen = 20'000;        // paths that watches told, between two comparisons

}  // namespace

WorkspaceChanges::WorkspaceChanges(Workspace* workspace, QObject* parent)
    : QObject(parent), workspace_(workspace) {
  pause_.setSingleShot(true);
  connect(&pause_, &QTimer::timeout, this, [this] {
    if (std::exchange(wished_, false)) ask();
  });
  connect(workspace->storage(), &StorageState::changed, this, [this] {
    const auto& now = workspace_->storage()->now();
    if (now->progress != protocol::StorageProgress::stored || now->version.empty()) return;
    newest_ = QString::fromStdString(now->version);
    wish();
  });
  connect(workspace, &Workspace::factsChanged, this, [this] {
    if (!newest_.isEmpty() && workspace_->facts().started != started_) wish();
  });
  connect(workspace->connection(), &WorkspaceConnection::fileChanged, this, &WorkspaceChanges::watched);
}

WorkspaceChanges::Kind WorkspaceChanges::of(const QString& path) const {
  return kinds_.value(path, Kind::none);
}

WorkspaceChanges::Kind WorkspaceChanges::below(const QString& folder) const {
  const auto found = folders_.constFind(folder);
  if (found == folders_.cend()) return Kind::none;
  return found->other > 0 ? Kind::modified : Kind::added;
}

int WorkspaceChanges::countBelow(const QString& folder) const {
  const auto found = folders_.value(folder);
  return found.added + found.other;
}

void WorkspaceChanges::wish() {
  if (asking_ || pause_.isActive()) {
    wished_ = true;
    return;
  }
  ask();
}

void WorkspaceChanges::ask() {
  asking_ = true;
  const auto& started = workspace_->facts().started;
  if (start_ && started == started_) return compare();
  started_ = started;
  start_.reset();
  findStart({}, 0);
}

/// The newest version made before the start; for a workspace that never stopped, the first one of all.
void WorkspaceChanges::findStart(const QString& cursor, int pages) {
  auto path = QStringLiteral("/api/v1/workspaces/%1/versions?limit=%2")
                  .arg(in_url(workspace_->id()))
                  .arg(versions_at_once);
  if (!cursor.isEmpty()) path += QStringLiteral("&cursor=") + in_url(cursor);
  workspace_->server()->send(
      {"GET", path, {}, change_patience}, this, [this, pages](const Result<QByteArray>& bytes) {
        const auto answer =
            decoded_answer<protocol::rest::ListVersions::Result>(bytes, protocol::rest::ListVersions::path);
        if (!answer) return answered();  // no colours, until something is stored again
        for (const auto& version : answer->versions) {
          start_ = version;
          if (!started_ || version.created <= *started_) return compare();
        }
        if (answer->cursor && pages < most_pages)
          return findStart(QString::fromStdString(*answer->cursor), pages + 1);
        start_ ? compare() : answered();
      });
}

void WorkspaceChanges::compare() {
  const auto serial = serial_;
  if (start_->id == newest_.toStdString())
    return compared(protocol::rest::ListVersionChanges::Result{}, serial);
  const auto path = QStringLiteral("/api/v1/workspaces/%1/versions/%2/changes?against=%3&path=%4")
                        .arg(in_url(workspace_->id()), in_url(newest_),
                             in_url(QString::fromStdString(start_->id)), in_url(workspace_->tree()->root()));
  workspace_->server()->send({"GET", path, {}, change_patience}, this,
                             [this, serial](const Result<QByteArray>& bytes) {
                               compared(decoded_answer<protocol::rest::ListVersionChanges::Result>(
                                            bytes, protocol::rest::ListVersionChanges::path),
                                        serial);
                             });
}

void WorkspaceChanges::compared(Result<protocol::rest::ListVersionChanges::Result> answer, quint64 serial) {
  if (!answer) {
    if (answer.error().code == ErrorCode::not_found) start_.reset();  // it was thinned out
    return answered();
  }
  stored_.clear();
  for (const auto& change : answer->changes) {
    using protocol::rest::VersionChangeKind;
    const auto kind = change.kind == VersionChangeKind::added      ? Kind::added
                      : change.kind == VersionChangeKind::modified ? Kind::modified
                                                                   : Kind::deleted;
    stored_.insert(QString::fromStdString(change.path), kind);
  }
  truncated_ = answer->truncated;
  // What was seen before the comparison began is in it.
  seen_.removeIf([&](const auto& item) { return item.value().serial <= serial; });
  kinds_.clear();
  folders_.clear();
  const auto stored = stored_;
  for (auto item = stored.cbegin(); item != stored.cend(); ++item) set(item.key(), item.value());
  for (auto item = seen_.cbegin(); item != seen_.cend(); ++item) set(item.key(), item->kind);
  answered();
  Q_EMIT changed();
}

void WorkspaceChanges::answered() {
  asking_ = false;
  pause_.start(pause);
}

/// What a file is against the start, once this happened to it.
WorkspaceChanges::Kind WorkspaceChanges::after(Kind stored, const protocol::FileChange& change) {
  if (change.kind == protocol::ChangeKind::deleted) return stored == Kind::added ? Kind::none : Kind::deleted;
  if (stored == Kind::added) return Kind::added;
  if (change.kind == protocol::ChangeKind::created && stored == Kind::none) return Kind::added;
  return Kind::modified;
}

void WorkspaceChanges::watched(const protocol::FileChanged::Params& change) {
  if (!start_ || change.changes.empty()) return;
  const auto folder = QString::fromStdString(change.path);
  const auto& root = workspace_->tree()->root();
  if (folder != root && !folder.startsWith(root + QLatin1Char('/'))) return;
  for (const auto& item : change.changes) {
    // Folders are what lies in them, and a version tells that.
    if (item.entry && item.entry->type == protocol::EntryType::directory) continue;
    if (!is_entry_name(item.name) || seen_.size() >= most_seen) continue;
    const auto path = joined(folder, QString::fromStdString(item.name));
    const auto before = seen_.constFind(path);
    const auto known = before != seen_.cend() ? before->kind : stored_.value(path, Kind::none);
    const auto kind = after(known, item);
    seen_.insert(path, {kind, ++serial_});
    set(path, kind);
  }
  Q_EMIT changed();
}

void WorkspaceChanges::set(const QString& path, Kind kind) {
  const auto before = kinds_.value(path, Kind::none);
  if (before == kind) return;
  count(path, before, -1);
  count(path, kind, 1);
  if (kind == Kind::none) {
    kinds_.remove(path);
  } else {
    kinds_.insert(path, kind);
  }
}

void WorkspaceChanges::count(const QString& path, Kind kind, int by) {
  if (kind == Kind::none) return;
  for (auto end = path.lastIndexOf(QLatin1Char('/')); end > 0;
       end = path.lastIndexOf(QLatin1Char('/'), end - 1)) {
    const auto folder = path.left(end);
    auto& at = folders_[folder];
    (kind == Kind::added ? at.added : at.other) += by;
    if (at.added == 0 && at.other == 0) folders_.remove(folder);
  }
}

}  // namespace berth::client
