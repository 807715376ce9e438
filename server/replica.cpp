// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/replica.hpp"

#include <spdlog/spdlog.h>

#include <ctime>
#include <thread>

#include "protocol/version.hpp"
#include "server/random_id.hpp"

namespace berth::server {
namespace {

constexpr std::size_t replica_id_length = 20;
// An attempt to join ends as soon as a heartbeat's does; where all servers start at once, they meet.
constexpr std::chrono::seconds joining{30};
constexpr std::chrono::milliseconds between_joins{200};

}  // namespace

Replica::Replica(MetadataStore& store, Options options) : store_(store), options_(std::move(options)) {}

Replica::~Replica() {
  if (thread_.joinable()) {
    thread_.request_stop();
    wake_.notify_all();
    thread_.join();
  }
  if (!left_) leave();
}

Replica::Time Replica::now() {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::string Replica::id() const {
  const std::lock_guard lock(mutex_);
  return now() < until_ ? id_ : std::string();
}

void Replica::set(const std::string& id, Time until) {
  const std::lock_guard lock(mutex_);
  id_ = id;
  until_ = until;
}

Result<void> Replica::join() {
  const auto until = now() + joining;
  auto begun = begin_life();
  while (!begun && begun.error().code == ErrorCode::unavailable && now() < until) {
    std::this_thread::sleep_for(between_joins);
    begun = begin_life();
  }
  if (!begun) return begun;
  thread_ = std::jthread([this](const std::stop_token& stop) { beat(stop); });
  return {};
}

Result<void> Replica::begin_life() {
  const auto began = now();
  const ReplicaRecord record{.id = random_id(replica_id_length),
                             .address = options_.address,
                             .place = options_.place,
                             .release = std::string(protocol::release)};
  if (auto joined = store_.replicas().join(record, options_.life.count(), options_.alone); !joined)
    return joined;
  store_.write_as(record.id);
  set(record.id, began + options_.life - options_.margin);
  spdlog::info("replica {} joins{}", record.id,
               options_.address.empty() ? std::string() : " at " + options_.address);
  return {};
}

Result<void> Replica::renew() {
  std::string id;
  {
    const std::lock_guard lock(mutex_);
    id = id_;
  }
  // From before the call on: the database's own time begins later.
  const auto began = now();
  auto renewed = store_.replicas().renew(id, options_.life.count());
  if (!renewed) return std::unexpected(std::move(renewed.error()));
  if (*renewed) {
    set(id, began + options_.life - options_.margin);
    return {};
  }
  spdlog::warn("replica {} was taken for dead; it begins anew", id);
  set({}, Time{0});
  return begin_life();
}

void Replica::beat(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, options_.beat, [] { return false; });
    }
    if (stop.stop_requested()) return;
    const auto renewed = renew();
    if (renewed) {
      told_ = false;
    } else if (!std::exchange(told_, true)) {
      spdlog::warn("this server's heartbeat fails: {} {}", renewed.error().message, renewed.error().detail);
    }
  }
}

void Replica::leave() {
  left_ = true;
  if (thread_.joinable()) {
    thread_.request_stop();
    wake_.notify_all();
    thread_.join();
  }
  std::string id;
  {
    const std::lock_guard lock(mutex_);
    id = std::exchange(id_, {});
    until_ = Time{0};
  }
  if (id.empty()) return;
  if (auto left = store_.replicas().leave(id); !left)
    spdlog::warn("the other servers were not told that this one ends: {} {}", left.error().message,
                 left.error().detail);
}

}  // namespace berth::server
