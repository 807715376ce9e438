// SPDX-License-Identifier: GPL-3.0-or-later
// Who must know at once that access has ended: splices and previews subscribe, accounts and workspaces
// announce.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "protocol/message_parts.hpp"

namespace berth::server {

/// Thread-safe. Callbacks run on the announcing thread with the lock held: they must only post to their own
/// executor (and hold what they touch by weak_ptr) and must not call back in here.
class SessionEvents {
 public:
  /// What a connection stands on; it ends when any of them ends.
  struct Scope {
    std::string sign_in;       // Principal::sign_in: a sign-in or a token (standing.hpp)
    std::string account;       // account id
    std::string workspace;     // workspace id
    std::int64_t expires = 0;  // Unix ms: when the first ends by itself; 0: never
    std::string share = {};    // what of the workspace's openness it needs (port_share()); "" nothing
    std::optional<protocol::Role> role = {};  // the account's in the workspace, where that matters
  };
  using OnEnd = std::function<void(const std::string& reason)>;  // the reason is for the person

 private:
  struct Entry {
    Scope scope;
    OnEnd on_end;
  };

 public:
  /// After its destructor (or end()) has returned, the callback is not running and never runs again.
  class Subscription {
   public:
    Subscription() = default;
    Subscription(SessionEvents* events, std::list<Entry>::iterator entry) : events_(events), entry_(entry) {}
    Subscription(Subscription&& other) noexcept
        : events_(std::exchange(other.events_, nullptr)), entry_(other.entry_) {}
    Subscription& operator=(Subscription&& other) noexcept {
      if (this != &other) {
        end();
        events_ = std::exchange(other.events_, nullptr);
        entry_ = other.entry_;
      }
      return *this;
    }
    ~Subscription() { end(); }
    void end() {
      if (auto* events = std::exchange(events_, nullptr)) events->remove(entry_);
    }

   private:
    SessionEvents* events_ = nullptr;
    std::list<Entry>::iterator entry_{};
  };

  Subscription subscribe(Scope scope, OnEnd on_end);

  void end_sign_in(const std::string& sign_in, const std::string& reason);
  /// Every sign-in of the account but `except` ("" for none). Not its tokens: who removes those ends each.
  void end_account(const std::string& account, const std::string& reason, const std::string& except = {});
  void end_workspace(const std::string& workspace, const std::string& reason);
  /// The account's role in the workspace is another now, or gone.
  void end_member(const std::string& workspace, const std::string& account, const std::string& reason);
  /// What stands on this share; all of the workspace's where it is "". No workspace has an empty id: all
  /// then.
  void end_share(const std::string& workspace, const std::string& share, const std::string& reason);
  /// What has expired by now (Unix ms). Costs nothing while nothing has.
  void end_expired(std::int64_t now);
  /// The same where another server said so: the relay is not told.
  void end_workspace_here(const std::string& workspace, const std::string& reason);

  /// Told of every end_workspace(), on its thread, for servers elsewhere. Sign-ins, accounts, members and
  /// shares need none: who ends them in the store tells (metadata_store.hpp). Once, before anything else.
  using Relay = std::function<void(const std::string& workspace, const std::string& reason)>;
  void set_relay(Relay relay) { relay_ = std::move(relay); }

  /// Those that somebody subscribed for, each once; of the fields only account, workspace and role are set.
  std::vector<Scope> roles();
  /// The sign-ins that somebody subscribed for.
  std::set<std::string> sign_ins();

 private:
  void remove(std::list<Entry>::iterator entry);

  std::mutex mutex_;
  std::list<Entry> entries_;
  std::int64_t next_expiry_ = INT64_MAX;  // none is earlier
  Relay relay_;
};

}  // namespace berth::server
