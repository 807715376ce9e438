// SPDX-License-Identifier: GPL-3.0-or-later
// A channel that is one TCP connection to a port of the workspace.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <string>

#include "protocol/flow_window.hpp"
#include "protocol/net/task.hpp"
#include "runner/channel.hpp"
#include "runner/websocket_connection.hpp"

namespace berth::runner {

struct Workspace;

class TunnelChannel : public Channel, public std::enable_shared_from_this<TunnelChannel> {
 public:
  static constexpr std::uint64_t window = 256u << 10;
  TunnelChannel(Workspace& workspace, std::shared_ptr<ChannelOwner> owner, std::uint32_t channel,
                std::uint64_t credit, StreamSocket socket);
  bool on_data(std::uint64_t offset, std::string_view bytes) override;
  void on_credit(std::uint64_t limit) override;
  void on_end(std::uint64_t length) override;
  void pump() override;
  void on_gone() override;

 private:
  net::Task<void> read();
  net::Task<void> write();
  void start_writing();
  Workspace& workspace_;
  std::weak_ptr<ChannelOwner> owner_;
  std::uint32_t channel_;
  StreamSocket socket_;
  protocol::SendWindow outgoing_;
  protocol::ReceiveWindow incoming_{window};
  std::deque<std::string> queue_;
  bool reading_ = false, writing_ = false, gone_ = false;
  bool peer_ended_ = false, target_ended_ = false;
};

}  // namespace berth::runner
