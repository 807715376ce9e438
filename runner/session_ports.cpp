// SPDX-License-Identifier: GPL-3.0-or-later
// port/* requests, and control/* of the server's link.
#include "runner/loopback_dial.hpp"
#include "runner/memory_use.hpp"
#include "runner/session.hpp"
#include "runner/tunnel_channel.hpp"
#include "runner/workspace.hpp"

namespace berth::runner {

using namespace protocol;
using net::offload;
using net::Task;

Task<Result<PortList::Result>> Session::handle(PortList, Empty) {
  co_return PortList::Result{co_await workspace_.ports.look()};
}

Task<Result<PortTunnel::Result>> Session::handle(PortTunnel, PortTunnel::Params params) {
  const auto self = shared_from_this();
  const auto asked_on = connection_;
  if (params.port == 0) co_return failure(ErrorCode::invalid_argument, "port/tunnel.port: not in 1..65535");
  auto socket = co_await dial_loopback(workspace_, params.port);
  if (!socket) co_return std::unexpected(socket.error());
  const auto number = new_channel_number(asked_on);
  if (!number) co_return std::unexpected(number.error());
  add_channel(*number,
              std::make_shared<TunnelChannel>(workspace_, self, *number, params.credit, std::move(*socket)));
  co_return PortTunnel::Result{*number, TunnelChannel::window};
}

Task<Result<ControlActivity::Result>> Session::handle(ControlActivity, Empty) {
  const double cpu =
      co_await offload(workspace_.pool, [&activity = workspace_.activity] { return activity.cpu_percent(); });
  const auto memory = co_await offload(workspace_.pool, [] { return memory_use(); });
  auto ports = co_await workspace_.ports.look();
  co_return ControlActivity::Result{workspace_.activity.idle_milliseconds(),
                                    cpu,
                                    workspace_.sessions.connected_clients(),
                                    static_cast<std::uint32_t>(workspace_.terminals.size()),
                                    std::move(ports),
                                    memory};
}

Result<Empty> Session::handle(ControlNotice, ControlNotice::Params params) {
  workspace_.sessions.broadcast<SessionNotice>(params);
  return Empty{};
}

Task<Result<ControlFlush::Result>> Session::handle(ControlFlush, Empty) {
  co_return ControlFlush::Result{co_await workspace_.documents.flush()};
}

}  // namespace berth::runner
