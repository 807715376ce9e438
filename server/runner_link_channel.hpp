// SPDX-License-Identifier: GPL-3.0-or-later
// Streams of bytes over a runner's control link: the near end of a channel, as a source and as a sink, with
// credits in both directions. Its owner may live on any thread; the channel lives on the link's executor.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "server/byte_stream.hpp"
#include "server/runner_link.hpp"

namespace berth::server {

inline constexpr std::chrono::milliseconds link_stream_deadline{30'000};  // without progress
inline constexpr std::uint64_t link_read_window = 1u << 20;               // bytes on their way for one reader

/// A channel of a link that is let go, from any thread, when its owner is destroyed.
struct HeldChannel {
  boost::asio::any_io_executor home;
  std::shared_ptr<RunnerLink> link;
  std::uint32_t id = 0;
  std::shared_ptr<LinkChannel> channel;
  std::chrono::milliseconds patience = link_stream_deadline;  // with a runner that takes nothing

  HeldChannel(boost::asio::any_io_executor at, std::shared_ptr<RunnerLink> of)
      : home(std::move(at)), link(std::move(of)) {}
  HeldChannel(HeldChannel&&) = delete;
  ~HeldChannel();

  /// Call these on the link's executor, in the moment in which the runner's answer names the channel.
  void open_for_reading(std::uint32_t channel_id);
  void open_for_writing(std::uint32_t channel_id, std::uint64_t limit);
};

/// Waits for credit; on the link's executor. timeout without progress for as long as the channel's patience,
/// unavailable when the channel broke.
net::Task<Result<void>> send_piece(std::shared_ptr<HeldChannel> held, std::string piece);

/// What the runner sends on an open channel.
std::unique_ptr<ByteSource> source_of(std::shared_ptr<HeldChannel> held);
/// What the runner takes on an open channel; finish() sends its end.
std::unique_ptr<ByteSink> sink_of(std::shared_ptr<HeldChannel> held);

}  // namespace berth::server
