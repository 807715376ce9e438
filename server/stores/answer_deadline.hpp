// SPDX-License-Identifier: GPL-3.0-or-later
// An end to waiting for a database that takes what it is sent and never answers: a machine that hangs keeps
// its connections alive, and libpq waits for an answer without end. One thread looks at all connections of
// the process and breaks those that have been asked for too long, so that whoever asked is told that the
// connection was lost.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>
#include <stop_token>
#include <thread>

namespace berth::server {

/// One connection, from its opening to just before its end. asks() on its own thread.
class WatchedConnection {
 public:
  /// `longest`: ms that an answer may take; 0: for ever.
  WatchedConnection(int socket, std::chrono::milliseconds longest);
  ~WatchedConnection();
  WatchedConnection(const WatchedConnection&) = delete;
  WatchedConnection& operator=(const WatchedConnection&) = delete;

  /// From now on.
  void allow(std::chrono::milliseconds longest) { longest_ = longest.count(); }
  /// All that is still said on it has this time, together.
  void end_within(std::chrono::milliseconds longest);

  /// While it lives, an answer is waited for.
  class Asking {
   public:
    explicit Asking(WatchedConnection* connection);
    ~Asking();
    Asking(const Asking&) = delete;
    Asking& operator=(const Asking&) = delete;

   private:
    WatchedConnection* const connection_;
  };

 private:
  friend class AnswerDeadline;
  const int socket_;
  std::atomic<std::int64_t> longest_;      // ms
  std::atomic<std::int64_t> asked_since_;  // ms of the steady clock; 0: nothing is asked
};

class AnswerDeadline {
 public:
  /// The process's; its thread begins with the first connection.
  static AnswerDeadline& shared();

 private:
  friend class WatchedConnection;
  void add(WatchedConnection& connection);
  void remove(WatchedConnection& connection);
  void run(const std::stop_token& stop);
  static void look_at(WatchedConnection& connection);

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::set<WatchedConnection*> watched_;
  std::jthread thread_;  // last: ends before the rest does
};

}  // namespace berth::server
