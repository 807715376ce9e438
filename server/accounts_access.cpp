// SPDX-License-Identifier: GPL-3.0-or-later
// Sign-ins and personal access tokens one by one.
#include <spdlog/spdlog.h>

#include "server/accounts_state.hpp"
#include "server/personal_token.hpp"
#include "server/standing.hpp"

namespace berth::server {
namespace rest = protocol::rest;

namespace {

constexpr std::int64_t most_tokens = 100;         // of an account
constexpr std::int64_t between_touches = 60'000;  // ms: how exact a token's last use is

constexpr const char* token_revoked = "This access token was revoked.";

rest::AccessToken visible_token(const TokenRecord& token) {
  const auto scopes = scopes_of(token.scopes);
  return {token.id,      token.name,    {scopes.begin(), scopes.end()},
          token.created, token.expires, token.last_used};
}

std::unexpected<Error> no_good_token(const char* detail) {
  return failure(ErrorCode::unauthenticated, "This access token is not valid (any more).", detail);
}

}  // namespace

net::Task<Result<Principal>> Accounts::authenticate_token(std::string text) {
  const auto id = id_of_personal_token(text);
  if (!id) co_return no_good_token("malformed personal access token");
  co_return co_await net::offload(state_->pool, [&]() -> Result<Principal> {
    auto& store = state_->store;
    auto token = store.tokens().find(*id);
    if (!token && token.error().code == ErrorCode::not_found) return no_good_token("no such access token");
    if (!token) return std::unexpected(std::move(token.error()));
    if (!is_token_of(text, token->hash, state_->keys.identity))
      return no_good_token("personal access token with a wrong secret");
    const auto now = state_->clock();
    if (token->expires && *token->expires <= now) return no_good_token("personal access token expired");
    auto account = store.accounts().by_id(token->account);
    if (!account && account.error().code == ErrorCode::not_found) return no_good_token("its account is gone");
    if (!account) return std::unexpected(std::move(account.error()));
    if (account->disabled) return no_good_token("its account is disabled");
    if (!token->last_used || now - *token->last_used >= between_touches)
      if (auto touched = store.tokens().touch(*id, now); !touched)
        spdlog::warn("the last use of an access token was not kept: {}", touched.error().message);
    Principal principal{.account = account->id,
                        .name = account->name,
                        .email = account->email,
                        .administrator = account->administrator,
                        .sign_in = standing_of_token(*id)};
    principal.stands_until = token->expires.value_or(0);
    principal.scopes = scopes_of(token->scopes);
    return principal;
  });
}

net::Task<Result<std::vector<rest::SignInItem>>> Accounts::sign_ins(Principal principal) {
  auto found = co_await net::offload(
      state_->pool, [&] { return state_->store.sign_ins().list_of(principal.account, state_->clock()); });
  if (!found) co_return std::unexpected(std::move(found.error()));
  std::vector<rest::SignInItem> items;
  for (const auto& sign_in : *found)
    items.push_back({sign_in.id, sign_in.client, sign_in.address, sign_in.created, sign_in.rotated,
                     sign_in.id == principal.sign_in, !sign_in.impersonator.empty()});
  co_return items;
}

net::Task<Result<void>> Accounts::end_sign_in(Principal principal, std::string id) {
  auto ended = co_await net::offload(state_->pool,
                                     [&] { return state_->store.sign_ins().end_of(principal.account, id); });
  if (ended) state_->events.end_sign_in(id, "You were signed out from another place; sign in again.");
  co_return ended;
}

net::Task<Result<std::vector<rest::AccessToken>>> Accounts::tokens(Principal principal) {
  auto found =
      co_await net::offload(state_->pool, [&] { return state_->store.tokens().list_of(principal.account); });
  if (!found) co_return std::unexpected(std::move(found.error()));
  std::vector<rest::AccessToken> items;
  for (const auto& token : *found) items.push_back(visible_token(token));
  co_return items;
}

net::Task<Result<rest::CreateToken::Result>> Accounts::create_token(Principal principal,
                                                                    rest::CreateToken::Body body) {
  auto name = State::checked_name(body.name);
  if (!name) co_return std::unexpected(std::move(name.error()));
  const Scopes scopes(body.scopes.begin(), body.scopes.end());
  if (scopes.empty())
    co_return failure(ErrorCode::invalid_argument, "body.scopes: say what the token may be used for");
  if (scopes.contains(rest::Scope::admin) && !principal.administrator)
    co_return failure(ErrorCode::permission_denied, "body.scopes: `admin` is for administrators only");
  const auto now = state_->clock();
  if (body.expires && *body.expires <= now)
    co_return failure(ErrorCode::invalid_argument, "body.expires: must be in the future");
  auto made = make_personal_token(state_->keys.identity);
  const TokenRecord token{.id = made.id,
                          .account = principal.account,
                          .name = *name,
                          .hash = made.hash,
                          .scopes = scopes_text(scopes),
                          .created = now,
                          .expires = body.expires,
                          .last_used = {},
                          .made_by = principal.sign_in};
  auto inserted =
      co_await net::offload(state_->pool, [&] { return state_->store.tokens().insert(token, most_tokens); });
  if (!inserted) co_return std::unexpected(std::move(inserted.error()));
  spdlog::info("account {} made access token {}", principal.account, token.id);
  co_return rest::CreateToken::Result{visible_token(token), std::move(made.text)};
}

net::Task<Result<void>> Accounts::remove_token(Principal principal, std::string id) {
  auto removed = co_await net::offload(state_->pool,
                                       [&] { return state_->store.tokens().remove(principal.account, id); });
  if (removed) state_->events.end_sign_in(standing_of_token(id), token_revoked);
  co_return removed;
}

void Accounts::State::end_open(const std::string& account, const std::vector<std::string>& tokens,
                               const std::string& reason) {
  events.end_account(account, reason);
  for (const auto& token : tokens) events.end_sign_in(standing_of_token(token), reason);
}

}  // namespace berth::server
