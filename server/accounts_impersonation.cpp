// SPDX-License-Identifier: GPL-3.0-or-later
// An administrator who acts as somebody else, to see what they see.
#include <spdlog/spdlog.h>

#include "server/access_token.hpp"
#include "server/accounts_state.hpp"
#include "server/random_id.hpp"
#include "server/refresh_token.hpp"

namespace berth::server {
namespace {

constexpr std::int64_t impersonation_life = 30 * 60'000;  // ms

}  // namespace

Result<Impersonator> Accounts::State::find_impersonator(const SignInRecord& sign_in) {
  const auto over = [](const auto& failed) -> std::unexpected<Error> {
    if (failed.error().code != ErrorCode::not_found) return std::unexpected(failed.error());
    return signed_out("the administrator's own sign-in has ended");
  };
  auto own = store.sign_ins().find(sign_in.impersonator);
  if (!own) return over(own);
  auto account = store.accounts().by_id(own->account);
  if (!account) return over(account);
  if (!account->administrator || account->disabled || own->expires <= clock())
    return signed_out("who acted as this account is no administrator any more");
  return Impersonator{std::move(*account), std::move(*own)};
}

net::Task<Result<Tokens>> Accounts::impersonate(Principal administrator, std::string account, Caller caller) {
  co_return co_await net::offload(state_->pool, [&]() -> Result<Tokens> {
    auto& store = state_->store;
    auto record = store.accounts().by_id(account);
    if (!record) return std::unexpected(std::move(record.error()));
    if (record->team) return failure(ErrorCode::permission_denied, "Nobody can act as a team.");
    if (record->administrator)
      return failure(ErrorCode::permission_denied, "Nobody acts as an administrator but that one.");
    auto own = store.sign_ins().find(administrator.sign_in);
    if (!own) return std::unexpected(std::move(own.error()));
    const auto now = state_->clock();
    const SignInRecord sign_in{.id = random_id(sign_in_id_length),
                               .account = record->id,
                               .salt = random_id(26),
                               .generation = 0,
                               .rotated = now,
                               .created = now,
                               .expires = std::min(now + impersonation_life, own->expires),
                               .client = caller.client.substr(0, 200),
                               .address = caller.address,
                               .impersonator = own->id};
    if (auto inserted = store.sign_ins().insert(sign_in); !inserted)
      return std::unexpected(std::move(inserted.error()));
    spdlog::warn("account {}: the administrator {} acts as it", record->id, administrator.account);
    auto tokens = state_->issue(*record, sign_in);
    tokens.account.impersonated_by = administrator.email;
    return tokens;
  });
}

net::Task<Result<Tokens>> Accounts::end_impersonation(Principal principal,
                                                      std::optional<std::string> refresh_cookie) {
  if (principal.impersonator.empty())
    co_return failure(ErrorCode::conflict, "You act as nobody but yourself.");
  auto ended = co_await net::offload(state_->pool, [&]() -> Result<Tokens> {
    auto& store = state_->store;
    auto sign_in = store.sign_ins().find(principal.sign_in);
    if (!sign_in) return std::unexpected(std::move(sign_in.error()));
    auto own = state_->find_impersonator(*sign_in);
    const auto claim = refresh_cookie ? parse_refresh_token(*refresh_cookie)
                                      : Result<RefreshClaim>(failure(ErrorCode::unauthenticated, ""));
    bool proven = claim && claim->sign_in == sign_in->id;
    if (proven) {
      const auto verdict = judge_refresh(*claim, *sign_in, state_->keys.refresh, state_->clock());
      proven = verdict == RefreshVerdict::rotate || verdict == RefreshVerdict::repeat;
    }
    if (auto gone = store.sign_ins().end(principal.sign_in); !gone)
      return std::unexpected(std::move(gone.error()));
    if (!own) return std::unexpected(std::move(own.error()));
    if (!proven) {
      Tokens none;
      none.account = State::visible(own->account);
      return none;
    }
    return state_->issue(own->account, own->sign_in);
  });
  state_->events.end_sign_in(principal.sign_in, "You act as yourself again.");
  co_return ended;
}

}  // namespace berth::server
