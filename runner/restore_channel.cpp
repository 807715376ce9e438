// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/restore_channel.hpp"

#include "runner/workspace.hpp"

namespace berth::runner {

namespace {

constexpr std::uint64_t taken_at_once = 512u << 10;  // bytes

}  // namespace

RestoreChannel::RestoreChannel(Workspace& workspace, std::shared_ptr<ChannelOwner> owner,
                               std::uint32_t channel)
    : workspace_(workspace),
      owner_(owner),
      channel_(channel),
      idle_(workspace.io, boost::asio::steady_timer::time_point::max()) {}

bool RestoreChannel::on_data(std::uint64_t offset, std::string_view bytes) {
  if (ended_ || broken_ || !window_.on_data(offset, bytes.size())) return false;
  queue_.emplace_back(bytes);
  if (!std::exchange(running_, true))
    workspace_.tasks.spawn([](std::shared_ptr<RestoreChannel> self) -> net::Task<void> {
      co_await self->run();
    }(shared_from_this()));
  return true;
}

void RestoreChannel::on_end(std::uint64_t) {
  ended_ = true;
  close_if_over();
}

void RestoreChannel::close_if_over() {
  const auto owner = owner_.lock();
  if (owner && ended_ && !running_ && !gone_) owner->forget_channel(channel_);
}

net::Task<void> RestoreChannel::run() {
  while (!queue_.empty() && !broken_) {
    // Not all at once: room is given back, and other requests are served, in between.
    const auto pieces = std::make_shared<std::vector<std::string>>();
    std::uint64_t size = 0;
    for (; !queue_.empty() && size < taken_at_once; queue_.pop_front()) {
      size += queue_.front().size();
      pieces->push_back(std::move(queue_.front()));
    }
    const bool good =
        co_await net::offload(workspace_.sync.worker(), [&sync = workspace_.sync, reader = reader_, pieces] {
          for (const auto& piece : *pieces) reader->append(piece);
          auto next = reader->next();
          for (; next && *next; next = reader->next()) sync.restore_add(std::move(**next));
          return next.has_value();
        });
    const auto owner = owner_.lock();
    if (!good) {
      broken_ = true;
      if (owner && !gone_) owner->abort_channel(channel_);
    } else if (const auto limit = window_.on_consumed(size); owner && limit && !gone_) {
      owner->send_credit(channel_, *limit);
    }
  }
  running_ = false;
  idle_.cancel();
  close_if_over();
}

net::Task<void> RestoreChannel::drained() {
  const auto self = shared_from_this();
  boost::system::error_code ignored;
  while (running_)
    co_await idle_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
}

}  // namespace berth::runner
