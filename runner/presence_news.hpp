// SPDX-License-Identifier: GPL-3.0-or-later
// Presence between the sessions: takes what they say of themselves, at most thirty times a second each, and
// tells those who listen, as fast as their connections take it. Runs on the runner's thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <string>

#include "runner/presence.hpp"

namespace berth::runner {

class Sessions;

class PresenceNews {
 public:
  /// Where the session's place is now: its document found, its positions brought to the newest version that
  /// was told, its terminal checked.
  using Find = std::function<Presence::Place(const std::string& session, protocol::PresenceSet::Params said)>;

  PresenceNews(boost::asio::io_context& io, Sessions& sessions, Find find)
      : sessions_(sessions), find_(std::move(find)), timer_(io) {}

  Presence& people() { return people_; }
  /// The session says where it is. What it says faster than thirty times a second replaces what waits.
  void set(const std::string& session, protocol::PresenceSet::Params said);
  /// It closed the document, and what it said of it before counts no more.
  void hide_document(const std::string& session, const std::string& document);
  void leave(const std::string& session);
  /// Something of people() changed: tells whoever may hear of it now, the others when they may.
  void tell();
  void stop();

 private:
  void take_waiting(Presence::TimePoint now);
  void wake_at(Presence::TimePoint due);

  Sessions& sessions_;
  Find find_;
  Presence people_;
  std::map<std::string, protocol::PresenceSet::Params> said_;  // and not looked at yet
  std::map<std::string, Presence::TimePoint> looked_;          // when, by session
  boost::asio::steady_timer timer_;
  std::optional<Presence::TimePoint> wakes_;
  bool stopped_ = false;
};

}  // namespace berth::runner
