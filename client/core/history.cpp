// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/history.hpp"

#include "client/core/rest_answer.hpp"
#include "client/core/server_connection.hpp"

namespace berth::client {
namespace {

namespace rest = protocol::rest;

constexpr int versions_a_page = 50;     // versions
constexpr int short_patience = 45'000;  // ms; for what the server only looks up
constexpr int long_patience = 600'000;  // ms; storing or restoring a large workspace sends nothing meanwhile

QString told(const Error& error) { return QString::fromStdString(error.message); }

}  // namespace

History::History(ServerConnection* server, QString id, QObject* parent)
    : QObject(parent), server_(server), id_(std::move(id)) {}

QString History::pathOf(const Version& version, const char* rest) const {
  return QStringLiteral("/api/v1/workspaces/%1/versions/%2%3")
      .arg(in_url(id_), in_url(QString::fromStdString(version.id)), QLatin1String(rest));
}

template <class T>
void History::call(QByteArray verb, const QString& path, QByteArray body, std::string_view route,
                   int patience, QObject* context, Reply<T> done) {
  server_->send(
      {std::move(verb), path, std::move(body), patience}, context,
      [route, done = std::move(done)](Result<QByteArray> answer) { done(decoded_answer<T>(answer, route)); });
}

template <class T>
Reply<T> History::exclusively(QObject* context, Reply<T> done) {
  busy_ = true;
  Q_EMIT busyChanged();
  return [this, reply = guarded<T>(context, std::move(done))](Result<T> answer) {
    busy_ = false;
    Q_EMIT busyChanged();
    reply(std::move(answer));
  };
}

void History::show(const QString& path) {
  path_ = path;
  against_ = Against::before;
  load();
}

void History::load() {
  ++round_;
  ++timeline_;
  state_ = State::loading;
  problem_.clear();
  versions_.clear();
  more_.reset();
  paging_ = false;
  leaveVersion();
  Q_EMIT timelineChanged();
  Q_EMIT versionChanged();
  Q_EMIT comparisonChanged();
  loadPage();
}

void History::loadMore() {
  if (more_) loadPage();
}

void History::look() {
  if (state_ != State::ready || versions_.empty()) return load();
  auto path = QStringLiteral("/api/v1/workspaces/%1/versions?limit=%2").arg(in_url(id_)).arg(versions_a_page);
  if (!path_.isEmpty()) path += QStringLiteral("&path=") + in_url(path_);
  call<rest::ListVersions::Result>("GET", path, {}, rest::ListVersions::path, short_patience, this,
                                   [this, timeline = timeline_](auto answer) {
                                     // The next look may be answered again.
                                     if (timeline != timeline_ || !answer || versions_.empty()) return;
                                     const auto known = std::ranges::find(answer->versions,
                                                                          versions_.front().id, &Version::id);
                                     if (known == answer->versions.end()) return load();
                                     if (known == answer->versions.begin()) return;
                                     const bool at_newest = !chosen_ || chosen_->id == versions_.front().id;
                                     versions_.insert(versions_.begin(), answer->versions.begin(), known);
                                     Q_EMIT timelineChanged();
                                     if (at_newest) choose(Version(versions_.front()));
                                   });
}

void History::loadPage() {
  if (std::exchange(paging_, true)) return;
  auto path = QStringLiteral("/api/v1/workspaces/%1/versions?limit=%2").arg(in_url(id_)).arg(versions_a_page);
  if (!path_.isEmpty()) path += QStringLiteral("&path=") + in_url(path_);
  if (more_) path += QStringLiteral("&cursor=") + in_url(QString::fromStdString(*more_));
  // Choosing a version meanwhile must not drop the page, another timeline must.
  call<rest::ListVersions::Result>("GET", path, {}, rest::ListVersions::path, short_patience, this,
                                   [this, timeline = timeline_, first = versions_.empty()](auto answer) {
                                     if (timeline != timeline_) return;
                                     paging_ = false;
                                     if (!answer) {
                                       problem_ = told(answer.error());
                                       if (state_ == State::loading) state_ = State::failed;
                                       return Q_EMIT timelineChanged();
                                     }
                                     problem_.clear();
                                     versions_.insert(versions_.end(), answer->versions.begin(),
                                                      answer->versions.end());
                                     more_ = answer->cursor;
                                     state_ = State::ready;
                                     Q_EMIT timelineChanged();
                                     if (first && !versions_.empty()) choose(versions_.front());
                                   });
}

void History::leaveVersion() {
  chosen_.reset();
  changes_.clear();
  changes_state_ = State::ready;
  truncated_ = false;
  file_.reset();
  comparison_.reset();
  uncompared_.reset();
  comparison_state_ = State::ready;
  comparison_problem_.clear();
}

void History::choose(const Version& version) {
  const auto round = ++round_;
  const auto copy = version;  // it may be the one that leaveVersion() forgets
  leaveVersion();
  chosen_ = copy;
  problem_.clear();
  changes_state_ = State::loading;
  Q_EMIT versionChanged();
  Q_EMIT comparisonChanged();
  auto path = pathOf(copy, "/changes");
  if (!path_.isEmpty()) path += QStringLiteral("?path=") + in_url(path_);
  call<rest::ListVersionChanges::Result>("GET", path, {}, rest::ListVersionChanges::path, short_patience,
                                         this, [this, round](auto answer) {
                                           if (round == round_) tookChanges(std::move(answer));
                                         });
}

void History::tookChanges(Result<rest::ListVersionChanges::Result> answer) {
  if (!answer) {
    changes_state_ = State::failed;
    problem_ = told(answer.error());
    return Q_EMIT versionChanged();
  }
  changes_ = std::move(answer->changes);
  truncated_ = answer->truncated;
  compared_with_ = answer->against;
  changes_state_ = State::ready;
  Q_EMIT versionChanged();
  if (!changes_.empty() && (!path_.isEmpty() || changes_.size() == 1)) compare(Change(changes_.front()));
}

void History::compare(const Change& file) {
  if (!chosen_) return;
  ++round_;
  file_ = Change(file);
  sides_ = {};
  comparison_.reset();
  uncompared_.reset();
  comparison_state_ = State::loading;
  comparison_problem_.clear();
  Q_EMIT comparisonChanged();
  fetchThen();
  fetchOther();
}

void History::compareAgainst(Against against) {
  against_ = against;
  file_ ? compare(Change(*file_)) : Q_EMIT comparisonChanged();
}

void History::fetchThen() {
  if (file_->kind == rest::VersionChangeKind::deleted) return settle(&Sides::then, Text{{}, 0});
  if (file_->size > largest_compared) return settle(&Sides::then, Text{{}, file_->size, true});
  fetch(pathOf(*chosen_, "/file"), &Sides::then);
}

void History::fetchOther() {
  if (against_ == Against::now)
    return fetch(QStringLiteral("/api/v1/workspaces/%1/file").arg(in_url(id_)), &Sides::other);
  if (file_->kind == rest::VersionChangeKind::added || compared_with_.empty())
    return settle(&Sides::other, Text{{}, 0});
  if (file_->size_before > largest_compared) return settle(&Sides::other, Text{{}, file_->size_before, true});
  Version before;
  before.id = compared_with_;
  fetch(pathOf(before, "/file"), &Sides::other);
}

void History::fetch(const QString& path, Side side) {
  const auto query = QStringLiteral("?path=") + in_url(QString::fromStdString(file_->path));
  // A file that is gone by now is an empty one.
  const bool may_lack = against_ == Against::now && side == &Sides::other;
  // What it has become by now is known only when it comes: no more is read than is compared.
  server_->send({"GET", path + query, {}, short_patience, static_cast<qint64>(largest_compared)}, this,
                [this, round = round_, side, may_lack](Result<QByteArray> answer) {
                  if (round != round_) return;
                  if (answer)
                    return settle(side,
                                  Text{answer->toStdString(), static_cast<std::uint64_t>(answer->size())});
                  const auto& error = answer.error();
                  if (may_lack && error.code == ErrorCode::not_found) return settle(side, Text{{}, 0});
                  if (error.code != ErrorCode::too_large) return settle(side, std::unexpected(error));
                  Text text{{}, {}, true};
                  if (const auto size = error.data.find("size"); size != error.data.end())
                    text.size = QString::fromStdString(size->second).toULongLong();
                  settle(side, std::move(text));
                });
}

void History::settle(Side side, Result<Text> text) {
  sides_.*side = std::move(text);
  if (sides_.then && sides_.other) compared();
}

void History::compared() {
  for (const auto* side : {&sides_.then, &sides_.other}) {
    if (side->value()) continue;
    comparison_state_ = State::failed;
    comparison_problem_ = told(side->value().error());
    return Q_EMIT comparisonChanged();
  }
  comparison_state_ = State::ready;
  auto left = std::move(**sides_.then);
  auto right = std::move(**sides_.other);
  if (against_ == Against::before) std::swap(left, right);
  const auto binary = [](const Text& text) { return text.bytes.find('\0') != std::string::npos; };
  if (left.too_large || right.too_large) {
    uncompared_ = {Uncompared::Why::too_large, left.size, right.size};
  } else if (binary(left) || binary(right)) {
    uncompared_ = {Uncompared::Why::not_text, left.size, right.size};
  } else {
    comparison_ = {std::move(left.bytes), std::move(right.bytes)};
  }
  sides_ = {};
  Q_EMIT comparisonChanged();
}

void History::restore(const Version& version, const QString& path, QObject* context, Reply<Restored> done) {
  rest::RestoreVersion::Body body;
  if (!path.isEmpty()) body.path = path.toStdString();
  auto reply = exclusively<Restored>(context, std::move(done));
  call<Restored>("POST", pathOf(version, "/restore"), encoded_body(body), rest::RestoreVersion::path,
                 long_patience, this, [this, reply](Result<Restored> answer) {
                   const bool restored = answer.has_value();
                   reply(std::move(answer));
                   if (restored) load();
                 });
}

void History::keepNow(const QString& name, QObject* context, Reply<Version> done) {
  auto reply = exclusively<Version>(context, std::move(done));
  call<Version>("POST", QStringLiteral("/api/v1/workspaces/%1/versions").arg(in_url(id_)),
                encoded_body(rest::CreateVersion::Body{name.toStdString()}), rest::CreateVersion::path,
                long_patience, this, [this, reply](Result<Version> answer) {
                  const bool kept = answer.has_value();
                  reply(std::move(answer));
                  if (kept) load();
                });
}

void History::rename(const Version& version, const QString& name, QObject* context, Reply<Version> done) {
  auto reply = exclusively<Version>(context, std::move(done));
  call<Version>("PATCH", pathOf(version), encoded_body(rest::UpdateVersion::Body{name.toStdString()}),
                rest::UpdateVersion::path, short_patience, this, [this, reply](Result<Version> answer) {
                  if (answer) {
                    for (auto& other : versions_)
                      if (other.id == answer->id) other = *answer;
                    if (chosen_ && chosen_->id == answer->id) chosen_ = *answer;
                    Q_EMIT timelineChanged();
                    Q_EMIT versionChanged();
                  }
                  reply(std::move(answer));
                });
}

void History::fork(const Version& version, const QString& name, const QString& templateId, QObject* context,
                   Reply<rest::Workspace> done) {
  rest::CreateWorkspace::Body body{name.toStdString(), templateId.toStdString()};
  body.from_workspace = id_.toStdString();
  body.from_version = version.id;
  server_->createWorkspace(body, this, exclusively<rest::Workspace>(context, std::move(done)));
}

}  // namespace berth::client
