// SPDX-License-Identifier: GPL-3.0-or-later
// What the ways in beside a password need of the rules of accounts.
#include "server/accounts_state.hpp"
#include "server/identity_store.hpp"

namespace berth::server {

net::Task<Result<Tokens>> Accounts::sign_in_proven(std::string account, Caller caller) {
  co_return co_await net::offload(state_->pool, [&]() -> Result<Tokens> {
    auto record = state_->store.accounts().by_id(account);
    if (!record) return std::unexpected(std::move(record.error()));
    return state_->begin(*record, caller);
  });
}

net::Task<Result<bool>> Accounts::is_password(std::string account, std::string password,
                                              std::string address) {
  if (password.size() > 256)
    co_return failure(ErrorCode::invalid_argument, "body.password: longer than 256 bytes");
  auto record = co_await net::offload(state_->pool, [&] { return state_->store.accounts().by_id(account); });
  if (!record) co_return std::unexpected(std::move(record.error()));
  const auto wait = co_await state_->wait_before(record->email, address);
  if (!wait) co_return std::unexpected(wait.error());
  if (*wait > 0) co_return State::wait_first(*wait);
  auto matches = co_await state_->passwords.matches(std::move(password), record->password_hash);
  if (matches && *matches) co_await state_->clear_wait(record->email, address);
  co_return matches;
}

net::Task<Result<void>> Accounts::reset_password(std::string account, std::string email, std::string password,
                                                 bool proves_email, std::function<Result<void>()> use_up) {
  if (auto good = State::check_password(password, "password"); !good) co_return good;
  auto hash = co_await state_->passwords.make(std::move(password));
  if (!hash) co_return std::unexpected(std::move(hash.error()));
  auto reset = co_await net::offload(state_->pool, [&]() -> Result<void> {
    if (auto used = use_up(); !used) return used;
    return state_->store.identities().reset_password(account, email, *hash, proves_email);
  });
  if (reset) state_->events.end_account(account, "The password was set anew; sign in again.");
  co_return reset;
}

net::Task<Result<void>> Accounts::limit_calls(std::string address, std::string purpose, int free) {
  const auto wait = co_await state_->wait_before_from(std::move(address), std::move(purpose), free);
  if (!wait) co_return std::unexpected(wait.error());
  if (*wait > 0) co_return State::wait_first(*wait);
  co_return Result<void>{};
}

Result<void> Accounts::may_register(const std::string& email) const {
  if (!state_->settings.current().registration_open)
    return failure(ErrorCode::permission_denied,
                   "Registration is closed on this server; ask its administrator for an account.");
  return state_->settings.may_register(email);
}

std::int64_t Accounts::maximum_accounts() const { return state_->options.maximum_accounts; }

}  // namespace berth::server
