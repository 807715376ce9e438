// SPDX-License-Identifier: GPL-3.0-or-later
// A real berth-runner for tests: own home, own state, own keys, listening on a Unix socket that outlives it.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "protocol/connect_token.hpp"
#include "protocol/net/file_descriptor.hpp"
#include "protocol/runner_start.hpp"

namespace berth::test {

/// Where a runner is dialled, and what signs connect tokens for it. Or a server, which lets in whoever has
/// signed in there.
struct RunnerPlace {
  std::string place;  // a Unix socket's path, or "127.0.0.1:PORT"
  std::function<std::string(protocol::Role)> token;
  std::string target = "/connect";
  std::string scheme = "Berth";  // of the Authorization that brings the token
};

struct RunnerOptions {
  std::uint32_t runner_uid = 0;  // both 0: the test's own uid
  std::uint32_t person_uid = 0;
  bool as_pid_1 = false;                             // in a PID namespace of its own
  bool tcp = false;                                  // listens on a loopback port of its own instead
  std::optional<int> inotify_watches = {};           // all that the kernel gives to it
  std::optional<std::uint32_t> resumable = {};       // ms that a dropped session is kept
  std::optional<std::uint32_t> longest_import = {};  // ms
  std::string shell = "/bin/bash";
};

class RunnerProcess {
 public:
  explicit RunnerProcess(RunnerOptions options = {});
  ~RunnerProcess();

  /// SIGKILL, as a crash does; the socket and the files stay.
  void crash();
  void start();
  /// SIGTERM; the exit status.
  int stop();
  /// The next start ends where it passes this (runner/fault_points.hpp), and only that one.
  void die_at(std::string fault_point) { fault_point_ = std::move(fault_point); }
  /// No file of the runner's can grow beyond this: writing fails there, as on a full disk.
  void limit_file_size(rlim_t bytes) const;
  /// Waits until it has died of itself; its exit status.
  int wait_for_death();

  std::string token(protocol::Role role, const std::string& capability = "session",
                    std::int64_t life = 30) const;
  protocol::ConnectClaims claims(protocol::Role role, const std::string& capability, std::int64_t life) const;
  const std::filesystem::path& home() const { return home_; }
  /// A Unix socket's path, or address and port.
  const std::string& socket_path() const { return socket_path_; }
  operator RunnerPlace() const {
    return {socket_path_, [this](protocol::Role role) { return token(role); }};
  }
  pid_t pid() const { return pid_; }
  const std::string& workspace() const { return workspace_; }
  const protocol::KeyPair& server_keys() const { return server_keys_; }
  const protocol::KeyPair& runner_keys() const { return runner_keys_; }

  void write_file(const std::string& name, const std::string& bytes) const;
  std::string read_file(const std::string& name) const;

 private:
  void listen();
  [[noreturn]] void become_runner(int config) const;

  RunnerOptions options_;
  std::filesystem::path folder_, home_;
  std::string socket_path_, workspace_ = "abcdefgh23";
  protocol::KeyPair server_keys_ = protocol::generate_key_pair(),
                    runner_keys_ = protocol::generate_key_pair();
  net::FileDescriptor listening_;
  std::string fault_point_;
  pid_t pid_ = -1;
};

}  // namespace berth::test
