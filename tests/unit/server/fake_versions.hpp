// SPDX-License-Identifier: GPL-3.0-or-later
// Versions in a test's hand: what is asked of them, and what they answer.
#pragma once

#include <algorithm>

#include "server/workspace_versions.hpp"
#include "workspaces_fixture.hpp"

namespace berth::server::testing {

class FakeVersions : public WorkspaceVersions {
 public:
  bool any = false;
  Result<std::vector<protocol::PathProblem>> begins = std::vector<protocol::PathProblem>();
  Result<void> stores = {};
  bool begin_waits = false;
  std::vector<std::string> calls;

  net::Task<Result<bool>> has_versions(std::string) override { co_return any; }
  net::Task<Result<std::vector<protocol::PathProblem>>> begin(WorkspaceOwner workspace,
                                                              BeforeHomeChanges) override {
    calls.push_back("begin " + workspace.owner);
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    while (begin_waits) {
      timer.expires_after(std::chrono::milliseconds(1));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    co_return begins;
  }
  void resume(WorkspaceOwner workspace) override { calls.push_back("resume " + workspace.owner); }
  net::Task<Result<void>> store_for_stop(std::string) override {
    calls.push_back("store");
    co_return stores;
  }
  void end(const std::string&) override { calls.push_back("end"); }
  net::Task<void> settled(std::string) override {
    calls.push_back("settled");
    co_return;
  }
  net::Task<Result<VersionRecord>> store_now(std::string, VersionRequest) override {
    co_return VersionRecord{};
  }
  net::Task<Result<RestoredVersion>> restore(std::string, std::string, std::string, std::string) override {
    co_return RestoredVersion{};
  }
  net::Task<Result<void>> remove(std::string) override {
    calls.push_back("remove");
    co_return Result<void>{};
  }
  int count(const std::string& call) const { return static_cast<int>(std::ranges::count(calls, call)); }
};

}  // namespace berth::server::testing
