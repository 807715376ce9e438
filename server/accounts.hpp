// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of accounts and sign-ins: register, sign in and out, refresh, profile, password, first
// administrator. No HTTP and no SQL. Every call may be made on any I/O thread and resumes on the caller's
// executor.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "protocol/net/task.hpp"
#include "protocol/rest.hpp"
#include "server/clock.hpp"
#include "server/metadata_store.hpp"
#include "server/principal.hpp"
#include "server/server_keys.hpp"
#include "server/session_events.hpp"
#include "server/settings.hpp"
#include "server/sign_in_throttle.hpp"

namespace berth::server {

/// Where a request came from: for throttling and for the list of sign-ins.
struct Caller {
  std::string address;
  std::string client;  // user agent
};

/// A sign-in just made or refreshed. Who answers the request decides whether tokens go to cookies or into the
/// body.
struct Tokens {
  protocol::rest::Account account;
  std::string access_token;
  std::string refresh_token;
  std::int64_t access_expires = 0;   // Unix ms
  std::int64_t refresh_expires = 0;  // Unix ms
};

class Accounts {
 public:
  struct Options {
    std::int64_t maximum_accounts = 0;  // 0: no limit; 1 where limits can't be enforced
    int concurrent_hashes = 2;          // argon2id runs at once, 64 MiB each
    bool shared = false;  // several servers are one: attempts and the set-up token are the store's
  };

  Accounts(MetadataStore& store, const ServerKeys& keys, SessionEvents& events, Settings& settings,
           boost::asio::thread_pool& pool, Clock clock, Options options);
  ~Accounts();

  /// Who it is, or unauthenticated. Also refuses tokens whose sign-in has ended.
  net::Task<Result<Principal>> authenticate(Credentials credentials);

  /// The one-time set-up token while there is no administrator: made at first call, kept in memory only, or
  /// in the store where several servers give one.
  Result<std::optional<std::string>> setup_token();
  net::Task<Result<bool>> setup_needed();

  net::Task<Result<Tokens>> set_up(protocol::rest::Setup::Body body, Caller caller);
  net::Task<Result<Tokens>> register_account(protocol::rest::Register::Body body, Caller caller);
  net::Task<Result<Tokens>> sign_in(protocol::rest::SignIn::Body body, Caller caller);
  net::Task<Result<Tokens>> refresh(std::string refresh_token, Caller caller);

  net::Task<Result<void>> sign_out(Principal principal);
  net::Task<Result<void>> sign_out_everywhere(Principal principal);
  net::Task<Result<protocol::rest::Account>> profile(Principal principal);
  net::Task<Result<protocol::rest::Account>> update_profile(Principal principal,
                                                            protocol::rest::UpdateMe::Body body);
  net::Task<Result<void>> change_password(Principal principal, protocol::rest::ChangePassword::Body body);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace berth::server
