// SPDX-License-Identifier: GPL-3.0-or-later
// Stops that nobody of the workspace asked for: an administrator's, and those of disabled accounts.
#include "server/at_home.hpp"
#include "server/workspaces_state.hpp"

namespace berth::server {
namespace {

using protocol::rest::WorkspaceState;

constexpr std::int64_t between_attempts = 60'000;  // ms, where storing fails and so nothing may be stopped

}  // namespace

net::Task<std::vector<std::string>> Workspaces::stop_ordered(std::vector<StopOrder> orders) {
  co_return co_await at_home(state_->home, [this, &orders]() -> net::Task<std::vector<std::string>> {
    auto& state = *state_;
    std::vector<std::string> begun;
    for (const auto& order : orders) {
      const auto found = state.all.find(order.workspace);
      if (found == state.all.end() || state.closing) continue;
      const Live live = found->second;
      if (live->busy || live->gone) continue;  // asked again once whoever holds it is done
      const auto now = state.clock();
      if (!order.ordered && now - live->ordered_stop < between_attempts) continue;
      const bool waits = live->record.state == WorkspaceState::starting;  // to be started again
      if (live->record.state != WorkspaceState::running && !waits) continue;
      live->busy = true;
      live->ordered_stop = now;
      live->record.state = waits ? WorkspaceState::stopped : WorkspaceState::stopping;
      begun.push_back(order.workspace);
      if (!waits) {
        state.tasks.spawn(state.run_stop(live, order.reason));
        continue;
      }
      const State::Claim held{state, live};
      co_await state.set_state(live, WorkspaceState::stopped, order.reason);
    }
    co_return begun;
  });
}

}  // namespace berth::server
