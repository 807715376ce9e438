// SPDX-License-Identifier: GPL-3.0-or-later
// RunnerAccess over control links: typed calls, and files as streams. Every link lives on the application's
// home executor; a call from another thread goes there and comes back.
#include <mutex>
#include <unordered_map>

#include "protocol/sync_messages.hpp"
#include "server/application.hpp"
#include "server/at_home.hpp"
#include "server/division.hpp"
#include "server/runner_link_channel.hpp"

namespace berth::server {

namespace asio = boost::asio;
using namespace protocol;
using namespace std::chrono_literals;

namespace {

constexpr auto flush_deadline = 30'000ms;
constexpr auto file_deadline = link_stream_deadline;
// Between chunks the runner compares large files with what is there and writes others; a dead link is noticed
// anyway.
constexpr auto restore_patience = std::chrono::minutes(10);

template <class Message>
net::Task<Result<typename Message::Result>> ask(std::shared_ptr<RunnerLink> link,
                                                typename Message::Params params,
                                                std::chrono::milliseconds deadline,
                                                RunnerLink::OnResult on_result = {}) {
  auto answer =
      co_await link->call(std::string(Message::method), encode(params), deadline, std::move(on_result));
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  auto result = decode<typename Message::Result>(*answer, std::string(Message::method));
  if (!result)
    co_return failure(ErrorCode::internal,
                      "The workspace's runner gave an answer that makes no sense. Restart the workspace.",
                      result.error().message);
  co_return result;
}

// ---- files
// ---------------------------------------------------------------------------------------------------------

net::Task<Result<FileReading>> open_reading(std::shared_ptr<HeldChannel> held, FileRead::Params params) {
  auto opened = co_await ask<FileRead>(held->link, params, file_deadline, [held](const Json& result) {
    if (const auto opened = decode<FileRead::Result>(result, "file/read"))
      held->open_for_reading(opened->channel);
  });
  if (!opened) co_return std::unexpected(std::move(opened.error()));
  FileReading reading;
  reading.size = opened->size;
  reading.offset = std::min(params.offset.value_or(0), opened->size);
  reading.length = std::min(params.length.value_or(opened->size), opened->size - reading.offset);
  reading.etag = std::move(opened->etag);
  reading.bytes = source_of(std::move(held));
  co_return reading;
}

net::Task<Result<FileCommit::Result>> commit_writing(std::shared_ptr<HeldChannel> held) {
  auto& channel = *held->channel;
  if (channel.error) co_return std::unexpected(*channel.error);
  const auto size = channel.outgoing.sent();
  held->link->post_frame({FrameKind::end, false, held->id, size});
  auto committed = co_await ask<FileCommit>(held->link, FileCommit::Params{held->id, size}, file_deadline);
  channel.ended = true;  // nothing is left to abort
  co_return committed;
}

class LinkWriting : public FileWriting {
 public:
  explicit LinkWriting(std::shared_ptr<HeldChannel> held) : held_(std::move(held)) {}
  net::Task<Result<void>> write(std::string piece) override {
    co_return co_await at_home(held_->home, [held = held_, piece = std::move(piece)]() mutable {
      return send_piece(held, std::move(piece));
    });
  }
  net::Task<Result<FileCommit::Result>> commit() override {
    co_return co_await at_home(held_->home, [held = held_] { return commit_writing(held); });
  }

 private:
  std::shared_ptr<HeldChannel> held_;
};

net::Task<Result<std::unique_ptr<FileWriting>>> open_writing(std::shared_ptr<HeldChannel> held,
                                                             FileWrite::Params params) {
  auto opened = co_await ask<FileWrite>(held->link, params, file_deadline, [held](const Json& result) {
    if (const auto opened = decode<FileWrite::Result>(result, "file/write"))
      held->open_for_writing(opened->channel, opened->limit);
  });
  if (!opened) co_return std::unexpected(std::move(opened.error()));
  co_return std::unique_ptr<FileWriting>(std::make_unique<LinkWriting>(std::move(held)));
}

// ---- objects
// ---------------------------------------------------------------------------------------------------------

net::Task<Result<std::unique_ptr<ByteSource>>> open_objects(std::shared_ptr<HeldChannel> held,
                                                            std::vector<std::string> ids) {
  SyncObjects::Params params{std::move(ids), link_read_window};
  auto opened =
      co_await ask<SyncObjects>(held->link, std::move(params), file_deadline, [held](const Json& result) {
        if (const auto answer = decode<SyncObjects::Result>(result, "sync/objects"))
          held->open_for_reading(answer->channel);
      });
  if (!opened) co_return std::unexpected(std::move(opened.error()));
  co_return source_of(std::move(held));
}

net::Task<Result<std::unique_ptr<ByteSink>>> open_restore_objects(std::shared_ptr<HeldChannel> held) {
  auto opened = co_await ask<RestoreObjects>(held->link, {}, file_deadline, [held](const Json& result) {
    if (const auto answer = decode<RestoreObjects::Result>(result, "restore/objects"))
      held->open_for_writing(answer->channel, answer->limit);
  });
  if (!opened) co_return std::unexpected(std::move(opened.error()));
  held->patience = restore_patience;
  co_return sink_of(std::move(held));
}

// ---- access
// ----------------------------------------------------------------------------------------------------------

class RunnerLinks : public RunnerAccess {
 public:
  explicit RunnerLinks(Application& application)
      : home_(application.home),
        server_key_(application.keys.connect.secret_key),
        leases_(application.division.get()),
        tasks_(home_, [](std::exception_ptr) {}) {}

  void attach(const std::string& workspace, const RunnerAddress& address) override {
    replace(workspace, std::make_shared<RunnerLink>(home_, tasks_, workspace, address, server_key_));
  }
  void detach(const std::string& workspace) override { replace(workspace, nullptr); }

  net::Task<Result<ControlActivity::Result>> activity(std::string workspace) override {
    co_return co_await ask_link<ControlActivity>(std::move(workspace), {}, control_deadline);
  }
  net::Task<Result<void>> notice(std::string workspace, SessionNotice::Params notice) override {
    auto told = co_await ask_link<ControlNotice>(std::move(workspace), std::move(notice), control_deadline);
    if (!told) co_return std::unexpected(std::move(told.error()));
    co_return Result<void>();
  }
  net::Task<Result<ControlFlush::Result>> flush(std::string workspace) override {
    co_return co_await ask_link<ControlFlush>(std::move(workspace), {}, flush_deadline);
  }
  net::Task<Result<FileList::Result>> list(std::string workspace, FileList::Params params) override {
    co_return co_await ask_link<FileList>(std::move(workspace), std::move(params), file_deadline);
  }
  net::Task<Result<FileStat::Result>> stat(std::string workspace, std::string path) override {
    co_return co_await ask_link<FileStat>(std::move(workspace), FileStat::Params{std::move(path)},
                                          file_deadline);
  }
  net::Task<Result<FileDelete::Result>> remove(std::string workspace, FileDelete::Params params) override {
    co_return co_await ask_link<FileDelete>(std::move(workspace), std::move(params), file_deadline);
  }

  net::Task<Result<FileReading>> read(std::string workspace, std::string path, std::uint64_t offset,
                                      std::optional<std::uint64_t> length) override {
    const auto link = find(workspace);
    if (!link) co_return std::unexpected(link.error());
    FileRead::Params params{std::move(path), link_read_window, offset, length};
    co_return co_await at_home(home_, [home = home_, link = *link, params = std::move(params)]() mutable {
      return open_reading(std::make_shared<HeldChannel>(home, link), std::move(params));
    });
  }

  net::Task<Result<std::unique_ptr<FileWriting>>> write(std::string workspace,
                                                        FileWrite::Params params) override {
    const auto link = find(workspace);
    if (!link) co_return std::unexpected(link.error());
    co_return co_await at_home(home_, [home = home_, link = *link, params = std::move(params)]() mutable {
      return open_writing(std::make_shared<HeldChannel>(home, link), std::move(params));
    });
  }

  net::Task<Result<Json>> request(std::string workspace, std::string_view method, Json params,
                                  std::chrono::milliseconds deadline) override {
    const auto link = find(workspace);
    if (!link) co_return std::unexpected(link.error());
    co_return co_await at_home(
        home_, [link = *link, method = std::string(method), params = std::move(params), deadline]() mutable {
          return link->call(std::move(method), std::move(params), deadline);
        });
  }
  net::Task<Result<std::unique_ptr<ByteSource>>> objects(std::string workspace,
                                                         std::vector<std::string> ids) override {
    const auto link = find(workspace);
    if (!link) co_return std::unexpected(link.error());
    co_return co_await at_home(home_, [home = home_, link = *link, ids = std::move(ids)]() mutable {
      return open_objects(std::make_shared<HeldChannel>(home, link), std::move(ids));
    });
  }
  net::Task<Result<std::unique_ptr<ByteSink>>> restore_objects(std::string workspace) override {
    const auto link = find(workspace);
    if (!link) co_return std::unexpected(link.error());
    co_return co_await at_home(home_, [home = home_, link = *link] {
      return open_restore_objects(std::make_shared<HeldChannel>(home, link));
    });
  }

  net::Task<void> shutdown() override {
    std::unordered_map<std::string, std::shared_ptr<RunnerLink>> links;
    {
      const std::lock_guard lock(mutex_);
      links.swap(links_);
    }
    co_await at_home(home_, [this, links = std::move(links)]() -> net::Task<void> {
      for (const auto& [workspace, link] : links) link->close();
      co_await tasks_.shutdown(2s);
    });
  }

 private:
  template <class Message>
  net::Task<Result<typename Message::Result>> ask_link(std::string workspace, typename Message::Params params,
                                                       std::chrono::milliseconds deadline) {
    const auto link = find(workspace);
    if (!link) co_return std::unexpected(link.error());
    co_return co_await at_home(home_, [link = *link, params = std::move(params), deadline]() mutable {
      return ask<Message>(link, std::move(params), deadline);
    });
  }

  Result<std::shared_ptr<RunnerLink>> find(const std::string& workspace) {
    if (leases_ != nullptr && !leases_->holds(workspace))
      return failure(ErrorCode::unavailable, "Another server looks after this workspace now.");
    const std::lock_guard lock(mutex_);
    if (const auto found = links_.find(workspace); found != links_.end()) return found->second;
    return failure(ErrorCode::unavailable, "The workspace does not run. Start it first.");
  }

  void replace(const std::string& workspace, std::shared_ptr<RunnerLink> link) {
    std::shared_ptr<RunnerLink> old;
    {
      const std::lock_guard lock(mutex_);
      old = std::exchange(links_[workspace], link);
      if (!link) links_.erase(workspace);
    }
    if (old) asio::post(home_, [old] { old->close(); });
  }

  const asio::any_io_executor home_;
  const SecretKey& server_key_;
  const WorkspaceLeases* const leases_;
  net::TaskGroup tasks_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<RunnerLink>> links_;
};

}  // namespace

std::unique_ptr<RunnerAccess> make_runner_access(Application& application) {
  return std::make_unique<RunnerLinks>(application);
}

}  // namespace berth::server
