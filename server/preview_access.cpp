// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/preview_access.hpp"

#include <sodium.h>

#include "protocol/codec.hpp"
#include "protocol/connect_token.hpp"
#include "server/random_id.hpp"

namespace berth::server {

namespace {

constexpr std::size_t token_limit = 4096;    // characters
constexpr std::int64_t look_again = 30'000;  // ms: a sign-in that another process ended is noticed then
constexpr std::size_t known_sign_ins = 4096;

static_assert(std::tuple_size_v<PreviewAccess::Key> == crypto_auth_KEYBYTES);

std::string seal(std::string_view part, const PreviewAccess::Key& key) {
  std::string mac(crypto_auth_BYTES, '\0');
  crypto_auth(reinterpret_cast<unsigned char*>(mac.data()),
              reinterpret_cast<const unsigned char*>(part.data()), part.size(), key.data());
  return protocol::encode_base64url(mac);
}

std::unexpected<Error> refused(const char* detail) {
  return failure(ErrorCode::unauthenticated,
                 "This preview link has expired. Open the preview again from the workspace.", detail);
}

std::int64_t life(PreviewTokenKind kind) {
  switch (kind) {
    case PreviewTokenKind::ticket:
      return preview_ticket_life;
    case PreviewTokenKind::cookie:
      return preview_cookie_life;
    case PreviewTokenKind::capability:
      return preview_capability_life;
    case PreviewTokenKind::link:
    case PreviewTokenKind::guest:
      break;  // the link says it
  }
  return 0;
}

}  // namespace

/// A sign-in that was found alive; ended is set by SessionEvents on any thread.
struct PreviewAccess::KnownSignIn {
  std::atomic<bool> ended = false;
  std::int64_t looked = 0;
  std::int64_t expires = 0;
  SessionEvents::Subscription subscription;
};

PreviewAccess::PreviewAccess(const Key& key, FindStanding find_standing, SessionEvents& events,
                             boost::asio::thread_pool& pool, Clock clock, SharedCounts* shared)
    : key_(key),
      find_standing_(std::move(find_standing)),
      events_(events),
      pool_(pool),
      clock_(std::move(clock)),
      shared_(shared) {}

std::string PreviewAccess::issue(PreviewGrant grant, PreviewTokenKind kind) {
  grant.kind = kind;
  if (const auto lasts = life(kind); lasts > 0) grant.expires = clock_() + lasts;
  grant.nonce = random_id(20);
  const auto part = protocol::encode_base64url(protocol::to_text(protocol::encode(grant)));
  return part + "." + seal(part, key_);
}

Result<PreviewGrant> PreviewAccess::open(std::string_view token, PreviewTokenKind kind,
                                         const std::optional<PreviewTarget>& target) {
  if (token.size() > token_limit) return refused("preview token too long");
  const auto dot = token.find('.');
  if (dot == token.npos) return refused("preview token without a seal");
  const auto mac = protocol::decode_base64url(token.substr(dot + 1));
  const auto part = token.substr(0, dot);
  if (!mac || mac->size() != crypto_auth_BYTES ||
      crypto_auth_verify(reinterpret_cast<const unsigned char*>(mac->data()),
                         reinterpret_cast<const unsigned char*>(part.data()), part.size(), key_.data()) != 0)
    return refused("preview token with a wrong seal");
  const auto text = protocol::decode_base64url(part);
  if (!text) return refused("preview token malformed");
  const auto json = protocol::parse_json(*text);
  if (!json) return refused("preview token malformed");
  auto grant = protocol::decode<PreviewGrant>(*json, "preview");
  if (!grant) return refused("preview token malformed");
  if (grant->kind != kind) return refused("preview token of another kind");
  if (grant->expires <= clock_()) return refused("preview token expired");
  if (target && *target != PreviewTarget{grant->workspace, grant->port})
    return refused("preview token for another preview");
  return grant;
}

net::Task<Result<bool>> PreviewAccess::first_use(const PreviewGrant& ticket) {
  if (shared_ == nullptr) co_return first_use_here(ticket);
  co_return co_await net::offload(pool_, [&] {
    // Clocks of servers differ by less than a ticket lives.
    return shared_->first_use("ticket " + ticket.nonce, ticket.expires + preview_ticket_life, clock_());
  });
}

bool PreviewAccess::first_use_here(const PreviewGrant& ticket) {
  const std::lock_guard lock(mutex_);
  const auto now = clock_();
  std::erase_if(used_tickets_, [now](const auto& used) { return used.second <= now; });
  return used_tickets_.emplace(ticket.nonce, ticket.expires).second;
}

net::Task<bool> PreviewAccess::lives(PreviewGrant& grant) {
  if (grant.kind == PreviewTokenKind::link || grant.kind == PreviewTokenKind::guest) {
    grant.stands_until = grant.expires;
    co_return true;  // no sign-in; whether the port's links are good still is asked with each request
  }
  std::shared_ptr<KnownSignIn> known;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = known_.find(grant.sign_in); found != known_.end()) {
      if (found->second->ended || (found->second->expires > 0 && found->second->expires <= clock_()))
        co_return false;
      grant.stands_until = found->second->expires;
      if (clock_() - found->second->looked < look_again) co_return true;
    }
  }
  known = std::make_shared<KnownSignIn>();
  // Watched before it is looked up: an end in between is not missed. No workspace has an empty id.
  known->subscription = events_.subscribe({grant.sign_in, grant.account, ""},
                                          [weak = std::weak_ptr(known)](const std::string&) {
                                            if (const auto held = weak.lock()) held->ended = true;
                                          });
  known->looked = clock_();
  const auto standing =
      co_await net::offload(pool_, [this, id = grant.sign_in] { return find_standing_(id); });
  if (!standing || standing->account != grant.account || known->ended ||
      (standing->expires > 0 && standing->expires <= clock_()))
    co_return false;
  known->expires = standing->expires;
  grant.stands_until = standing->expires;
  std::map<std::string, std::shared_ptr<KnownSignIn>> dropped;  // their subscriptions end after the lock
  {
    const std::lock_guard lock(mutex_);
    if (known_.size() >= known_sign_ins) known_.swap(dropped);
    auto& place = known_[grant.sign_in];
    dropped.emplace("", std::exchange(place, known));
  }
  co_return true;
}

net::Task<Result<PreviewGrant>> PreviewAccess::check(std::string token, PreviewTokenKind kind,
                                                     std::optional<PreviewTarget> target) {
  auto grant = open(token, kind, target);
  if (!grant) co_return grant;
  if (kind == PreviewTokenKind::ticket) {
    const auto first = co_await first_use(*grant);
    if (!first) co_return std::unexpected(first.error());
    if (!*first) co_return refused("preview ticket used before");
  }
  if (!co_await lives(*grant)) co_return refused("sign-in has ended");
  co_return grant;
}

net::Task<Result<PreviewGrant>> PreviewAccess::check_cookies(std::string header, PreviewTarget target) {
  Result<PreviewGrant> last = refused("no preview cookie");
  std::string_view rest = header;
  for (int tried = 0; !rest.empty() && tried < 8;) {
    auto pair = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (!pair.starts_with(preview_cookie) || pair.substr(preview_cookie.size()).substr(0, 1) != "=") continue;
    ++tried;
    const std::string token(pair.substr(preview_cookie.size() + 1));
    last = co_await check(token, PreviewTokenKind::cookie, target);
    if (last) co_return last;
    auto guest = co_await check(token, PreviewTokenKind::guest, target);
    if (guest) co_return guest;
  }
  co_return last;
}

}  // namespace berth::server
