// SPDX-License-Identifier: GPL-3.0-or-later
// What the ways in beside a password need of the rules of accounts.
#include "server/accounts_state.hpp"
#include "server/identity_store.hpp"

namespace berth::server {

bool by_password(const Settings& settings, const AccountRecord& account) {
  return settings.current().password_sign_in || account.administrator;
}

Result<void> Accounts::State::may_use_password(const Settings& settings, const AccountRecord& account) {
  if (by_password(settings, account)) return {};
  return failure(ErrorCode::permission_denied,
                 "On this server people sign in with an identity provider, not with a password.");
}

bool Accounts::takes_password_of(const AccountRecord& account) const {
  return by_password(state_->settings, account);
}

net::Task<Result<Tokens>> Accounts::sign_in_proven(std::string account, Caller caller,
                                                   std::string agreed_by) {
  co_return co_await net::offload(state_->pool, [&]() -> Result<Tokens> {
    auto record = state_->store.accounts().by_id(account);
    if (!record) return std::unexpected(std::move(record.error()));
    return state_->begin(*record, caller, agreed_by);
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
  const auto tokens = co_await net::offload(state_->pool, [&]() -> Result<std::vector<std::string>> {
    const auto record = state_->store.accounts().by_id(account);
    if (!record) return std::unexpected(record.error());
    if (auto allowed = State::may_use_password(state_->settings, *record); !allowed)
      return std::unexpected(std::move(allowed.error()));
    if (auto used = use_up(); !used) return std::unexpected(std::move(used.error()));
    return state_->store.identities().reset_password(account, email, *hash, proves_email);
  });
  if (!tokens) co_return std::unexpected(tokens.error());
  state_->end_open(account, *tokens, "The password was set anew; sign in again.");
  co_return Result<void>{};
}

net::Task<Result<void>> Accounts::reset_account(AccountReset reset) {
  const auto tokens =
      co_await net::offload(state_->pool, [&] { return state_->store.identities().reset_account(reset); });
  if (!tokens) co_return std::unexpected(tokens.error());
  state_->end_open(reset.account, *tokens,
                   "An administrator reset your account; ask them for the link to set a password.");
  co_return Result<void>{};
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
