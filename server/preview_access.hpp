// SPDX-License-Identifier: GPL-3.0-or-later
// Who may see a preview: one-time tickets, the cookie on a preview's own host, the capability of the path
// form, and whether the sign-in they all stand on still lives. Tokens are sealed with the server's preview
// key: base64url(JSON) "." base64url(MAC).
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/net/task.hpp"
#include "server/clock.hpp"
#include "server/metadata_store.hpp"
#include "server/preview_address.hpp"
#include "server/principal.hpp"
#include "server/session_events.hpp"
#include "server/standing.hpp"

namespace berth::server {

enum class PreviewTokenKind {
  ticket,      // in a URL, once, for a minute: makes a browser's cookie
  cookie,      // on one preview's host
  capability,  // in the path form's URLs: there is no cookie there
  link,        // in a URL, for anybody, until it expires: makes a guest's cookie
  guest,       // that cookie
};
BOOST_DESCRIBE_ENUM(PreviewTokenKind, ticket, cookie, capability, link, guest)

struct PreviewGrant {
  PreviewTokenKind kind = PreviewTokenKind::ticket;
  std::string workspace;
  std::uint16_t port = 0;
  std::string account;
  std::string name;          // of the account
  std::string sign_in;       // or token: Principal::sign_in
  std::string ide;           // origin of the IDE that handed over: it may frame the preview
  std::int64_t expires = 0;  // Unix ms
  std::string nonce;
  std::optional<std::int64_t> link = {};  // of a link and its guests: the generation of the port's links
  std::int64_t stands_until = 0;  // not in the token: when what it stands on expires, by check(); 0: never
};
BOOST_DESCRIBE_STRUCT(PreviewGrant, (),
                      (kind, workspace, port, account, name, sign_in, ide, expires, nonce, link))

inline constexpr std::string_view preview_cookie = "berth_preview";
inline constexpr std::int64_t preview_ticket_life = 60'000;              // ms
inline constexpr std::int64_t preview_cookie_life = 24 * 3'600'000;      // ms
inline constexpr std::int64_t preview_capability_life = 12 * 3'600'000;  // ms

/// Thread-safe.
class PreviewAccess {
 public:
  using Key = std::array<unsigned char, 32>;
  /// `shared` remembers used tickets where several servers take them; null: they are remembered here.
  /// What a grant stands on; not_found once it has ended. Blocks.
  using FindStanding = std::function<Result<Standing>(const std::string& sign_in)>;
  PreviewAccess(const Key& key, FindStanding find_standing, SessionEvents& events,
                boost::asio::thread_pool& pool, Clock clock, SharedCounts* shared = nullptr);

  /// A token of this kind; `nonce`, and but for a link and its guests `expires`, are filled in.
  std::string issue(PreviewGrant grant, PreviewTokenKind kind);

  /// unauthenticated when forged, expired, of another kind, for another target, a ticket used before, or when
  /// the sign-in has ended. `target` absent: the token's own is taken.
  net::Task<Result<PreviewGrant>> check(std::string token, PreviewTokenKind kind,
                                        std::optional<PreviewTarget> target);

  /// The first of the request's preview cookies that holds for `target`: pages of other hosts may have set
  /// more.
  net::Task<Result<PreviewGrant>> check_cookies(std::string cookie_header, PreviewTarget target);

 private:
  struct KnownSignIn;
  Result<PreviewGrant> open(std::string_view token, PreviewTokenKind kind,
                            const std::optional<PreviewTarget>& target);
  bool first_use_here(const PreviewGrant& ticket);
  net::Task<Result<bool>> first_use(const PreviewGrant& ticket);
  /// Fills in stands_until.
  net::Task<bool> lives(PreviewGrant& grant);

  const Key key_;
  FindStanding find_standing_;
  SessionEvents& events_;
  boost::asio::thread_pool& pool_;
  Clock clock_;
  SharedCounts* const shared_;
  std::mutex mutex_;
  std::map<std::string, std::int64_t> used_tickets_;  // nonce → expiry
  std::map<std::string, std::shared_ptr<KnownSignIn>> known_;
};

}  // namespace berth::server
