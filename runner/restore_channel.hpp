// SPDX-License-Identifier: GPL-3.0-or-later
// The channel on which chunks of a restore arrive.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "protocol/flow_window.hpp"
#include "protocol/net/task.hpp"
#include "protocol/stored_object.hpp"
#include "runner/channel.hpp"

namespace berth::runner {

struct Workspace;

class RestoreChannel : public Channel, public std::enable_shared_from_this<RestoreChannel> {
 public:
  static constexpr std::uint64_t window = 4u << 20;
  RestoreChannel(Workspace& workspace, std::shared_ptr<ChannelOwner> owner, std::uint32_t channel);
  bool on_data(std::uint64_t offset, std::string_view bytes) override;
  void on_credit(std::uint64_t) override {}
  void on_end(std::uint64_t length) override;
  void on_gone() override { gone_ = true; }
  /// Waits until all that came is kept.
  net::Task<void> drained();

 private:
  net::Task<void> run();
  void close_if_over();
  Workspace& workspace_;
  std::weak_ptr<ChannelOwner> owner_;
  const std::uint32_t channel_;
  protocol::ReceiveWindow window_{window};
  std::deque<std::string> queue_;
  std::shared_ptr<protocol::ObjectReader> reader_ = std::make_shared<protocol::ObjectReader>();
  boost::asio::steady_timer idle_;
  bool running_ = false, gone_ = false, ended_ = false, broken_ = false;
};

}  // namespace berth::runner
