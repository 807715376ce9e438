// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/storage_usage.hpp"

#include "client/core/server_connection.hpp"

namespace berth::client {
namespace {

constexpr std::uint64_t least_room = 1 << 20;  // bytes

}  // namespace

StorageUsage::StorageUsage(ServerConnection* server, QObject* parent) : QObject(parent), server_(server) {}

StorageUsage::Room StorageUsage::room_of(const Numbers& numbers) {
  if (numbers.limit == 0) return Room::plenty;
  if (numbers.used >= numbers.limit || numbers.limit - numbers.used < least_room) return Room::none;
  return numbers.limit - numbers.used < numbers.limit / 10 ? Room::scarce : Room::plenty;
}

void StorageUsage::refresh() {
  if (std::exchange(asking_, true)) return;
  server_->fetchStorage(this, [this](Result<Numbers> answer) {
    asking_ = false;
    if (!answer) return;
    now_ = *answer;
    Q_EMIT changed();
  });
}

}  // namespace berth::client
