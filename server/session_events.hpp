// SPDX-License-Identifier: GPL-3.0-or-later
// Who must know at once that access has ended: splices and previews subscribe, accounts and workspaces
// announce.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace berth::server {

/// Thread-safe. Callbacks run on the announcing thread with the lock held: they must only post to their own
/// executor (and hold what they touch by weak_ptr) and must not call back in here.
class SessionEvents {
 public:
  /// What a connection stands on; it ends when any of them ends.
  struct Scope {
    std::string sign_in;    // Principal::sign_in
    std::string account;    // account id
    std::string workspace;  // workspace id
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
  /// Every sign-in of the account but `except` ("" for none).
  void end_account(const std::string& account, const std::string& reason, const std::string& except = {});
  void end_workspace(const std::string& workspace, const std::string& reason);
  /// The same where another server said so: the relay is not told.
  void end_workspace_here(const std::string& workspace, const std::string& reason);

  /// Told of every end_workspace(), on its thread, for servers elsewhere. Sign-ins and accounts need none:
  /// who ends them in the store tells (metadata_store.hpp). Once, before anything else.
  using Relay = std::function<void(const std::string& workspace, const std::string& reason)>;
  void set_relay(Relay relay) { relay_ = std::move(relay); }

  /// The sign-ins that somebody subscribed for.
  std::set<std::string> sign_ins();

 private:
  void remove(std::list<Entry>::iterator entry);

  std::mutex mutex_;
  std::list<Entry> entries_;
  Relay relay_;
};

}  // namespace berth::server
