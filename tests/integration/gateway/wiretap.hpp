// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody who got at the place where the server dials a runner: takes the runner's place, or stands in
// between and sees what passes.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "protocol/connect_token.hpp"
#include "wire.hpp"

namespace berth::test {

/// Takes connections at a Unix path, one after the other, until it goes away.
class UnixListener {
 public:
  UnixListener(const std::string& path, std::function<void(Wire)> serve);
  ~UnixListener();
  UnixListener(const UnixListener&) = delete;
  UnixListener& operator=(const UnixListener&) = delete;

 private:
  int listening_ = -1;
  std::thread thread_;
};

/// In the place of a workspace's runner: remembers the request, answers what it is told.
class Impostor {
 public:
  Impostor(const std::string& path, std::function<std::string(const std::string&)> answer);
  /// The last request; "" before the first.
  std::string request();

 private:
  std::function<std::string(const std::string&)> answer_;
  std::mutex mutex_;
  std::vector<std::string> requests_;
  UnixListener listener_;
};

/// Between the server and a workspace's runner: passes everything on, or keeps what comes to itself.
class Wiretap {
 public:
  enum class Mode { pass_on, keep };
  Wiretap(const std::string& path, Mode mode);
  /// Puts the runner's socket back.
  ~Wiretap();

  /// Where the runner still listens.
  const std::string& beyond() const { return beyond_; }
  /// The connect token of the newest request of this person that came by.
  std::optional<std::string> token_of(const std::string& user_name);

 private:
  void serve(Wire server);
  const std::string path_, beyond_;
  const Mode mode_;
  std::mutex mutex_;
  std::vector<std::string> tokens_;
  std::vector<std::jthread> relays_;
  std::optional<UnixListener> listener_;
};

/// What a connect token says, whether it is good or not.
protocol::ConnectClaims claims_of(const std::string& token);

}  // namespace berth::test
