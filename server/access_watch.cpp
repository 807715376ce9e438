// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/access_watch.hpp"

#include <mutex>

namespace berth::server {

struct AccessWatch::State {
  std::mutex mutex;
  std::optional<std::string> reason;
  std::weak_ptr<LiveConnection> connection;

  void on_end(const std::string& why) {
    const std::lock_guard lock(mutex);
    if (reason) return;
    reason = why;
    if (const auto live = connection.lock()) live->end({close_access_ended, why});
  }
};

AccessWatch::AccessWatch(SessionEvents& events, SessionEvents::Scope scope)
    : events_(events), state_(std::make_shared<State>()) {
  watch(std::move(scope));
}

void AccessWatch::watch(SessionEvents::Scope scope) {
  // The new subscription is there before the old one ends.
  subscription_ = events_.subscribe(std::move(scope),
                                    [state = state_](const std::string& reason) { state->on_end(reason); });
}

void AccessWatch::guard(std::weak_ptr<LiveConnection> connection) {
  const std::lock_guard lock(state_->mutex);
  state_->connection = std::move(connection);
  if (!state_->reason) return;
  if (const auto live = state_->connection.lock()) live->end({close_access_ended, *state_->reason});
}

std::optional<std::string> AccessWatch::ended() const {
  const std::lock_guard lock(state_->mutex);
  return state_->reason;
}

}  // namespace berth::server
