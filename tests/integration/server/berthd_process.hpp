// SPDX-License-Identifier: GPL-3.0-or-later
// A real berthd on free ports with a data folder of its own, and a small client to speak with it.
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "protocol/codec.hpp"
#include "tests/integration/gateway/wire.hpp"

namespace berth::server::testing {

using test::fetch;
using test::Fields;
using test::Reply;
using test::Wire;

/// A folder that the server's user can reach; goes away with everything in it.
class DataPlace {
 public:
  DataPlace();
  ~DataPlace();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class BerthdProcess {
 public:
  /// Starts it and waits for its "listening on" line. `arguments` are added to the usual ones.
  explicit BerthdProcess(const DataPlace& place, std::vector<std::string> arguments = {});
  ~BerthdProcess();
  std::uint16_t port() const { return port_; }
  std::uint16_t preview_port() const { return preview_port_; }
  std::string origin() const { return "http://" + host(); }
  std::string host() const { return "localhost:" + std::to_string(port_); }
  /// "" when none was printed.
  const std::string& setup_token() const { return setup_token_; }
  pid_t pid() const { return pid_; }
  /// What it wrote to standard error so far.
  std::string log() const;
  /// From exec to its "listening on" line.
  std::chrono::milliseconds start_time() const { return start_time_; }
  /// SIGTERM; the exit status, or -1 when it did not end by itself within 20 s.
  int terminate();
  /// SIGKILL, as a crash does.
  void crash();

 private:
  std::filesystem::path log_;
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
  std::uint16_t preview_port_ = 0;
  std::string setup_token_;
  std::chrono::milliseconds start_time_{0};
};

/// Runs berthd to its end; its exit status (-1: not within the limit) and what it wrote.
struct Ended {
  int status = -1;
  std::string output;
};
Ended run_berthd(const std::vector<std::string>& arguments,
                 std::chrono::seconds limit = std::chrono::seconds(20));

protocol::Json json_of(const Reply& reply);

/// A native client: JSON in and out, with a bearer token when there is one.
Reply call(const BerthdProcess& server, const std::string& method, const std::string& target,
           const std::string& token = {}, const protocol::Json& body = nullptr);

/// Registers and returns the whole answer: access_token, refresh_token, account.
protocol::Json register_account(const BerthdProcess& server, const std::string& email);
inline constexpr const char* test_password = "correct horse battery";

}  // namespace berth::server::testing
