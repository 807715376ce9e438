// SPDX-License-Identifier: GPL-3.0-or-later
// What servers on one database tell each other at once, beside what they write there: somebody's access
// ended, settings changed, work is free.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <functional>
#include <memory>
#include <string>

#include "protocol/error.hpp"

namespace berth::server {

enum class AnnouncementKind {
  sign_in_ended,
  account_ended,  // all of its sign-ins but `except`
  workspace_ended,
  member_ended,  // the role of the account `except` in the workspace `subject`
  share_ended,   // what stands on `except` (port_share()) of the workspace `subject`
  settings_changed,
  leases_free,
  objects_removed,  // of the account `subject`: worth a collection
  objects_doubted,  // of the account `subject`: homes that have them store them again
};
BOOST_DESCRIBE_ENUM(AnnouncementKind, sign_in_ended, account_ended, workspace_ended, member_ended,
                    share_ended, settings_changed, leases_free, objects_removed, objects_doubted)

struct Announcement {
  AnnouncementKind kind{};
  std::string subject;  // id of what it is about
  std::string except;   // sign-in; of a workspace: account, share
  std::string reason;   // for the person
};
BOOST_DESCRIBE_STRUCT(Announcement, (), (kind, subject, except, reason))

/// Listens until it is destroyed. Its callbacks run on a thread of its own.
class AnnouncementListener {
 public:
  virtual ~AnnouncementListener() = default;
};

struct AnnouncementCallbacks {
  std::function<void(const Announcement&)> heard;  // of others; not what this store's own callers announced
  /// Something may have been announced that was not heard: what matters must be looked up.
  std::function<void()> missed;
};

class Announcements {
 public:
  virtual ~Announcements() = default;
  /// Blocks. An announcement that fails is not made; one that is made comes to all who listen.
  virtual Result<void> announce(const Announcement& announcement) = 0;
  /// Null where there are no others (SQLite).
  virtual std::unique_ptr<AnnouncementListener> listen(AnnouncementCallbacks callbacks) = 0;
};

}  // namespace berth::server
