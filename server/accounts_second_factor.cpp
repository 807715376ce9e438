// SPDX-License-Identifier: GPL-3.0-or-later
// Second factors: setting one up, and the step between a proven first factor and being signed in.
#include <sodium.h>

#include <algorithm>

#include "server/accounts_state.hpp"
#include "server/random_id.hpp"
#include "server/second_factor.hpp"
#include "server/totp.hpp"

namespace berth::server {
namespace rest = protocol::rest;

namespace {

constexpr std::size_t pending_nonce_length = 20;
constexpr std::int64_t fresh_sign_in = 10 * 60'000;  // ms
constexpr std::string_view totp_issuer = "Berth";

Error second_factor_error(const char* what, const char* message) {
  Error error{ErrorCode::unauthenticated, message, {}, {}};
  error.data["second_factor"] = what;
  return error;
}

std::unexpected<Error> wrong_code() {
  return std::unexpected(
      second_factor_error("wrong", "This code is wrong, or was used before; wait for the next one."));
}

/// Without data: no other code would help.
std::unexpected<Error> pending_ended() {
  return failure(ErrorCode::unauthenticated,
                 "This sign-in took too long, or was finished already; begin it again.");
}

/// In an open session a wrong code is no reason to be signed out.
Error in_session(Error error) {
  if (error.code == ErrorCode::unauthenticated) error.code = ErrorCode::permission_denied;
  return error;
}

std::string session_address(const Principal& principal) { return "sign-in " + principal.sign_in; }

/// What ends a pending sign-in when it changes.
std::string pending_state(const AccountRecord& account, const SecondFactorRecord& factor) {
  return account.password_hash + "\n" + factor.secret;
}

struct MadeCodes {
  rest::RecoveryCodes shown;
  std::vector<std::string> hashes;
};

MadeCodes make_recovery_codes(const std::string& account, const IdentityKey& key) {
  MadeCodes made;
  for (std::size_t i = 0; i < recovery_code_count; ++i) {
    auto code = make_recovery_code();
    made.hashes.push_back(recovery_code_hash(account, plain_recovery_code(code), key));
    made.shown.recovery_codes.push_back(std::move(code));
  }
  return made;
}

std::string new_totp_secret() {
  std::string secret(totp::secret_size, '\0');
  ::randombytes_buf(secret.data(), secret.size());
  return secret;
}

std::string without_spaces(std::string code) {
  std::erase(code, ' ');
  return code;
}

bool looks_like_totp(const std::string& code) {
  return code.size() == totp::digits &&
         std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Error second_factor_required(const std::string& pending) {
  auto error = second_factor_error("required", "Enter the code of your authenticator app.");
  if (!pending.empty()) error.data["pending"] = pending;
  return error;
}

net::Task<Result<AccountRecord>> Accounts::State::prove_password(Principal principal, std::string password,
                                                                 const char* field) {
  if (password.size() > 256)
    co_return failure(ErrorCode::invalid_argument, std::string("body.") + field + ": longer than 256 bytes");
  std::int64_t signed_in = 0;
  auto account = co_await net::offload(pool, [&]() -> Result<AccountRecord> {
    auto sign_in = store.sign_ins().find(principal.sign_in);
    if (!sign_in) return std::unexpected(std::move(sign_in.error()));
    signed_in = sign_in->created;
    return store.accounts().by_id(principal.account);
  });
  if (!account) co_return std::unexpected(std::move(account.error()));
  if (account->password_hash.empty()) {
    if (clock() - signed_in < fresh_sign_in) co_return account;
    co_return failure(ErrorCode::permission_denied,
                      "This account has no password; sign in again and do this within ten minutes.");
  }
  // Counted apart from sign-ins: who guesses from outside must not keep the owner from this.
  const auto counted = "password of " + principal.account;
  const auto wait = co_await wait_before(counted, session_address(principal));
  if (!wait) co_return std::unexpected(wait.error());
  if (*wait > 0) co_return wait_first(*wait);
  auto matches = co_await passwords.matches(std::move(password), account->password_hash);
  if (!matches) co_return std::unexpected(std::move(matches.error()));
  if (!*matches) co_return failure(ErrorCode::permission_denied, std::string("body.") + field + ": wrong");
  co_await clear_wait(counted, session_address(principal));
  co_return account;
}

net::Task<Result<void>> Accounts::prove_owner(Principal principal, std::string password,
                                              std::optional<std::string> code, const char* field) {
  auto proven = co_await state_->prove_password(principal, std::move(password), field);
  if (!proven) co_return std::unexpected(std::move(proven.error()));
  auto checked = co_await check_second_factor(principal.account, std::move(code), session_address(principal));
  if (!checked) co_return std::unexpected(in_session(std::move(checked.error())));
  co_return Result<void>{};
}

net::Task<Result<void>> Accounts::State::take_code(SecondFactorRecord factor, std::string code,
                                                   std::string address) {
  // Counted apart from passwords: who knows the password could else clear what wrong codes counted.
  const auto counted = "second factor " + factor.account;
  const auto wait = co_await wait_before(counted, address);
  if (!wait) co_return std::unexpected(wait.error());
  if (*wait > 0) co_return wait_first(*wait);
  const auto digits = without_spaces(code);
  auto taken = co_await net::offload(pool, [&]() -> Result<bool> {
    if (looks_like_totp(digits)) {
      auto secret = open_secret(factor.secret, factor.account, keys.second_factor);
      if (!secret) return std::unexpected(std::move(secret.error()));
      const auto step = totp::matching_step(*secret, digits, clock() / 1000, factor.last_step);
      if (!step) return false;
      return store.second_factors().use_step(factor.account, *step);
    }
    const auto plain = plain_recovery_code(code);
    if (plain.empty()) return false;
    return store.second_factors().use_code(factor.account,
                                           recovery_code_hash(factor.account, plain, keys.identity));
  });
  if (!taken) co_return std::unexpected(std::move(taken.error()));
  if (!*taken) co_return wrong_code();
  co_await clear_wait(counted, address);
  co_return Result<void>{};
}

net::Task<Result<void>> Accounts::check_second_factor(std::string account, std::optional<std::string> code,
                                                      std::string address) {
  auto factor =
      co_await net::offload(state_->pool, [&] { return state_->store.second_factors().find(account); });
  if (!factor) co_return std::unexpected(std::move(factor.error()));
  if (!*factor || !(*factor)->enabled) co_return Result<void>{};
  if (!code || code->empty()) co_return std::unexpected(second_factor_required({}));
  co_return co_await state_->take_code(std::move(**factor), std::move(*code), std::move(address));
}

net::Task<Result<SignInStep>> Accounts::begin_sign_in(std::string account, Caller caller) {
  co_return co_await net::offload(state_->pool, [&]() -> Result<SignInStep> {
    auto& store = state_->store;
    auto record = store.accounts().by_id(account);
    if (!record) return std::unexpected(std::move(record.error()));
    auto factor = store.second_factors().find(account);
    if (!factor) return std::unexpected(std::move(factor.error()));
    if (*factor && (*factor)->enabled) {
      const PendingSignIn pending{account, random_id(pending_nonce_length), state_->clock() + pending_life};
      return SignInStep{{}, make_pending(pending, pending_state(*record, **factor), state_->keys.identity)};
    }
    auto tokens = state_->begin(*record, caller);
    if (!tokens) return std::unexpected(std::move(tokens.error()));
    return SignInStep{std::move(*tokens), {}};
  });
}

net::Task<Result<Tokens>> Accounts::finish_sign_in(rest::FinishSignIn::Body body, Caller caller) {
  const auto pending = parse_pending(body.pending);
  if (!pending || pending->expires <= state_->clock()) co_return pending_ended();
  std::optional<AccountRecord> account;
  auto factor = co_await net::offload(state_->pool, [&]() -> Result<std::optional<SecondFactorRecord>> {
    auto record = state_->store.accounts().by_id(pending->account);
    if (!record) return std::unexpected(std::move(record.error()));
    account = std::move(*record);
    return state_->store.second_factors().find(pending->account);
  });
  if (!factor && factor.error().code != ErrorCode::not_found)
    co_return std::unexpected(std::move(factor.error()));
  if (!factor || !*factor || !(*factor)->enabled ||
      !is_pending_of(body.pending, *pending, pending_state(*account, **factor), state_->keys.identity))
    co_return pending_ended();
  auto taken = co_await state_->take_code(std::move(**factor), std::move(body.code), caller.address);
  if (!taken) co_return std::unexpected(std::move(taken.error()));
  co_return co_await net::offload(state_->pool, [&]() -> Result<Tokens> {
    // Servers' clocks differ by seconds, so it is remembered a little longer than it lives.
    auto first = state_->store.counts().first_use("pending " + pending->nonce,
                                                  pending->expires + pending_life, state_->clock());
    if (!first) return std::unexpected(std::move(first.error()));
    if (!*first) return pending_ended();
    return state_->begin(*account, caller);
  });
}

net::Task<Result<rest::GetSecondFactor::Result>> Accounts::second_factor(Principal principal) {
  auto factor = co_await net::offload(state_->pool,
                                      [&] { return state_->store.second_factors().find(principal.account); });
  if (!factor) co_return std::unexpected(std::move(factor.error()));
  if (!*factor || !(*factor)->enabled) co_return rest::GetSecondFactor::Result{false, 0};
  co_return rest::GetSecondFactor::Result{true, (*factor)->codes_left};
}

net::Task<Result<rest::BeginSecondFactor::Result>> Accounts::begin_second_factor(Principal principal,
                                                                                 std::string password) {
  auto account = co_await state_->prove_password(principal, std::move(password), "password");
  if (!account) co_return std::unexpected(std::move(account.error()));
  const auto secret = new_totp_secret();
  auto begun = co_await net::offload(state_->pool, [&] {
    return state_->store.second_factors().begin(
        {.account = account->id,
         .secret = seal_secret(secret, account->id, state_->keys.second_factor),
         .created = state_->clock()});
  });
  if (!begun) co_return std::unexpected(std::move(begun.error()));
  co_return rest::BeginSecondFactor::Result{totp::base32(secret),
                                            totp::uri(secret, totp_issuer, account->email)};
}

net::Task<Result<rest::RecoveryCodes>> Accounts::confirm_second_factor(Principal principal,
                                                                       std::string code) {
  const auto counted = "second factor " + principal.account;
  const auto wait = co_await state_->wait_before(counted, session_address(principal));
  if (!wait) co_return std::unexpected(wait.error());
  if (*wait > 0) co_return State::wait_first(*wait);
  auto confirmed = co_await net::offload(state_->pool, [&]() -> Result<rest::RecoveryCodes> {
    auto& factors = state_->store.second_factors();
    auto factor = factors.find(principal.account);
    if (!factor) return std::unexpected(std::move(factor.error()));
    if (!*factor || (*factor)->enabled)
      return failure(ErrorCode::conflict, *factor ? "The second factor is in force already."
                                                  : "Begin to set up the second factor first.");
    auto secret = open_secret((*factor)->secret, principal.account, state_->keys.second_factor);
    if (!secret) return std::unexpected(std::move(secret.error()));
    const auto step = totp::matching_step(*secret, without_spaces(code), state_->clock() / 1000, 0);
    if (!step) return wrong_code();
    auto codes = make_recovery_codes(principal.account, state_->keys.identity);
    if (auto enabled = factors.enable(principal.account, (*factor)->secret, *step, codes.hashes); !enabled)
      return std::unexpected(std::move(enabled.error()));
    return std::move(codes.shown);
  });
  if (!confirmed) co_return std::unexpected(in_session(std::move(confirmed.error())));
  co_await state_->clear_wait(counted, session_address(principal));
  co_return confirmed;
}

net::Task<Result<void>> Accounts::disable_second_factor(Principal principal,
                                                        rest::DisableSecondFactor::Body body) {
  auto proven = co_await prove_owner(principal, std::move(body.password), std::move(body.code), "password");
  if (!proven) co_return proven;
  co_return co_await net::offload(state_->pool,
                                  [&] { return state_->store.second_factors().remove(principal.account); });
}

net::Task<Result<rest::RecoveryCodes>> Accounts::renew_recovery_codes(Principal principal, std::string code) {
  auto checked = co_await check_second_factor(principal.account, std::move(code), session_address(principal));
  if (!checked) co_return std::unexpected(in_session(std::move(checked.error())));
  auto codes = make_recovery_codes(principal.account, state_->keys.identity);
  auto replaced = co_await net::offload(state_->pool, [&] {
    return state_->store.second_factors().replace_codes(principal.account, codes.hashes);
  });
  if (!replaced) co_return std::unexpected(std::move(replaced.error()));
  co_return std::move(codes.shown);
}

}  // namespace berth::server
