// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/replicas.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <thread>

#include "server/collection_schedule.hpp"
#include "server/division.hpp"
#include "server/opened_metadata.hpp"
#include "server/shared_events.hpp"
#include "server/shared_keys.hpp"
#include "server/storage_claim.hpp"
#include "server/sync_engine.hpp"

namespace berth::server {
namespace {

constexpr std::chrono::seconds claim_patience{12};  // longer than a dead server's lease

/// By which servers on other machines, or on this one, reach what listens here.
std::string own_address(const Config& config, std::uint16_t port) {
  if (!config.replica_address.empty()) return config.replica_address;
  auto host = config.listen.host;
  if (host == "0.0.0.0" || host == "::") {
    char name[256] = {};
    ::gethostname(name, sizeof name - 1);
    host = name;
  }
  if (host.find(':') != host.npos) host = "[" + host + "]";
  return host + ":" + std::to_string(port);
}

}  // namespace

Result<void> join_replicas(Application& application, std::uint16_t port) {
  const auto& config = application.config;
  if (!uses_postgresql(config)) return {};
  auto place = place_of_folder(config.data);
  if (!place) return std::unexpected(place.error());
  application.replica = std::make_unique<Replica>(*application.store,
                                                  Replica::Options{.address = own_address(config, port),
                                                                   .place = std::move(*place),
                                                                   .alone = !application.backend->shared()});
  if (auto joined = application.replica->join(); !joined) return joined;
  application.division = std::make_unique<Division>(
      application.home, *application.replica, *application.store, *application.pool, Division::Options{});
  return {};
}

Result<void> claim_storage_together(Application& application) {
  if (!application.replica) return claim_storage(*application.store, *application.blobs);
  const std::string name = "storage";
  const auto until = std::chrono::steady_clock::now() + claim_patience;
  while (true) {
    const auto me = application.replica->id();
    const auto lease = application.store->leases().take(name, me);
    if (lease && lease->holder == me) {
      auto claimed = claim_storage(*application.store, *application.blobs, true);
      if (auto given = application.store->leases().give_back({name}, me); !given)
        spdlog::warn("{}: {}", name, given.error().message);
      return claimed;
    }
    if (std::chrono::steady_clock::now() >= until)
      return failure(ErrorCode::unavailable, "Other servers are looking at the stored versions.");
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

bool collects(Application& application) {
  if (!application.replica) return true;
  const auto me = application.replica->id();
  if (me.empty()) return false;
  const auto lease = application.store->leases().take("collection", me);
  return lease && lease->holder == me;
}

void share_events(Application& application) {
  if (!application.replica) return;
  application.shared_events = std::make_unique<SharedEvents>(SharedEvents::Parts{
      .store = *application.store,
      .events = application.events,
      .settings = *application.settings,
      .pool = *application.pool,
      .leases_free = [&application] { application.division->look(); },
      .objects_removed = [&application](const std::string& owner) { application.schedule->removed(owner); },
      .objects_doubted =
          [&application](const std::string& owner) {
            boost::asio::post(application.home,
                              [&application, owner] { application.engine->store_again(owner); });
          }});
}

void begin_division(Application& application) {
  if (application.division) application.division->begin(*application.workspaces);
}

net::Task<void> end_division(Application& application) {
  if (application.division) co_await application.division->shutdown();
}

net::Task<void> hand_over(Application& application) {
  if (application.division) co_await application.division->hand_over();
}

net::Task<void> leave_replicas(Application& application) {
  if (application.replica)
    co_await net::offload(*application.pool, [&application] { application.replica->leave(); });
}

}  // namespace berth::server
