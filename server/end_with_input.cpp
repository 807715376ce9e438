// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/end_with_input.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <set>

#include "protocol/net/as_values.hpp"
#include "server/application.hpp"

namespace berth::server {
namespace {

using protocol::rest::WorkspaceState;

constexpr std::chrono::seconds storing_patience{90};
constexpr std::chrono::milliseconds between_stop_looks{100};
constexpr int end_grace = 5'000;  // ms

/// Ends what is still up, stored or not.
void end_remaining(WorkspaceBackend& backend) {
  auto ids = backend.list();
  if (!ids) {
    spdlog::error("workspaces can't be listed: {} {}", ids.error().message, ids.error().detail);
    return;
  }
  for (const auto& id : *ids) {
    const auto status = backend.poll(id);
    if (!status || status->state == BackendState::absent || status->state == BackendState::failed) continue;
    if (auto stopped = backend.stop(id, end_grace); !stopped)
      spdlog::error("workspace {} could not be ended: {} {}", id, stopped.error().message,
                    stopped.error().detail);
  }
}

/// Orders for what runs; `begun` were ordered before and run again, so storing failed. Whether anything is
/// still to be waited for.
bool collect_orders(const std::vector<WorkspaceRecord>& records, const std::set<std::string>& begun,
                    std::vector<StopOrder>& orders) {
  bool waits = false;
  for (const auto& record : records) {
    const bool moving = record.state == WorkspaceState::starting || record.state == WorkspaceState::stopping;
    const bool runs = record.state == WorkspaceState::running && !begun.contains(record.id);
    waits = waits || moving || runs;
    if (runs || record.state == WorkspaceState::starting)
      orders.push_back({record.id, "Berth was closed on this machine.", true, true});
  }
  return waits;
}

}  // namespace

net::Task<void> input_ended() {
  boost::asio::posix::stream_descriptor input(co_await boost::asio::this_coro::executor,
                                              ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
  std::array<char, 256> dropped{};
  for (;;) {
    const auto [error, count] = co_await input.async_read_some(boost::asio::buffer(dropped), net::as_values);
    if (error) co_return;
  }
}

net::Task<void> stop_all_workspaces(Application& application) {
  boost::asio::steady_timer pause(co_await boost::asio::this_coro::executor);
  const auto until = std::chrono::steady_clock::now() + storing_patience;
  std::set<std::string> begun;
  while (std::chrono::steady_clock::now() < until) {
    const auto records =
        co_await net::offload(*application.pool, [&] { return application.store->workspaces().list(); });
    std::vector<StopOrder> orders;
    if (!records || !collect_orders(*records, begun, orders)) break;
    for (auto& id : co_await application.workspaces->stop_ordered(std::move(orders)))
      begun.insert(std::move(id));
    pause.expires_after(between_stop_looks);
    co_await pause.async_wait(net::as_values);
  }
  co_await net::offload(*application.pool, [&] {
    end_remaining(*application.backend);
    return Result<void>();
  });
}

}  // namespace berth::server
