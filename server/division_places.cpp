// SPDX-License-Identifier: GPL-3.0-or-later
// What servers know of each other's workspaces: which there are, who answers for one, where it runs.
#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/describe/class.hpp>

#include "protocol/codec.hpp"
#include "server/at_home.hpp"
#include "server/backends/inside_workspace.hpp"
#include "server/division.hpp"

namespace berth::server {
namespace {

constexpr std::chrono::seconds known_for{1};
constexpr std::chrono::seconds telling{2};
constexpr std::chrono::milliseconds telling_pause{10};
constexpr std::chrono::seconds missing_for{10};
constexpr std::size_t most_known = 10'000;

/// A running workspace as the others read it.
struct PublishedText {
  std::string unix_path, host;
  std::uint16_t port = 0;
  std::string key;
  std::optional<std::int64_t> stops_at = {};
};
BOOST_DESCRIBE_STRUCT(PublishedText, (), (unix_path, host, port, key, stops_at))

std::string published_text(const PublishedWorkspace& what) {
  const auto& address = what.address;
  return protocol::to_text(
      protocol::encode(PublishedText{address.unix_path, address.host, address.port,
                                     protocol::encode_key(address.runner_key), what.stops_at}));
}

std::optional<PublishedWorkspace> read_published(const std::string& text) {
  const auto json = protocol::parse_json(text);
  if (!json) return std::nullopt;
  const auto read = protocol::decode<PublishedText>(*json, "address");
  if (!read) return std::nullopt;
  const auto key = protocol::decode_base64url(read->key);
  RunnerAddress address{read->unix_path, read->host, read->port, {}};
  if (!key || key->size() != address.runner_key.size()) return std::nullopt;
  std::ranges::copy(*key, address.runner_key.begin());
  return PublishedWorkspace{address, read->stops_at};
}

bool missed_lately(const std::map<std::string, std::chrono::steady_clock::time_point>& missing,
                   const std::string& workspace) {
  const auto found = missing.find(workspace);
  return found != missing.end() && std::chrono::steady_clock::now() - found->second < missing_for;
}

}  // namespace

bool Division::known_missing(const std::string& workspace) const {
  return !is_workspace_id(workspace) || missed_lately(missing_, workspace);
}

void Division::publish(const std::string& workspace, const PublishedWorkspace& what) {
  to_publish_[workspace] = what;
  tasks_.spawn(put_addresses());
}

/// What fails is tried again at the next look.
net::Task<void> Division::put_addresses() {
  if (std::exchange(publishing_, true)) co_return;  // one after the other: the newest is to stay
  const struct Leave {
    bool& publishing;
    ~Leave() { publishing = false; }
  } leave{publishing_};
  std::map<std::string, PublishedWorkspace> failed;
  while (!to_publish_.empty()) {
    const auto [workspace, what] = *to_publish_.begin();
    to_publish_.erase(to_publish_.begin());
    const auto me = replica_.id();
    if (!holds(workspace)) continue;
    const auto text = published_text(what);
    if (const auto known = published_.find(workspace); known != published_.end() && known->second == text)
      continue;
    being_published_ = workspace;
    const auto put = co_await net::offload(
        pool_, [&] { return store_.leases().put_data(workspace_lease(workspace), me, text); });
    being_published_.clear();
    if (put && holds(workspace)) published_[workspace] = text;
    if (!put && put.error().code != ErrorCode::conflict) failed.try_emplace(workspace, what);
  }
  to_publish_.merge(failed);
}

net::Task<void> Division::told(std::string workspace) {
  boost::asio::steady_timer pause(home_);
  const auto until = std::chrono::steady_clock::now() + telling;
  while ((to_publish_.contains(workspace) || being_published_ == workspace) && !closing_ &&
         std::chrono::steady_clock::now() < until) {
    if (!publishing_) tasks_.spawn(put_addresses());  // what failed would wait for the next look
    pause.expires_after(telling_pause);
    co_await pause.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }
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
      OthersWorkspace seen{std::move(*record), {}, {}};
      if (const auto told = *lease ? read_published((*lease)->data) : std::nullopt) {
        seen.address = told->address;
        if (seen.record.state == protocol::rest::WorkspaceState::running) seen.stops_at = told->stops_at;
      }
      return seen;
    });
    if (!read) co_return read;
    if (known_.size() >= most_known) known_.clear();
    known_[workspace] = {*read, now};
    co_return read;
  });
}

net::Task<Result<Division::Place>> Division::place_of(std::string workspace) {
  if (holds(workspace)) co_return Place{};
  co_return co_await at_home(home_, [this, workspace]() -> net::Task<Result<Place>> {
    if (holds(workspace)) co_return Place{};
    if (missed_lately(missing_, workspace))
      co_return failure(ErrorCode::not_found, "There is no such workspace.");
    const auto lease =
        co_await net::offload(pool_, [&] { return store_.leases().find(workspace_lease(workspace)); });
    if (!lease) co_return std::unexpected(lease.error());
    const auto me = replica_.id();
    if (*lease && !(*lease)->holder.empty() && (*lease)->holder != me) {
      if ((*lease)->address.empty()) co_return changing_hands();
      co_return Place{(*lease)->address, (*lease)->holder};
    }
    auto taken = co_await take_one(workspace);
    if (!taken && taken.error().code == ErrorCode::not_found && is_workspace_id(workspace)) {
      if (missing_.size() >= most_known) missing_.clear();
      missing_[workspace] = std::chrono::steady_clock::now();
    }
    if (!taken) co_return std::unexpected(std::move(taken.error()));
    if (!*taken) co_return changing_hands();
    co_return Place{};
  });
}

net::Task<bool> Division::lives(std::string replica) {
  co_return co_await at_home(home_, [this, replica]() -> net::Task<bool> {
    const auto now = std::chrono::steady_clock::now();
    if (living_at_ && now - *living_at_ < options_.lives_for) co_return living_.contains(replica);
    // An older answer may be from before that server came; who asks a little later gets the new one.
    if (std::exchange(asks_who_lives_, true)) co_return true;
    const struct Leave {
      bool& asks;
      ~Leave() { asks = false; }
    } leave{asks_who_lives_};
    const auto living = co_await net::offload(pool_, [this] { return store_.replicas().living(); });
    if (!living) co_return true;
    living_.clear();
    for (const auto& one : *living) living_.insert(one.id);
    living_at_ = now;  // when it was asked, not when it was answered
    co_return living_.contains(replica);
  });
}

}  // namespace berth::server
