// SPDX-License-Identifier: GPL-3.0-or-later
// What the server's unit tests share: running a coroutine to its end, a folder that goes away, a clock that
// is set by hand, and the fakes of a backend and of runners.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio.hpp>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>

#include "protocol/sync_messages.hpp"
#include "server/random_id.hpp"
#include "server/runner_access.hpp"
#include "server/workspace_backend.hpp"

namespace berth::server::testing {

class TemporaryFolder {
 public:
  TemporaryFolder() : path_(std::filesystem::temp_directory_path() / ("berth-test-" + random_id(12))) {
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Runs `task` on `io` until it has ended; rethrows what it threw.
template <class T>
T await(boost::asio::io_context& io, net::Task<T> task) {
  auto future = boost::asio::co_spawn(io, std::move(task), boost::asio::use_future);
  io.restart();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (future.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("the task did not end within 20 s");
    io.run_one_for(std::chrono::milliseconds(20));
    if (io.stopped()) io.restart();
  }
  return future.get();
}

/// Runs `io` until `condition` holds; false after 20 s.
template <class Condition>
bool run_until(boost::asio::io_context& io, Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    io.run_one_for(std::chrono::milliseconds(5));
    if (io.stopped()) io.restart();
  }
  return true;
}

struct HandClock {
  std::shared_ptr<std::atomic<std::int64_t>> now =
      std::make_shared<std::atomic<std::int64_t>>(1'800'000'000'000);
  std::int64_t operator()() const { return *now; }
  void advance(std::chrono::milliseconds by) { *now += by.count(); }
};

/// Closed: whoever passes waits until it is opened.
class Gate {
 public:
  void close() {
    const std::lock_guard lock(mutex_);
    open_ = false;
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
};

/// A place that can be slow (gates), never ready, or wrong. It notices when two calls for one workspace
/// overlap.
class GatedBackend : public WorkspaceBackend {
 public:
  Gate start_gate, stop_gate;
  std::atomic<bool> start_fails = false, stop_fails = false, forget_fails = false, start_throws = false,
                    homeless = false, empty_home = false;
  std::atomic<bool> sees_all = false, blind = false;  // seen() tells everything; or nothing, for now
  std::atomic<HomeKeeping> keeping = HomeKeeping::folder;
  std::atomic<int> polls = 0, looks = 0, claims = 0;
  std::atomic<bool> poll_fails = false, keeps = false;  // keeps: some are ready perhaps
  std::vector<std::string> ready;                       // ids that claim_ready() gives, the last first
  std::atomic<int> starts = 0, stops = 0, overlaps = 0;
  std::filesystem::path homes;
  std::set<std::string> started_empty;  // without a template's files

  void set(const std::string& workspace, BackendState state, std::string reason = {}) {
    const std::lock_guard lock(mutex_);
    states_[workspace] = {state, std::move(reason), address_of(workspace, state)};
  }
  BackendState state(const std::string& workspace) {
    const std::lock_guard lock(mutex_);
    return states_.contains(workspace) ? states_[workspace].state : BackendState::absent;
  }
  bool known(const std::string& workspace) {
    const std::lock_guard lock(mutex_);
    return states_.contains(workspace);
  }
  /// That the last start of it asked for.
  std::string image_of_start(const std::string& workspace) {
    const std::lock_guard lock(mutex_);
    return images_[workspace];
  }

  Result<RunnerAddress> start(const StartRequest& request) override {
    const Call call(*this, request.workspace);
    ++starts;
    empty_home = request.empty_home;
    {
      const std::lock_guard lock(mutex_);
      images_[request.workspace] = request.image;
    }
    using protocol::rest::StartPhase;
    for (const auto phase : {StartPhase::place, StartPhase::image, StartPhase::runner}) request.tell(phase);
    start_gate.pass();
    if (request.empty_home) {
      const std::lock_guard lock(mutex_);
      started_empty.insert(request.workspace);
    }
    if (start_throws) throw std::runtime_error("the fake backend threw");
    if (start_fails) return failure(ErrorCode::unavailable, "The runtime refused.", "exit status 1");
    set(request.workspace, BackendState::running);
    return *address_of(request.workspace, BackendState::running);
  }
  HomeKeeping home_keeping() const override { return keeping; }
  Result<std::optional<SeenWorkspaces>> seen() override {
    ++looks;
    if (!sees_all) return std::optional<SeenWorkspaces>();
    if (blind) return failure(ErrorCode::unavailable, "The watch hears nothing.");
    const std::lock_guard lock(mutex_);
    SeenWorkspaces all;
    for (const auto& [id, status] : states_)
      if (status.state != BackendState::absent) all[id] = status;
    return std::optional(std::move(all));
  }
  bool keeps_ready() const override { return keeps; }
  Result<std::optional<std::string>> claim_ready(const std::string&) override {
    ++claims;
    const std::lock_guard lock(mutex_);
    if (ready.empty()) return std::optional<std::string>();
    std::optional<std::string> id = ready.back();
    ready.pop_back();
    return id;
  }
  Result<BackendStatus> poll(const std::string& workspace) override {
    const Call call(*this, workspace);
    ++polls;
    if (poll_fails) return failure(ErrorCode::unavailable, "The place does not answer.");
    const std::lock_guard lock(mutex_);
    return states_.contains(workspace) ? states_[workspace] : BackendStatus{};
  }
  Result<void> stop(const std::string& workspace, int) override {
    const Call call(*this, workspace);
    ++stops;
    stop_gate.pass();
    if (stop_fails) return failure(ErrorCode::timeout, "It does not end.");
    set(workspace, BackendState::absent);
    return {};
  }
  Result<void> forget(const std::string& workspace) override {
    const Call call(*this, workspace);
    if (forget_fails) return failure(ErrorCode::internal, "The disk is broken.");
    const std::lock_guard lock(mutex_);
    states_.erase(workspace);
    return {};
  }
  Result<std::vector<std::string>> list() override {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> ids;
    for (const auto& [id, status] : states_) ids.push_back(id);
    return ids;
  }
  Result<std::optional<std::filesystem::path>> home(const std::string& workspace,
                                                    const std::string&) override {
    if (homeless) return std::optional<std::filesystem::path>{};
    std::filesystem::create_directories(homes / workspace / "project");
    return homes / workspace;
  }
  std::string describe() const override { return "fake"; }
  bool limits_enforced() const override { return true; }

 private:
  struct Call {
    Call(GatedBackend& owner, const std::string& id) : backend(owner), workspace(id) {
      const std::lock_guard lock(backend.mutex_);
      if (!backend.inside_.insert(workspace).second) ++backend.overlaps;
    }
    ~Call() {
      const std::lock_guard lock(backend.mutex_);
      backend.inside_.erase(workspace);
    }
    GatedBackend& backend;
    std::string workspace;
  };
  static std::optional<RunnerAddress> address_of(const std::string& workspace, BackendState state) {
    if (state != BackendState::running && state != BackendState::starting) return std::nullopt;
    return RunnerAddress{.unix_path = "/run/" + workspace, .host = {}, .port = 0, .runner_key = {}};
  }
  std::mutex mutex_;
  std::map<std::string, BackendStatus> states_;
  std::map<std::string, std::string> images_;  // of the last starts
  std::set<std::string> inside_;
};

class FakeRunners : public RunnerAccess {
 public:
  Result<protocol::ControlActivity::Result> activity_now = protocol::ControlActivity::Result{};
  Result<protocol::ControlFlush::Result> flush_now = protocol::ControlFlush::Result{};
  std::map<std::string, RunnerAddress> attached;
  std::vector<protocol::SessionNotice::Params> notices;
  std::vector<std::string> flushed;
  Result<void> import_now;
  std::vector<std::pair<std::string, protocol::Json>> imports;
  /// What was written through it, by path; a file only once it was committed.
  std::shared_ptr<std::map<std::string, std::string>> written =
      std::make_shared<std::map<std::string, std::string>>();
  Result<void> write_now;
  Result<void> list_now;
  std::map<std::string, std::string> holds;  // what can be read through it, by path

  void attach(const std::string& workspace, const RunnerAddress& address) override {
    attached[workspace] = address;
  }
  void detach(const std::string& workspace) override { attached.erase(workspace); }
  net::Task<Result<protocol::ControlActivity::Result>> activity(std::string) override {
    co_return activity_now;
  }
  net::Task<Result<void>> notice(std::string, protocol::SessionNotice::Params notice) override {
    notices.push_back(std::move(notice));
    co_return Result<void>{};
  }
  net::Task<Result<protocol::ControlFlush::Result>> flush(std::string workspace) override {
    flushed.push_back(std::move(workspace));
    co_return flush_now;
  }
  net::Task<Result<protocol::FileList::Result>> list(std::string, protocol::FileList::Params) override {
    if (!list_now) co_return std::unexpected(list_now.error());
    protocol::FileList::Result result{};
    result.entries.push_back({.name = "from-the-runner",
                              .type = protocol::EntryType::file,
                              .size = 0,
                              .modified = 0,
                              .mode = 0,
                              .target = {},
                              .target_type = {}});
    co_return result;
  }
  net::Task<Result<protocol::FileStat::Result>> stat(std::string, std::string) override { co_return gone(); }
  net::Task<Result<FileReading>> read(std::string, std::string path, std::uint64_t,
                                      std::optional<std::uint64_t>) override {
    const auto held = holds.find(path);
    if (held == holds.end()) co_return gone();
    FileReading reading{
        .size = held->second.size(), .offset = 0, .length = held->second.size(), .etag = "e", .bytes = {}};
    reading.bytes = std::make_unique<Held>(held->second);
    co_return reading;
  }
  net::Task<Result<std::unique_ptr<FileWriting>>> write(std::string,
                                                        protocol::FileWrite::Params params) override {
    if (!write_now) co_return std::unexpected(write_now.error());
    co_return std::make_unique<Writing>(written, params.path);
  }
  net::Task<Result<protocol::FileDelete::Result>> remove(std::string, protocol::FileDelete::Params) override {
    co_return gone();
  }
  net::Task<Result<protocol::Json>> request(std::string workspace, std::string_view method,
                                            protocol::Json params, std::chrono::milliseconds) override {
    if (method != protocol::ImportBegin::method) co_return gone();
    imports.emplace_back(std::move(workspace), std::move(params));
    if (!import_now) co_return std::unexpected(import_now.error());
    co_return protocol::Json::object();
  }
  net::Task<Result<std::unique_ptr<ByteSource>>> objects(std::string, std::vector<std::string>) override {
    co_return gone();
  }
  net::Task<Result<std::unique_ptr<ByteSink>>> restore_objects(std::string) override { co_return gone(); }
  net::Task<void> shutdown() override { co_return; }

 private:
  struct Held : ByteSource {
    explicit Held(std::string all) : bytes(std::move(all)) {}
    net::Task<Result<std::string>> read() override { co_return std::exchange(bytes, {}); }
    std::string bytes;
  };
  struct Writing : FileWriting {
    Writing(std::shared_ptr<std::map<std::string, std::string>> to, std::string name)
        : files(std::move(to)), path(std::move(name)) {}
    net::Task<Result<void>> write(std::string piece) override {
      bytes += piece;
      co_return Result<void>{};
    }
    net::Task<Result<protocol::FileCommit::Result>> commit() override {
      (*files)[path] = bytes;
      co_return protocol::FileCommit::Result{"etag"};
    }
    std::shared_ptr<std::map<std::string, std::string>> files;
    std::string path, bytes;
  };
  static std::unexpected<Error> gone() {
    return failure(ErrorCode::unavailable, "The fake runner has no files.");
  }
};

}  // namespace berth::server::testing
