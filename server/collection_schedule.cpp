// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/collection_schedule.hpp"

#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "server/sign_in_throttle.hpp"
#include "server/storage_claim.hpp"

namespace berth::server {
namespace {

/// Linux alone gives priorities to threads: the lowest for the processor and, where the disk's scheduler
/// knows priorities, for the disk.
void step_back() {
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 19);
  constexpr int this_thread = 1 /* IOPRIO_WHO_PROCESS */, idle = 3 << 13 /* IOPRIO_CLASS_IDLE */;
  ::syscall(SYS_ioprio_set, this_thread, 0, idle);
}

/// What a cancelled round leaves undone is no problem worth a line.
template <class T>
bool tell(const char* what, const Result<T>& result) {
  if (result) return true;
  if (result.error().code != ErrorCode::cancelled)
    spdlog::warn("{}: {} {}", what, result.error().message, result.error().detail);
  return false;
}

}  // namespace

CollectionSchedule::CollectionSchedule(GarbageCollection& collection, StoreScrub* scrub, MetadataStore& store,
                                       BlobStore& blobs, Clock clock, Options options)
    : collection_(collection),
      scrub_(scrub),
      store_(store),
      blobs_(blobs),
      clock_(std::move(clock)),
      options_(std::move(options)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

CollectionSchedule::~CollectionSchedule() {
  collection_.stop();
  if (scrub_) scrub_->stop();
  thread_.request_stop();
  wake_.notify_all();
}

void CollectionSchedule::removed(const std::string& owner) {
  const std::lock_guard lock(mutex_);
  due_.insert(owner);
}

void CollectionSchedule::run(const std::stop_token& stop) {
  step_back();
  auto pause = options_.first_round;
  while (true) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, pause, [] { return false; });
    lock.unlock();
    if (stop.stop_requested()) return;
    try {
      round();
    } catch (const std::exception& error) {
      spdlog::error("the collection of garbage: {}", error.what());
    }
    pause = options_.interval;
  }
}

void CollectionSchedule::round() {
  if (options_.may_run && !options_.may_run()) {
    // Whoever does them looks at everything in its first round; so will this one, should it be the next.
    seen_.clear();
    if (scrub_) scrub_->read_place_again();
    const std::lock_guard lock(mutex_);
    due_.clear();
    return;
  }
  if (!tell("stored versions", blobs_.check())) return;  // nothing can be done, and people are told elsewhere
  if (!tell("collection", claim_storage(store_, blobs_))) return;
  const auto owners = store_.packs().owners();
  if (!tell("collection", owners)) return;
  for (const auto& owner : *owners) look_at(owner);
  tell("removing packs", collection_.remove_doomed());
  if (scrub_) tell("looking at stored packs", scrub_->go_on());
  tell("old counts", store_.counts().forget(clock_() - throttle::counted_for, throttle::known_names));
  tell("old counts", store_.counts().forget(clock_() - throttle::known_for, ""));
  if (clock_() - listed_ < options_.between_listings) return;
  if (tell("looking for strays", collection_.remove_strays())) listed_ = clock_();
}

void CollectionSchedule::look_at(const std::string& owner) {
  const auto now = clock_();
  bool due = false;
  {
    const std::lock_guard lock(mutex_);
    due = due_.erase(owner) > 0;
  }
  const auto used = store_.objects().used(owner);
  if (!tell("collection", used)) return;
  auto [it, first] = seen_.try_emplace(owner);
  auto& seen = it->second;
  const bool changed = *used != seen.used && now - seen.collected >= options_.between_collections;
  if (!due && !first && !changed) {
    const auto thinned = collection_.thin_out(owner);
    if (!tell("thinning out versions", thinned)) return;
    due = *thinned > 0;
  }
  if (!due && !first && !changed && now - seen.collected < options_.between_complete) return;
  const auto collected = collection_.collect(owner);
  if (!tell("collection", collected)) return;
  seen = {now, store_.objects().used(owner).value_or(0)};
  if (collected->versions + collected->objects + collected->packs_rewritten > 0)
    spdlog::info("collected for {}: {} versions thinned out, {} objects removed, {} packs rewritten", owner,
                 collected->versions, collected->objects, collected->packs_rewritten);
}

}  // namespace berth::server
