// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of Accounts share: what it is made of, and the rules that several of its calls need.
#pragma once

#include <mutex>

#include "server/accounts.hpp"
#include "server/password_hash.hpp"

namespace berth::server {

/// An administrator who acts as somebody else, and by which own sign-in.
struct Impersonator {
  AccountRecord account;
  SignInRecord sign_in;
};

struct Accounts::State {
  MetadataStore& store;
  const ServerKeys& keys;
  SessionEvents& events;
  Settings& settings;
  boost::asio::thread_pool& pool;
  Clock clock;
  Options options;
  PasswordHash passwords;

  std::mutex mutex;  // guards what follows
  SignInThrottle throttle_here;
  std::optional<std::string> setup_token;

  /// Makes a sign-in of somebody who was let in while the account was as `account` says; blocks.
  Result<Tokens> begin(const AccountRecord& account, const Caller& caller, const std::string& agreed_by = {});
  Tokens issue(const AccountRecord& account, const SignInRecord& sign_in) const;
  /// Who acts as the account of this sign-in; unauthenticated once they may not any more. Blocks
  /// (accounts_impersonation.cpp).
  Result<Impersonator> find_impersonator(const SignInRecord& sign_in);
  net::Task<Result<Tokens>> make(protocol::rest::Register::Body body, Caller caller,
                                 bool first_administrator);
  // Milliseconds to wait first; these count the attempt.
  net::Task<Result<std::int64_t>> wait_before(std::string email, std::string address);
  net::Task<Result<std::int64_t>> wait_before_from(std::string address, std::string purpose, int free);
  net::Task<void> clear_wait(std::string email, std::string address);

  /// That whoever sits at an open session is its owner: the password, or, where the account has none, a
  /// sign-in of the last ten minutes. Guesses are throttled per sign-in.
  net::Task<Result<AccountRecord>> prove_password(Principal principal, std::string password,
                                                  const char* field);
  /// Tells the connections of the account, and those that stand on its tokens, that they have ended.
  void end_open(const std::string& account, const std::vector<std::string>& tokens,
                const std::string& reason);
  /// Uses up a code of a factor that is in force, or a recovery code; unauthenticated, data second_factor
  /// "wrong", when it is none.
  net::Task<Result<void>> take_code(SecondFactorRecord factor, std::string code, std::string address);

  // What is wrong is said as "body.field: …".
  static Result<std::string> checked_name(const std::string& name);
  static Result<void> check_password(const std::string& password, const char* field);
  static protocol::rest::Account visible(const AccountRecord& account);
  static std::unexpected<Error> signed_out(const char* detail);
  /// permission_denied where by_password() is false.
  static Result<void> may_use_password(const Settings& settings, const AccountRecord& account);
  static std::unexpected<Error> wait_first(std::int64_t ms);
};

}  // namespace berth::server
