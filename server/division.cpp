// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/division.hpp"

#include <sodium.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/describe/class.hpp>

#include "protocol/codec.hpp"
#include "protocol/net/as_values.hpp"
#include "server/at_home.hpp"
#include "server/backends/inside_workspace.hpp"

namespace berth::server {
namespace {

constexpr const char* lead_lease = "cluster";
constexpr std::chrono::seconds known_for{1};
constexpr std::chrono::seconds missing_for{10};
constexpr std::size_t most_known = 10'000;
constexpr std::chrono::seconds division_patience{5};

/// A runner's address as the others read it.
struct PublishedAddress {
  std::string unix_path, host;
  std::uint16_t port = 0;
  std::string key;
};
BOOST_DESCRIBE_STRUCT(PublishedAddress, (), (unix_path, host, port, key))

std::string published(const RunnerAddress& address) {
  return protocol::to_text(protocol::encode(PublishedAddress{address.unix_path, address.host, address.port,
                                                             protocol::encode_key(address.runner_key)}));
}

std::optional<RunnerAddress> read_published(const std::string& text) {
  const auto json = protocol::parse_json(text);
  if (!json) return std::nullopt;
  const auto read = protocol::decode<PublishedAddress>(*json, "address");
  if (!read) return std::nullopt;
  const auto key = protocol::decode_base64url(read->key);
  RunnerAddress address{read->unix_path, read->host, read->port, {}};
  if (!key || key->size() != address.runner_key.size()) return std::nullopt;
  std::ranges::copy(*key, address.runner_key.begin());
  return address;
}

std::unexpected<Error> out_of_touch() {
  return failure(ErrorCode::unavailable,
                 "This server has lost touch with the others for a moment. Try again in some seconds.");
}

std::unexpected<Error> changing_hands() {
  return failure(ErrorCode::unavailable,
                 "The workspace is being handed from one server to another. Try again in some seconds.");
}

bool missed_lately(const std::map<std::string, std::chrono::steady_clock::time_point>& missing,
                   const std::string& workspace) {
  const auto found = missing.find(workspace);
  return found != missing.end() && std::chrono::steady_clock::now() - found->second < missing_for;
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

Division::Division(boost::asio::any_io_executor home, Replica& replica, MetadataStore& store,
                   boost::asio::thread_pool& pool, Options options)
    : home_(home),
      replica_(replica),
      store_(store),
      pool_(pool),
      options_(options),
      next_(home),
      tasks_(home, log_division_error) {}

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
    if (!replica_.id().empty()) co_await look_once();
    // Not all at the same moment, so that those who look together share what there is.
    const auto pause = options_.look * 3 / 4 + options_.look * ::randombytes_uniform(500) / 1000;
    next_.expires_after(pause);
    co_await next_.async_wait(net::as_values);
  }
}

net::Task<void> Division::look_once() {
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
    co_return;
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
  for (const auto& workspace : untended) {
    if (closing_) co_return;
    const auto taken = co_await take_one(workspace);
    if (taken && *taken) spdlog::info("workspace {} is looked after here now", workspace);
  }
  co_await put_addresses();
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
                              [&] { return store_.leases().give_back(workspace_lease(workspace), me); });
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
  co_await work_->drop(workspace);
  {
    const std::lock_guard lock(mutex_);
    held_.erase(workspace);
  }
  changing_.erase(workspace);
}

/// False when it is another's, or in between.
net::Task<Result<bool>> Division::take_one(std::string workspace) {
  if (closing_) co_return out_of_touch();
  if (holds(workspace)) co_return true;
  {
    const std::lock_guard lock(mutex_);
    if (held_.contains(workspace)) co_return false;  // of a life before
  }
  const auto me = replica_.id();
  if (me.empty()) co_return out_of_touch();
  const Changing changing(*this, workspace);
  if (!changing) co_return false;
  auto record = co_await net::offload(pool_, [&]() -> Result<std::optional<WorkspaceRecord>> {
    // First whether there is one: nobody makes leases by asking for names.
    if (auto there = store_.workspaces().find(workspace); !there) return std::unexpected(there.error());
    const auto lease = store_.leases().take(workspace_lease(workspace), me);
    if (!lease) return std::unexpected(lease.error());
    if (lease->holder != me) return std::optional<WorkspaceRecord>();
    // Read once nobody else may change it.
    auto now = store_.workspaces().find(workspace);
    if (!now) return std::unexpected(now.error());
    return std::optional(std::move(*now));
  });
  if (!record) co_return std::unexpected(std::move(record.error()));
  if (!*record) co_return false;
  hold(workspace, me);
  known_.erase(workspace);
  work_->take(std::move(**record));
  co_return true;
}

bool Division::known_missing(const std::string& workspace) const {
  return !is_workspace_id(workspace) || missed_lately(missing_, workspace);
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
                              [&] { return store_.leases().give_back(workspace_lease(workspace), me); });
}

// ---- what the others know

void Division::publish(const std::string& workspace, const RunnerAddress& address) {
  to_publish_[workspace] = address;
  tasks_.spawn(put_addresses());
}

/// What fails is tried again at the next look.
net::Task<void> Division::put_addresses() {
  if (std::exchange(publishing_, true)) co_return;  // one after the other: the newest is to stay
  const struct Leave {
    bool& publishing;
    ~Leave() { publishing = false; }
  } leave{publishing_};
  std::map<std::string, RunnerAddress> failed;
  while (!to_publish_.empty()) {
    const auto [workspace, address] = *to_publish_.begin();
    to_publish_.erase(to_publish_.begin());
    const auto me = replica_.id();
    if (!holds(workspace)) continue;
    const auto put = co_await net::offload(
        pool_, [&] { return store_.leases().put_data(workspace_lease(workspace), me, published(address)); });
    if (!put && put.error().code != ErrorCode::conflict) failed.try_emplace(workspace, address);
  }
  to_publish_.merge(failed);
}

net::Task<Result<OthersWorkspace>> Division::others(std::string workspace) {
  co_return co_await at_home(home_, [this, workspace]() -> net::Task<Result<OthersWorkspace>> {
    const auto now = std::chrono::steady_clock::now();
    if (const auto found = known_.find(workspace);
        found != known_.end() && now - found->second.at < known_for)
      co_return found->second.workspace;
    auto read = co_await net::offload(pool_, [&]() -> Result<OthersWorkspace> {
      auto record = store_.workspaces().find(workspace);
      if (!record) return std::unexpected(record.error());
      const auto lease = store_.leases().find(workspace_lease(workspace));
      if (!lease) return std::unexpected(lease.error());
      return OthersWorkspace{std::move(*record), *lease ? read_published((*lease)->data) : std::nullopt};
    });
    if (!read) co_return read;
    if (known_.size() >= most_known) known_.clear();
    known_[workspace] = {*read, now};
    co_return read;
  });
}

net::Task<Result<std::string>> Division::place_of(std::string workspace) {
  if (holds(workspace)) co_return std::string();
  co_return co_await at_home(home_, [this, workspace]() -> net::Task<Result<std::string>> {
    if (holds(workspace)) co_return std::string();
    if (missed_lately(missing_, workspace))
      co_return failure(ErrorCode::not_found, "There is no such workspace.");
    const auto lease =
        co_await net::offload(pool_, [&] { return store_.leases().find(workspace_lease(workspace)); });
    if (!lease) co_return std::unexpected(lease.error());
    const auto me = replica_.id();
    if (*lease && !(*lease)->holder.empty() && (*lease)->holder != me) {
      if ((*lease)->address.empty()) co_return changing_hands();
      co_return (*lease)->address;
    }
    auto taken = co_await take_one(workspace);
    if (!taken && taken.error().code == ErrorCode::not_found && is_workspace_id(workspace)) {
      if (missing_.size() >= most_known) missing_.clear();
      missing_[workspace] = std::chrono::steady_clock::now();
    }
    if (!taken) co_return std::unexpected(std::move(taken.error()));
    if (!*taken) co_return changing_hands();
    co_return std::string();
  });
}

}  // namespace berth::server
