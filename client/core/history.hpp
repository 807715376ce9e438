// SPDX-License-Identifier: GPL-3.0-or-later
// The versions of one workspace as a person goes through them: a timeline (of everything, or of one path),
// what a version changed, both texts of one file, and what can be done with a version.
#pragma once

#include <QObject>
#include <QString>
#include <optional>
#include <string>
#include <vector>

#include "client/core/reply.hpp"
#include "protocol/rest_history.hpp"

namespace berth::client {

class ServerConnection;

class History : public QObject {
  Q_OBJECT

 public:
  using Version = protocol::rest::Version;
  using Change = protocol::rest::VersionChange;
  using Restored = protocol::rest::RestoreVersion::Result;

  enum class State { loading, ready, failed };
  /// What the right side of a comparison is.
  enum class Against { before, now };
  struct Comparison {
    std::string left;
    std::string right;
  };
  /// Why two files can't be laid beside each other, and how many bytes each has, where that is known.
  struct Uncompared {
    enum class Why { too_large, not_text } why;
    std::optional<std::uint64_t> left, right;
  };

  static constexpr std::uint64_t largest_compared = 2'000'000;  // bytes of a file that is compared here

  /// `server` outlives this; `id` is the workspace's.
  History(ServerConnection* server, QString id, QObject* parent = nullptr);

  /// Only versions that changed this file or folder; "" is everything. Loads from the newest one on.
  void show(const QString& path);
  void load();
  void loadMore();
  /// Looks for newer versions; what shows stays until they are there, and what is chosen stays chosen.
  void look();
  void choose(const Version& version);
  void compare(const Change& file);
  void compareAgainst(Against against);

  /// Everything where `path` is "". What was there is stored first, so nothing is lost.
  void restore(const Version& version, const QString& path, QObject* context, Reply<Restored> done);
  /// Keeps what is there now for ever.
  void keepNow(const QString& name, QObject* context, Reply<Version> done);
  /// An empty name makes it one that thins out with time.
  void rename(const Version& version, const QString& name, QObject* context, Reply<Version> done);
  /// A new workspace that begins as this version.
  void fork(const Version& version, const QString& name, const QString& templateId, QObject* context,
            Reply<protocol::rest::Workspace> done);

  const QString& path() const { return path_; }
  State state() const { return state_; }
  const QString& problem() const { return problem_; }  // why `state` or `changesState` failed
  const std::vector<Version>& versions() const { return versions_; }
  bool hasMore() const { return more_.has_value(); }
  const std::optional<Version>& chosen() const { return chosen_; }
  State changesState() const { return changes_state_; }
  const std::vector<Change>& changes() const { return changes_; }
  bool isTruncated() const { return truncated_; }
  const std::optional<Change>& file() const { return file_; }
  Against against() const { return against_; }
  State comparisonState() const { return comparison_state_; }
  const QString& comparisonProblem() const { return comparison_problem_; }
  /// When ready there is this, or why not.
  const std::optional<Comparison>& comparison() const { return comparison_; }
  const std::optional<Uncompared>& uncompared() const { return uncompared_; }
  /// Something is under way that can't be begun twice.
  bool isBusy() const { return busy_; }

 Q_SIGNALS:
  void timelineChanged();
  /// Another version was chosen, its changes came, or it was named.
  void versionChanged();
  void comparisonChanged();
  void busyChanged();

 private:
  struct Text {
    std::string bytes = {};
    std::optional<std::uint64_t> size = {};
    bool too_large = false;  // and so not read
  };
  struct Sides {
    std::optional<Result<Text>> then, other;
  };
  using Side = std::optional<Result<Text>> Sides::*;

  QString pathOf(const Version& version, const char* rest = "") const;
  void loadPage();
  void leaveVersion();
  void tookChanges(Result<protocol::rest::ListVersionChanges::Result> answer);
  void fetchThen();
  void fetchOther();
  void fetch(const QString& path, Side side);
  void settle(Side side, Result<Text> text);
  void compared();
  template <class T>
  void call(QByteArray verb, const QString& path, QByteArray body, std::string_view route, int patience,
            QObject* context, Reply<T> done);
  template <class T>
  Reply<T> exclusively(QObject* context, Reply<T> done);

  ServerConnection* server_;
  QString id_;
  QString path_;
  std::vector<Version> versions_;
  State state_ = State::loading;
  QString problem_;
  std::optional<std::string> more_;
  std::optional<Version> chosen_;
  std::vector<Change> changes_;
  State changes_state_ = State::ready;
  bool truncated_ = false;
  std::string compared_with_;  // version id that the changes are told against
  std::optional<Change> file_;
  Against against_ = Against::before;
  Sides sides_;
  State comparison_state_ = State::ready;
  QString comparison_problem_;
  std::optional<Comparison> comparison_;
  std::optional<Uncompared> uncompared_;
  bool paging_ = false;
  bool busy_ = false;
  quint64 round_ = 0;     // answers of an earlier choice are dropped …
  quint64 timeline_ = 0;  // … and pages of an earlier timeline
};

}  // namespace berth::client
