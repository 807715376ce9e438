// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/stores/postgresql_pool.hpp"

namespace berth::server {

Result<PostgresqlPool::Connection> PostgresqlPool::take() {
  {
    std::unique_lock lock(mutex_);
    const auto room = [this] { return !idle_.empty() || open_ < settings_.connections; };
    if (!freed_.wait_for(lock, settings_.wait, room))
      return failure(
          ErrorCode::timeout,
          "The server is busy: all its connections to its database are in use. Try again in a moment.",
          std::to_string(settings_.connections) + " connections; more: --database-connections");
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
    ++open_;
  }
  auto opened = PostgresqlConnection::open(settings_, claim_);
  if (!opened) give_back(nullptr);
  return opened;
}

void PostgresqlPool::give_back(Connection connection) noexcept {
  if (connection && !connection->alive()) connection.reset();
  const std::lock_guard lock(mutex_);
  if (connection)
    idle_.push_back(std::move(connection));
  else
    --open_;
  freed_.notify_one();
}

void PostgresqlPool::drop_idle() noexcept {
  std::vector<Connection> dropped;
  {
    const std::lock_guard lock(mutex_);
    dropped.swap(idle_);
    open_ -= static_cast<int>(dropped.size());
  }
  freed_.notify_all();
}

}  // namespace berth::server
