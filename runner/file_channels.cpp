// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/file_channels.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "runner/workspace.hpp"

namespace berth::runner {
namespace {

constexpr std::size_t largest_piece = 64u << 10;

}  // namespace

Result<std::string> FileRangeSource::read(std::size_t limit) {
  std::string bytes(std::min<std::uint64_t>(limit, left_), '\0');
  for (;;) {
    const auto length = ::pread(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset_));
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return std::unexpected(net::error_of_errno(errno, "The file"));
    bytes.resize(static_cast<std::size_t>(length));
    offset_ += bytes.size();
    left_ -= bytes.size();
    return bytes;
  }
}

Result<std::string> SnapshotSource::read(std::size_t limit) {
  std::string bytes;
  const auto& pieces = text_.pieces();
  while (bytes.size() < limit && piece_ < pieces.size()) {
    const auto& piece = pieces[piece_]->utf8;
    const auto size = std::min(limit - bytes.size(), piece.size() - used_);
    bytes.append(piece, used_, size);
    used_ += size;
    if (used_ == piece.size()) ++piece_, used_ = 0;
  }
  return bytes;
}

// ---- reading
// -------------------------------------------------------------------------------------------------------

ReadChannel::ReadChannel(Workspace& workspace, std::shared_ptr<ChannelOwner> owner, std::uint32_t channel,
                         std::uint64_t credit, std::unique_ptr<ByteSource> source,
                         boost::asio::thread_pool* pool)
    : workspace_(workspace),
      owner_(owner),
      channel_(channel),
      window_(0, credit),
      source_(std::move(source)),
      pool_(pool ? *pool : workspace.pool) {}

void ReadChannel::on_credit(std::uint64_t limit) {
  window_.on_credit(limit);
  pump();
}

std::size_t ReadChannel::allowance() const {
  const auto owner = owner_.lock();
  if (!owner || gone_) return 0;
  return static_cast<std::size_t>(
      std::min<std::uint64_t>({owner->bulk_room(), window_.available(), largest_piece}));
}

void ReadChannel::pump() {
  if (running_ || allowance() == 0) return;
  running_ = true;
  workspace_.tasks.spawn(
      [](std::shared_ptr<ReadChannel> self) -> net::Task<void> { co_await self->run(); }(shared_from_this()));
}

net::Task<void> ReadChannel::run() {
  while (const auto limit = allowance()) {
    Result<std::string> bytes;
    if (source_->immediate())
      bytes = source_->read(limit);
    else
      bytes = co_await net::offload(pool_, [source = source_, limit] { return source->read(limit); });
    const auto owner = owner_.lock();
    if (!owner || gone_) break;
    if (!bytes) {
      owner->abort_channel(channel_);
      break;
    }
    if (bytes->empty()) {
      owner->end_channel(channel_, window_.sent());
      break;
    }
    const auto offset = window_.sent();
    window_.on_sent(bytes->size());
    owner->send_data(channel_, offset, *bytes);
  }
  running_ = false;
}

// ---- writing
// -------------------------------------------------------------------------------------------------------

WriteChannel::WriteChannel(Workspace& workspace, std::shared_ptr<ChannelOwner> owner, std::uint32_t channel,
                           std::string path, net::PendingWrite write)
    : workspace_(workspace),
      owner_(owner),
      channel_(channel),
      path_(std::move(path)),
      write_(std::make_shared<net::PendingWrite>(std::move(write))),
      idle_(workspace.io, boost::asio::steady_timer::time_point::max()) {}

bool WriteChannel::on_data(std::uint64_t offset, std::string_view bytes) {
  if (length_ || !window_.on_data(offset, bytes.size())) return false;
  queue_.emplace_back(bytes);
  if (!std::exchange(running_, true))
    workspace_.tasks.spawn([](std::shared_ptr<WriteChannel> self) -> net::Task<void> {
      co_await self->run();
    }(shared_from_this()));
  return true;
}

net::Task<void> WriteChannel::run() {
  while (!queue_.empty() && !problem_) {
    const auto bytes = std::make_shared<std::string>(std::move(queue_.front()));
    queue_.pop_front();
    auto done =
        co_await net::offload(workspace_.pool, [write = write_, bytes] { return write->append(*bytes); });
    if (!done) problem_ = done.error();
    const auto limit = window_.on_consumed(bytes->size());
    if (const auto owner = owner_.lock(); owner && limit && !gone_) owner->send_credit(channel_, *limit);
  }
  running_ = false;
  idle_.cancel();
}

net::Task<Result<std::string>> WriteChannel::commit(std::uint64_t size) {
  const auto self = shared_from_this();
  boost::system::error_code ignored;
  while (running_)
    co_await idle_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  if (problem_) co_return std::unexpected(*problem_);
  if (!length_)
    co_return failure(ErrorCode::invalid_argument, "file/commit: the end of the data has not come yet");
  if (*length_ != size || write_->size() != size)
    co_return failure(ErrorCode::invalid_argument, "file/commit.size: not the number of bytes that came");
  co_return co_await net::offload(workspace_.pool, [write = write_] { return write->commit(); });
}

}  // namespace berth::runner
