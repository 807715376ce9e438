// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of accounts and sign-ins: register, sign in and out, refresh, profile, password, first
// administrator. No HTTP and no SQL. Every call may be made on any I/O thread and resumes on the caller's
// executor.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocol/net/task.hpp"
#include "protocol/rest_identity.hpp"
#include "server/clock.hpp"
#include "server/identity_store.hpp"
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

/// What the proof of a first factor leads to.
struct SignInStep {
  std::optional<Tokens> tokens;  // signed in
  std::string pending;           // else: what POST /auth/second_factor takes with a code, 5 min, good once
};

/// The answer where a route has no other way to say so: unauthenticated, data second_factor "required" and
/// `pending` (not with an empty one).
Error second_factor_required(const std::string& pending);

/// Whether its password is a way into the account: everybody's, or, where people sign in by providers only,
/// administrators'. A provider that is set up wrongly must not shut them out.
bool by_password(const Settings& settings, const AccountRecord& account);

class Accounts {
 public:
  struct Options {
    std::int64_t maximum_accounts = 0;  // 0: no limit; 1 where limits can't be enforced
    int concurrent_hashes = 2;          // argon2id runs at once, 64 MiB each
    bool shared = false;            // several servers are one: attempts and the set-up token are the store's
    bool proves_addresses = false;  // mails are sent: another e-mail address waits until it is verified
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

  // The step between a first factor and being signed in (accounts_second_factor.cpp).
  /// For an account whose first factor was just proven, by a provider or a link in a mail. not_found when
  /// there is no such account.
  net::Task<Result<SignInStep>> begin_sign_in(std::string account, Caller caller);
  /// unauthenticated with data second_factor "wrong" when the code is (also when it was used before), without
  /// data when `pending` is no good any more: it was used, is old, or the password or second factor changed
  /// since.
  net::Task<Result<Tokens>> finish_sign_in(protocol::rest::FinishSignIn::Body body, Caller caller);
  /// Success when the account has no second factor, or this is a code of it that was not used before; else as
  /// sign_in(): required or wrong. Guesses are throttled for the account and the address.
  net::Task<Result<void>> check_second_factor(std::string account, std::optional<std::string> code,
                                              std::string address);

  // For ways in beside a password (accounts_ways_in.cpp).
  /// Signs in whoever has proven all that is asked of the account, its second factor, too. `agreed_by`: a
  /// sign-in of the account which stands for the proof, and must still be there; "" for none.
  net::Task<Result<Tokens>> sign_in_proven(std::string account, Caller caller, std::string agreed_by = {});
  /// Whether this is the account's password; false where it has none. Throttled as signing in is.
  net::Task<Result<bool>> is_password(std::string account, std::string password, std::string address);
  /// By a link, after which begin_sign_in() is next. not_found when `email` is not the account's any more.
  /// `use_up` uses the link up, before anything is changed; it runs on a worker thread.
  net::Task<Result<void>> reset_password(std::string account, std::string email, std::string password,
                                         bool proves_email, std::function<Result<void>()> use_up);
  /// By an administrator, all at once: AccountReset. What was open ends, here and at other servers.
  net::Task<Result<void>> reset_account(AccountReset reset);
  /// That whoever sits at an open session is the account's owner: its password (or, where it has none, a
  /// sign-in of the last ten minutes) and a code where it has a second factor. permission_denied otherwise,
  /// with data second_factor "required" or "wrong" when it is for the code; `field` names the password's.
  net::Task<Result<void>> prove_owner(Principal principal, std::string password,
                                      std::optional<std::string> code, const char* field);
  /// limit_exceeded after `free` calls within an hour from one address, for a while.
  net::Task<Result<void>> limit_calls(std::string address, std::string purpose, int free);
  /// success when somebody with this (normal) address may have a new account.
  Result<void> may_register(const std::string& email) const;
  std::int64_t maximum_accounts() const;
  /// As by_password().
  bool takes_password_of(const AccountRecord& account) const;

  net::Task<Result<protocol::rest::GetSecondFactor::Result>> second_factor(Principal principal);
  net::Task<Result<protocol::rest::BeginSecondFactor::Result>> begin_second_factor(Principal principal,
                                                                                   std::string password);
  net::Task<Result<protocol::rest::RecoveryCodes>> confirm_second_factor(Principal principal,
                                                                         std::string code);
  net::Task<Result<void>> disable_second_factor(Principal principal,
                                                protocol::rest::DisableSecondFactor::Body body);
  net::Task<Result<protocol::rest::RecoveryCodes>> renew_recovery_codes(Principal principal,
                                                                        std::string code);

  // Sign-ins and tokens one by one (accounts_access.cpp).
  net::Task<Result<std::vector<protocol::rest::SignInItem>>> sign_ins(Principal principal);
  net::Task<Result<void>> end_sign_in(Principal principal, std::string id);
  net::Task<Result<std::vector<protocol::rest::AccessToken>>> tokens(Principal principal);
  net::Task<Result<protocol::rest::CreateToken::Result>> create_token(Principal principal,
                                                                      protocol::rest::CreateToken::Body body);
  net::Task<Result<void>> remove_token(Principal principal, std::string id);

  // An administrator who acts as somebody else (accounts_impersonation.cpp).
  /// A sign-in of this account that lasts half an hour, and no longer than the administrator's own. Never as
  /// another administrator, nor as somebody who is disabled.
  net::Task<Result<Tokens>> impersonate(Principal administrator, std::string account, Caller caller);
  /// Ends it; gives the administrator's own sign-in back to the browser that had it, whose refresh cookie
  /// proves that it is the one. No tokens without a cookie.
  net::Task<Result<Tokens>> end_impersonation(Principal principal, std::optional<std::string> refresh_cookie);

  net::Task<Result<void>> sign_out(Principal principal);
  net::Task<Result<void>> sign_out_everywhere(Principal principal);
  net::Task<Result<protocol::rest::Account>> profile(Principal principal);
  net::Task<Result<protocol::rest::Account>> update_profile(Principal principal,
                                                            protocol::rest::UpdateMe::Body body);
  net::Task<Result<void>> change_password(Principal principal, protocol::rest::ChangePassword::Body body);

 private:
  struct State;  // accounts_state.hpp
  net::Task<Result<Principal>> authenticate_token(std::string token);
  std::unique_ptr<State> state_;
};

}  // namespace berth::server
