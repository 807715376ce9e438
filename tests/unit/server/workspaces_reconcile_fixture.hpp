// SPDX-License-Identifier: GPL-3.0-or-later
// Workspaces over a backend that sees everything at once and whose homes are no folders, with leases that are
// the test's to give and to take, and a store that tells of every change.
#pragma once

#include "fake_versions.hpp"

namespace berth::server::testing {

/// The share of the work in the test's hand: all of it, or none any more.
class FakeLeases : public WorkspaceLeases {
 public:
  bool held = true, lost_once_taken = false;
  std::vector<std::string> taken, given_back, published, looked_after;
  std::map<std::string, bool> rows;  // workspaces that there are; true: another server has it
  std::map<std::string, OthersWorkspace> elsewhere;

  bool holds(const std::string&) const override { return held; }
  bool leads() const override { return held; }
  bool known_missing(const std::string&) const override { return false; }
  net::Task<Result<void>> take_new(std::string workspace) override {
    taken.push_back(std::move(workspace));
    if (lost_once_taken) held = false;
    co_return Result<void>{};
  }
  net::Task<void> give_back(std::string workspace) override {
    given_back.push_back(std::move(workspace));
    co_return;
  }
  net::Task<Result<std::map<std::string, bool>>> tended(std::vector<std::string> workspaces) override {
    std::map<std::string, bool> found;
    for (const auto& id : workspaces)
      if (const auto row = rows.find(id); row != rows.end()) found.insert(*row);
    co_return found;
  }
  net::Task<void> look_after(std::vector<std::string> workspaces) override {
    for (auto& id : workspaces) looked_after.push_back(std::move(id));
    co_return;
  }
  void publish(const std::string& workspace, const PublishedWorkspace& what) override {
    published.push_back(workspace + " " + what.address.unix_path +
                        (what.stops_at ? " until " + std::to_string(*what.stops_at) : ""));
  }
  net::Task<void> told(std::string) override { co_return; }
  net::Task<Result<OthersWorkspace>> others(std::string workspace) override {
    if (const auto found = elsewhere.find(workspace); found != elsewhere.end()) co_return found->second;
    co_return failure(ErrorCode::not_found, "There is no such workspace.");
  }
};

/// The real store; a test hears of looks into it, and may have a new workspace's answer lost.
class HeardStore : public WorkspaceStore {
 public:
  explicit HeardStore(WorkspaceStore& real) : real_(real) {}
  enum class Insert { answered, done_and_lost, lost } insert_is = Insert::answered;
  std::atomic<int> finds = 0;
  std::function<void()> on_find = [] {};

  Result<void> insert(const WorkspaceRecord& workspace, std::int64_t maximum) override {
    if (insert_is != Insert::lost)
      if (auto done = real_.insert(workspace, maximum); !done) return done;
    if (insert_is == Insert::answered) return {};
    return failure(ErrorCode::unavailable, "It may have been saved or not.");
  }
  Result<void> rename(const std::string& id, const std::string& name) override {
    return real_.rename(id, name);
  }
  Result<void> update_state(const WorkspaceRecord& workspace) override {
    return real_.update_state(workspace);
  }
  Result<void> touch(const std::string& id, std::int64_t last_used) override {
    return real_.touch(id, last_used);
  }
  Result<void> remove(const std::string& id) override { return real_.remove(id); }
  Result<std::vector<WorkspaceRecord>> list() override { return real_.list(); }
  Result<std::vector<WorkspaceRecord>> list_of(const std::string& account) override {
    return real_.list_of(account);
  }
  Result<std::vector<WorkspaceRecord>> visible(const WorkspaceListing& listing, std::size_t limit) override {
    return real_.visible(listing, limit);
  }
  Result<WorkspaceRecord> find(const std::string& id) override {
    on_find();
    ++finds;
    return real_.find(id);
  }
  Result<std::vector<WorkspaceRecord>> find_some(const std::vector<std::string>& ids) override {
    return real_.find_some(ids);
  }
  Result<void> begin_start(const WorkspaceRecord& workspace, std::int64_t maximum) override {
    return real_.begin_start(workspace, maximum);
  }

 private:
  WorkspaceStore& real_;
};

class WorkspacesReconcileTest : public WorkspacesFixture {
 protected:
  FakeVersions versions;
  FakeLeases leases;  // where a test names them in its options
  HeardStore heard{store->workspaces()};
  /// A new server process over the store that can be heard.
  void reopen_heard() {
    close();
    runners.attached.clear();
    workspaces = std::make_unique<Workspaces>(io.get_executor(), heard, backend, runners, events, settings,
                                              templates, pool, clock, options);
    ASSERT_TRUE(await(io, workspaces->adopt()));
  }
  void SetUp() override {
    options.versions = &versions;
    options.restarts = true;
    options.start_threads = 2;
    options.reconcile_interval = std::chrono::milliseconds(5);
    options.reconcile.patience = 60'000;
    backend.sees_all = true;
    backend.homeless = true;
    backend.keeps = true;
    backend.keeping = HomeKeeping::volume;
    WorkspacesFixture::SetUp();
  }
  /// Until it was looked at everything so often, and what was decided then has begun.
  void look_a_while(int looks = 8) {
    const auto until = backend.looks + looks;
    ASSERT_TRUE(run_until(io, [&] { return backend.looks >= until; }));
  }
  bool starts(int count) {
    return run_until(io, [&] { return backend.starts == count; });
  }
};

}  // namespace berth::server::testing
