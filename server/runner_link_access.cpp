// SPDX-License-Identifier: GPL-3.0-or-later
// RunnerAccess over control links: typed calls, and files as streams. Every link lives on the application's
// home executor; a call from another thread goes there and comes back.
#include <boost/asio/as_tuple.hpp>
#include <mutex>
#include <unordered_map>

#include "server/application.hpp"
#include "server/runner_link.hpp"

namespace berth::server {

namespace asio = boost::asio;
using namespace protocol;
using namespace std::chrono_literals;

namespace {

constexpr auto control_deadline = 10'000ms;
constexpr auto flush_deadline = 30'000ms;
constexpr auto file_deadline = 30'000ms;         // without progress
constexpr std::uint64_t read_window = 1u << 20;  // bytes on their way for one reader
constexpr auto quiet = asio::as_tuple(asio::use_awaitable);

/// Runs `work` (a callable returning Task<Result<…>>) on the links' executor and resumes on the caller's.
template <class Work>
auto at_home(asio::any_io_executor home, Work work) {
  return asio::co_spawn(home, std::move(work), asio::use_awaitable);
}

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

std::unexpected<Error> no_progress() {
  return failure(ErrorCode::timeout, "The workspace does not answer. Try again, or restart it.",
                 "no progress on a channel");
}

/// A channel of a link that is let go, from any thread, when its owner is destroyed.
struct HeldChannel {
  asio::any_io_executor home;
  std::shared_ptr<RunnerLink> link;
  std::uint32_t id = 0;
  std::shared_ptr<LinkChannel> channel;

  HeldChannel(asio::any_io_executor at, std::shared_ptr<RunnerLink> of)
      : home(std::move(at)), link(std::move(of)) {}
  HeldChannel(HeldChannel&&) = delete;
  ~HeldChannel() {
    asio::post(home, [link = std::move(link), id = id, channel = std::move(channel)] {
      if (!channel) return;
      const bool finished = channel->ended && channel->received.empty();
      if (!finished && !channel->error)
        link->post_frame({FrameKind::abort, false, id, channel->outgoing.sent()});
      link->forget_channel(id);
    });
  }
};

// ---- reading
// ---------------------------------------------------------------------------------------------------------

net::Task<Result<std::string>> next_piece(std::shared_ptr<HeldChannel> held) {
  auto& channel = *held->channel;
  const auto until = std::chrono::steady_clock::now() + file_deadline;
  while (channel.received.empty() && !channel.ended && !channel.error) {
    if (std::chrono::steady_clock::now() >= until) co_return no_progress();
    channel.changed.expires_at(until);
    co_await channel.changed.async_wait(quiet);
  }
  if (channel.received.empty() && channel.error) co_return std::unexpected(*channel.error);
  std::string piece;
  while (!channel.received.empty() && piece.size() + channel.received.front().size() <= byte_stream_piece) {
    piece.empty() ? piece.swap(channel.received.front())
                  : static_cast<void>(piece += channel.received.front());
    channel.received.pop_front();
  }
  if (const auto limit = channel.incoming.on_consumed(piece.size()); limit && !channel.ended)
    held->link->post_frame({FrameKind::credit, false, held->id, *limit});
  co_return piece;
}

class LinkSource : public ByteSource {
 public:
  explicit LinkSource(std::shared_ptr<HeldChannel> held) : held_(std::move(held)) {}
  net::Task<Result<std::string>> read() override {
    co_return co_await at_home(held_->home, [held = held_] { return next_piece(held); });
  }

 private:
  std::shared_ptr<HeldChannel> held_;
};

net::Task<Result<FileReading>> open_reading(std::shared_ptr<HeldChannel> held, FileRead::Params params) {
  auto opened = co_await ask<FileRead>(held->link, params, file_deadline, [held](const Json& result) {
    if (const auto opened = decode<FileRead::Result>(result, "file/read")) {
      held->id = opened->channel;
      held->channel = held->link->open_channel(opened->channel, read_window, 0);
    }
  });
  if (!opened) co_return std::unexpected(std::move(opened.error()));
  FileReading reading;
  reading.size = opened->size;
  reading.offset = std::min(params.offset.value_or(0), opened->size);
  reading.length = std::min(params.length.value_or(opened->size), opened->size - reading.offset);
  reading.etag = std::move(opened->etag);
  reading.bytes = std::make_unique<LinkSource>(std::move(held));
  co_return reading;
}

// ---- writing
// ---------------------------------------------------------------------------------------------------------

net::Task<Result<void>> send_piece(std::shared_ptr<HeldChannel> held, std::string piece) {
  auto& channel = *held->channel;
  std::string_view rest = piece;
  while (!rest.empty()) {
    const auto until = std::chrono::steady_clock::now() + file_deadline;
    while (channel.outgoing.available() == 0 && !channel.error) {
      if (std::chrono::steady_clock::now() >= until) co_return no_progress();
      channel.changed.expires_at(until);
      co_await channel.changed.async_wait(quiet);
    }
    if (channel.error) co_return std::unexpected(*channel.error);
    const auto size =
        std::min<std::uint64_t>({rest.size(), channel.outgoing.available(), max_binary_payload});
    const FrameHeader header{FrameKind::data, false, held->id, channel.outgoing.sent()};
    channel.outgoing.on_sent(size);
    if (auto sent = co_await held->link->send_frame(header, std::string(rest.substr(0, size))); !sent)
      co_return sent;
    rest.remove_prefix(size);
  }
  co_return Result<void>();
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
    if (const auto opened = decode<FileWrite::Result>(result, "file/write")) {
      held->id = opened->channel;
      held->channel = held->link->open_channel(opened->channel, 0, opened->limit);
    }
  });
  if (!opened) co_return std::unexpected(std::move(opened.error()));
  co_return std::unique_ptr<FileWriting>(std::make_unique<LinkWriting>(std::move(held)));
}

// ---- access
// ----------------------------------------------------------------------------------------------------------

class RunnerLinks : public RunnerAccess {
 public:
  explicit RunnerLinks(Application& application)
      : home_(application.home),
        server_key_(application.keys.connect.secret_key),
        tasks_(home_, [](std::exception_ptr) {}) {}

  void attach(const std::string& workspace, const RunnerAddress& address) override {
    replace(workspace, std::make_shared<RunnerLink>(home_, tasks_, workspace, address, server_key_));
  }
  void detach(const std::string& workspace) override { replace(workspace, nullptr); }

  net::Task<Result<ControlActivity::Result>> activity(std::string workspace) override {
    co_return co_await request<ControlActivity>(std::move(workspace), {}, control_deadline);
  }
  net::Task<Result<void>> notice(std::string workspace, SessionNotice::Params notice) override {
    auto told = co_await request<ControlNotice>(std::move(workspace), std::move(notice), control_deadline);
    if (!told) co_return std::unexpected(std::move(told.error()));
    co_return Result<void>();
  }
  net::Task<Result<ControlFlush::Result>> flush(std::string workspace) override {
    co_return co_await request<ControlFlush>(std::move(workspace), {}, flush_deadline);
  }
  net::Task<Result<FileList::Result>> list(std::string workspace, FileList::Params params) override {
    co_return co_await request<FileList>(std::move(workspace), std::move(params), file_deadline);
  }
  net::Task<Result<FileStat::Result>> stat(std::string workspace, std::string path) override {
    co_return co_await request<FileStat>(std::move(workspace), FileStat::Params{std::move(path)},
                                         file_deadline);
  }
  net::Task<Result<FileDelete::Result>> remove(std::string workspace, FileDelete::Params params) override {
    co_return co_await request<FileDelete>(std::move(workspace), std::move(params), file_deadline);
  }

  net::Task<Result<FileReading>> read(std::string workspace, std::string path, std::uint64_t offset,
                                      std::optional<std::uint64_t> length) override {
    const auto link = find(workspace);
    if (!link) co_return std::unexpected(link.error());
    FileRead::Params params{std::move(path), read_window, offset, length};
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
  net::Task<Result<typename Message::Result>> request(std::string workspace, typename Message::Params params,
                                                      std::chrono::milliseconds deadline) {
    const auto link = find(workspace);
    if (!link) co_return std::unexpected(link.error());
    co_return co_await at_home(home_, [link = *link, params = std::move(params), deadline]() mutable {
      return ask<Message>(link, std::move(params), deadline);
    });
  }

  Result<std::shared_ptr<RunnerLink>> find(const std::string& workspace) {
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
  net::TaskGroup tasks_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<RunnerLink>> links_;
};

}  // namespace

std::unique_ptr<RunnerAccess> make_runner_access(Application& application) {
  return std::make_unique<RunnerLinks>(application);
}

}  // namespace berth::server
