// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/division.hpp"

#include <sodium.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <list>

#include "protocol/net/as_values.hpp"
#include "server/at_home.hpp"

namespace berth::server {
namespace {

constexpr const char* lead_lease = "cluster";
constexpr std::chrono::seconds division_patience{5};

std::unexpected<Error> out_of_touch() {
  return failure(ErrorCode::unavailable,
                 "This server has lost touch with the others for a moment. Try again in some seconds.");
}

void log_division_error(std::exception_ptr error) {
  try {
    std::rethrow_exception(error);
  } catch (const boost::system::system_error& end) {
    if (end.code() != boost::asio::error::operation_aborted)
      spdlog::error("division of work: {}", end.what());
  } catch (const std::exception& end) {
    spdlog::error("division of work: {}", end.what());
  }
}

}  // namespace

/// A workspace that was just taken.
struct Division::Taken {
  WorkspaceRecord record;
  std::string data;  // of its lease: what the one before had the others know
};

class Division::Changing {
 public:
  Changing(Division& division, const std::string& workspace)
      : changing_(division.changing_), workspace_(workspace), entered_(changing_.insert(workspace).second) {}
  Changing(const Changing&) = delete;
  Changing& operator=(const Changing&) = delete;
  ~Changing() {
    if (entered_) changing_.erase(workspace_);
  }
  explicit operator bool() const { return entered_; }

 private:
  std::set<std::string>& changing_;
  const std::string workspace_;
  const bool entered_;
};

std::unexpected<Error> Division::changing_hands() {
  return failure(ErrorCode::unavailable,
                 "The workspace is being handed from one server to another. Try again in some seconds.");
}

Division::Division(boost::asio::any_io_executor home, Replica& replica, MetadataStore& store,
                   boost::asio::thread_pool& pool, Options options)
    : home_(home),
      replica_(replica),
      store_(store),
      pool_(pool),
      options_(options),
      next_(home),
      tasks_(home, log_division_error),
      leaving_(home, log_division_error) {}

Division::~Division() = default;

void Division::begin(DividedWork& work) {
  work_ = &work;
  tasks_.spawn(run());
}

net::Task<void> Division::shutdown() {
  co_await at_home(home_, [this]() -> net::Task<void> {
    closing_ = true;
    if (!co_await tasks_.shutdown(division_patience))
      spdlog::warn("workspaces were still changing hands at the end");
  });
}

net::Task<void> Division::hand_over() {
  co_await at_home(home_, [this]() -> net::Task<void> {
    if (work_ == nullptr) co_return;
    for (const auto& workspace : work_->idle())
      if (holds(workspace) && changing_.insert(workspace).second) {
        ++handing_over_;
        leaving_.spawn(hand_over_one(workspace));
      }
    const auto until = std::chrono::steady_clock::now() + options_.farewell;
    while (handing_over_ > 0 && std::chrono::steady_clock::now() < until) {
      if (ended_.empty()) {
        next_.expires_at(until);
        co_await next_.async_wait(net::as_values);
      }
      if (!co_await give_back_ended()) break;  // all goes at once soon
    }
    co_await leaving_.shutdown(std::chrono::milliseconds(100));
    co_await give_back_ended();
  });
}

net::Task<void> Division::hand_over_one(std::string workspace) {
  const struct Leave {
    Division& division;
    ~Leave() {
      --division.handing_over_;
      division.next_.cancel();
    }
  } leave{*this};
  co_await work_->drop(workspace);
  ended_.push_back(workspace);
}

net::Task<bool> Division::give_back_ended() {
  if (ended_.empty()) co_return true;
  const auto me = replica_.id();
  std::vector<std::string> names;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& workspace : std::exchange(ended_, {})) {
      held_.erase(workspace);
      names.push_back(workspace_lease(workspace));
    }
  }
  const auto given = co_await net::offload(pool_, [&] { return store_.leases().give_back(names, me); });
  co_return given.has_value();
}

void Division::look() {
  boost::asio::post(home_, [this] { next_.cancel(); });
}

bool Division::holds(const std::string& workspace) const {
  std::string as;
  {
    const std::lock_guard lock(mutex_);
    const auto found = held_.find(workspace);
    if (found == held_.end()) return false;
    as = found->second;
  }
  return replica_.lives(as);
}

bool Division::leads() const {
  std::string as;
  {
    const std::lock_guard lock(mutex_);
    as = led_as_;
  }
  return replica_.lives(as);
}

void Division::hold(const std::string& workspace, const std::string& replica) {
  const std::lock_guard lock(mutex_);
  held_[workspace] = replica;
}

// ---- looking for work

net::Task<void> Division::run() {
  while (!closing_) {
    drop_lost();
    bool more = false;
    if (!replica_.id().empty()) more = co_await look_once();
    // Not all at the same moment, so that those who look together share what there is.
    const auto pause = more ? options_.between : options_.look;
    next_.expires_after(pause * 3 / 4 + pause * ::randombytes_uniform(500) / 1000);
    co_await next_.async_wait(net::as_values);
  }
}

net::Task<bool> Division::look_once() {
  const auto me = replica_.id();
  struct Work {
    std::vector<std::string> untended, mine;
    bool lead = false;
  };
  const auto before = held_as(me);
  const auto found = co_await net::offload(pool_, [&]() -> Result<Work> {
    auto untended = store_.leases().untended_workspaces(4 * options_.at_once);
    if (!untended) return std::unexpected(untended.error());
    auto mine = store_.leases().held_by(me);
    if (!mine) return std::unexpected(mine.error());
    Work work{std::move(*untended), std::move(*mine), leads()};
    if (!work.lead) {
      const auto lease = store_.leases().take(lead_lease, me);
      work.lead = lease && lease->holder == me;
    }
    return work;
  });
  if (!found) {
    spdlog::debug("division of work: {} {}", found.error().message, found.error().detail);
    co_return false;
  }
  {
    const std::lock_guard lock(mutex_);
    led_as_ = found->lead ? me : "";
  }
  settle(before, found->mine);
  auto untended = found->untended;
  for (std::size_t i = untended.size(); i > 1; --i)
    std::swap(untended[i - 1], untended[::randombytes_uniform(static_cast<std::uint32_t>(i))]);
  untended.resize(std::min(untended.size(), options_.at_once));
  const auto taken = co_await take_some(std::move(untended));
  if (!closing_) tasks_.spawn(put_addresses());
  co_return taken.value_or(0) > 0;
}

std::vector<std::string> Division::held_as(const std::string& replica) const {
  std::vector<std::string> all;
  const std::lock_guard lock(mutex_);
  for (const auto& [workspace, as] : held_)
    if (as == replica) all.push_back(workspace);
  return all;
}

/// Brings what is held here and what the store says together: workspaces that were deleted, and leases whose
/// taking broke off.
void Division::settle(const std::vector<std::string>& before, const std::vector<std::string>& leases) {
  std::set<std::string> stored(leases.begin(), leases.end());
  for (const auto& workspace : before)
    if (!stored.contains(workspace_lease(workspace)) && changing_.insert(workspace).second)
      tasks_.spawn(drop_one(workspace));
  const auto prefix = workspace_lease("");
  for (const auto& name : stored) {
    if (!name.starts_with(prefix)) continue;
    const auto workspace = name.substr(prefix.size());
    if (holds(workspace) || changing_.contains(workspace)) continue;
    tasks_.spawn(finish_taking(workspace));
  }
}

net::Task<void> Division::finish_taking(std::string workspace) {
  const auto me = replica_.id();
  const auto taken = co_await take_one(workspace);
  if (taken || taken.error().code != ErrorCode::not_found) co_return;
  // One that is made just now has no row yet.
  if (holds(workspace)) co_return;
  const Changing changing(*this, workspace);
  if (!changing) co_return;
  (void)co_await net::offload(pool_,
                              [&] { return store_.leases().give_back({workspace_lease(workspace)}, me); });
}

/// What was held by a life that is over may be another's by now: nothing more is done about it, and it is not
/// taken anew before what was under way has ended.
void Division::drop_lost() {
  std::vector<std::string> lost;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [workspace, as] : held_)
      if (!replica_.lives(as)) lost.push_back(workspace);
  }
  for (const auto& workspace : lost)
    if (changing_.insert(workspace).second) {
      spdlog::warn("workspace {} is no longer looked after here", workspace);
      tasks_.spawn(drop_one(workspace));
    }
}

net::Task<void> Division::drop_one(std::string workspace) {
  to_publish_.erase(workspace);
  published_.erase(workspace);
  co_await work_->drop(workspace);
  {
    const std::lock_guard lock(mutex_);
    held_.erase(workspace);
  }
  changing_.erase(workspace);
}

/// False when it is another's, or in between.
net::Task<Result<bool>> Division::take_one(std::string workspace) {
  if (closing_ || work_ == nullptr) co_return out_of_touch();
  if (holds(workspace)) co_return true;
  {
    const std::lock_guard lock(mutex_);
    if (held_.contains(workspace)) co_return false;  // of a life before
  }
  const auto me = replica_.id();
  if (me.empty()) co_return out_of_touch();
  const Changing changing(*this, workspace);
  if (!changing) co_return false;
  auto taken = co_await net::offload(pool_, [&]() -> Result<std::optional<Taken>> {
    // First whether there is one: nobody makes leases by asking for names.
    if (auto there = store_.workspaces().find(workspace); !there) return std::unexpected(there.error());
    const auto lease = store_.leases().take(workspace_lease(workspace), me);
    if (!lease) return std::unexpected(lease.error());
    if (lease->holder != me) return std::optional<Taken>();
    // Read once nobody else may change it.
    auto now = store_.workspaces().find(workspace);
    if (!now) return std::unexpected(now.error());
    return std::optional(Taken{std::move(*now), lease->data});
  });
  if (!taken) co_return std::unexpected(std::move(taken.error()));
  if (!*taken) co_return false;
  begin_to_look_after(std::move(**taken), me);
  co_return true;
}

net::Task<Result<std::size_t>> Division::take_some(std::vector<std::string> workspaces) {
  const auto me = replica_.id();
  if (closing_ || work_ == nullptr || me.empty()) co_return out_of_touch();
  std::list<Changing> changing;
  std::vector<std::string> wanted;
  for (auto& workspace : workspaces) {
    {
      const std::lock_guard lock(mutex_);
      if (held_.contains(workspace)) continue;  // of a life before, perhaps
    }
    if (changing.emplace_back(*this, workspace))
      wanted.push_back(std::move(workspace));
    else
      changing.pop_back();
  }
  if (wanted.empty()) co_return 0u;
  auto all = co_await net::offload(pool_, [&]() -> Result<std::vector<Taken>> {
    const auto leases = store_.leases().take_workspaces(wanted, me);
    if (!leases) return std::unexpected(leases.error());
    std::vector<std::string> ids;
    std::map<std::string, std::string> data;
    for (const auto& lease : *leases) {
      ids.push_back(lease.name.substr(workspace_lease("").size()));
      data[ids.back()] = lease.data;
    }
    // Read once nobody else may change them.
    auto records = store_.workspaces().find_some(ids);
    if (!records) return std::unexpected(records.error());
    std::vector<Taken> taken;
    for (auto& record : *records) {
      auto known = std::move(data[record.id]);
      taken.push_back({std::move(record), std::move(known)});
    }
    return taken;
  });
  if (!all) co_return std::unexpected(std::move(all.error()));  // what was taken all the same settle() finds
  for (auto& one : *all) begin_to_look_after(std::move(one), me);
  if (!all->empty()) spdlog::info("{} workspaces are looked after here now", all->size());
  co_return all->size();
}

void Division::begin_to_look_after(Taken taken, const std::string& replica) {
  hold(taken.record.id, replica);
  known_.erase(taken.record.id);
  published_[taken.record.id] = std::move(taken.data);
  work_->take(std::move(taken.record));
}

net::Task<Result<std::map<std::string, bool>>> Division::tended(std::vector<std::string> workspaces) {
  co_return co_await net::offload(pool_, [&] { return store_.leases().tended(workspaces); });
}

net::Task<void> Division::look_after(std::vector<std::string> workspaces) {
  for (std::size_t begin = 0; begin < workspaces.size(); begin += options_.at_once) {
    const auto end = std::min(begin + options_.at_once, workspaces.size());
    (void)co_await take_some(std::vector(workspaces.begin() + static_cast<std::ptrdiff_t>(begin),
                                         workspaces.begin() + static_cast<std::ptrdiff_t>(end)));
  }
}

net::Task<Result<void>> Division::take_new(std::string workspace) {
  const auto me = replica_.id();
  if (me.empty()) co_return out_of_touch();
  const Changing changing(*this, workspace);  // settle() sees the lease before it is held
  if (!changing) co_return changing_hands();
  const auto lease =
      co_await net::offload(pool_, [&] { return store_.leases().take(workspace_lease(workspace), me); });
  if (!lease) co_return std::unexpected(lease.error());
  if (lease->holder != me) co_return changing_hands();
  hold(workspace, me);
  co_return Result<void>{};
}

net::Task<void> Division::give_back(std::string workspace) {
  const Changing changing(*this, workspace);
  if (!changing) co_return;
  const auto me = replica_.id();
  {
    const std::lock_guard lock(mutex_);
    held_.erase(workspace);
  }
  // What fails is done by settle(): the lease is there, and the workspace is not.
  (void)co_await net::offload(pool_,
                              [&] { return store_.leases().give_back({workspace_lease(workspace)}, me); });
}

}  // namespace berth::server
