// SPDX-License-Identifier: GPL-3.0-or-later
// A real server with real containers, and the words its history's tests speak in.
#pragma once

#include <gmock/gmock.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/integration/gateway/gateway_fixture.hpp"
#include "tests/integration/server/berthd_process.hpp"

namespace berth::server::testing {

class HistoryPlace : public ::testing::Test {
 protected:
  explicit HistoryPlace(std::vector<std::string> arguments = {});
  /// Workspaces outlive their server, so none may be left behind.
  void TearDown() override;

  Reply ask(const std::string& method, const std::string& target, const protocol::Json& body = nullptr);
  Reply raw(const std::string& method, const std::string& target, Fields fields = {},
            const std::string& body = {});
  /// The answer's JSON; a failure of the test unless its status is 200.
  protocol::Json good(const std::string& method, const std::string& target,
                      const protocol::Json& body = nullptr);

  std::string create(const std::string& template_id = "empty");
  void put(const std::string& workspace, const std::string& path, const std::string& bytes);
  std::string get(const std::string& workspace,
                  const std::string& path);  // "status 404" when it is not there
  /// Stores what is there now as a named version; its id.
  std::string keep(const std::string& workspace, const std::string& name);
  /// A file's text in a version.
  std::string old(const std::string& workspace, const std::string& version, const std::string& path);
  test::WebSocket connect(const std::string& workspace);
  /// Why the workspace's import failed, as a window that opens now is told; "" while it runs or went well.
  std::string import_problem(const std::string& workspace);
  /// Runs a command on this machine; its output. A failure of the test unless it succeeds.
  static std::string run(const std::string& command);
  static std::string text_of(const std::filesystem::path& file);
  static void write(const std::filesystem::path& file, const std::string& bytes);

  static std::string at(const std::string& workspace, const std::string& rest = {}) {
    return "/api/v1/workspaces/" + workspace + rest;
  }

  DataPlace place;
  std::unique_ptr<BerthdProcess> server;
  std::string token;
};

}  // namespace berth::server::testing
