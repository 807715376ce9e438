// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/settings.hpp"

#include <charconv>

namespace berth::server {
namespace {

struct Range {
  const char* field;
  std::int64_t protocol::rest::Settings::* value;
  std::optional<std::int64_t> protocol::rest::UpdateSettings::Body::* change;
  std::int64_t least;
  std::int64_t most;
};

using Now = protocol::rest::Settings;
using Change = protocol::rest::UpdateSettings::Body;
constexpr Range ranges[] = {
    {"idle_stop_minutes", &Now::idle_stop_minutes, &Change::idle_stop_minutes, 0, 60 * 24 * 365},
    {"maximum_life_minutes", &Now::maximum_life_minutes, &Change::maximum_life_minutes, 0, 60 * 24 * 365},
    {"workspaces_per_account", &Now::workspaces_per_account, &Change::workspaces_per_account, 0, 10'000},
    {"running_per_account", &Now::running_per_account, &Change::running_per_account, 0, 10'000},
    {"storage_per_account", &Now::storage_per_account, &Change::storage_per_account, 0,
     std::int64_t{1} << 50},
};

}  // namespace

Result<void> Settings::load() {
  auto stored = store_.all();
  if (!stored) return std::unexpected(stored.error());
  const std::lock_guard lock(mutex_);
  if (const auto it = stored->find("registration_open"); it != stored->end())
    current_.registration_open = it->second == "true";
  for (const auto& range : ranges) {
    const auto it = stored->find(range.field);
    if (it == stored->end()) continue;
    std::int64_t value = 0;
    const auto [end, error] =
        std::from_chars(it->second.data(), it->second.data() + it->second.size(), value);
    if (error == std::errc{} && value >= range.least && value <= range.most) current_.*range.value = value;
  }
  return {};
}

Now Settings::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

net::Task<Result<Now>> Settings::update(Change body, boost::asio::thread_pool& pool) {
  std::map<std::string, std::string> changes;
  if (body.registration_open) changes["registration_open"] = *body.registration_open ? "true" : "false";
  for (const auto& range : ranges) {
    const auto value = body.*range.change;
    if (!value) continue;
    if (*value < range.least || *value > range.most)
      co_return failure(ErrorCode::invalid_argument, "body." + std::string(range.field) + ": must be " +
                                                         std::to_string(range.least) + " to " +
                                                         std::to_string(range.most));
    changes[range.field] = std::to_string(*value);
  }
  auto stored = co_await net::offload(pool, [this, changes] { return store_.put(changes); });
  if (!stored) co_return std::unexpected(stored.error());
  const std::lock_guard lock(mutex_);
  if (body.registration_open) current_.registration_open = *body.registration_open;
  for (const auto& range : ranges)
    if (const auto value = body.*range.change) current_.*range.value = *value;
  co_return current_;
}

}  // namespace berth::server
