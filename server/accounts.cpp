// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/accounts_state.hpp"

#include <sodium.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "server/access_token.hpp"
#include "server/email_address.hpp"
#include "server/personal_token.hpp"
#include "server/random_id.hpp"
#include "server/refresh_token.hpp"

namespace berth::server {
namespace rest = protocol::rest;

namespace {

constexpr int address_changes_an_hour = 10;

}  // namespace

std::unexpected<Error> Accounts::State::signed_out(const char* detail) {
  return failure(ErrorCode::unauthenticated, "You are signed out; sign in again.", detail);
}

/// Counts code points; the codec has checked that it is UTF-8.
Result<std::string> Accounts::State::checked_name(const std::string& name) {
  const auto length = std::ranges::count_if(name, [](unsigned char c) { return (c & 0xC0) != 0x80; });
  const bool plain = std::ranges::none_of(name, [](unsigned char c) { return c < ' ' || c == 127; });
  if (length < 1 || length > 80 || !plain)
    return failure(ErrorCode::invalid_argument, "body.name: must be 1 to 80 characters on one line");
  return name;
}

Result<void> Accounts::State::check_password(const std::string& password, const char* field) {
  if (password.size() < 10 || password.size() > 256)
    return failure(ErrorCode::invalid_argument,
                   std::string("body.") + field + ": must be 10 to 256 bytes long");
  return {};
}

rest::Account Accounts::State::visible(const AccountRecord& account) {
  rest::Account seen{account.id, account.email, account.name, account.administrator, account.created};
  seen.email_verified = account.email_verified;
  if (!account.pending_email.empty()) seen.pending_email = account.pending_email;
  return seen;
}

std::unexpected<Error> Accounts::State::wait_first(std::int64_t ms) {
  const auto seconds = (ms + 999) / 1000;
  Error error{ErrorCode::limit_exceeded,
              "Too many attempts; try again in " + std::to_string(seconds) + " s.",
              {},
              {}};
  error.data["retry_after"] = std::to_string(seconds);
  return std::unexpected(std::move(error));
}

net::Task<Result<std::int64_t>> Accounts::State::wait_before(std::string email, std::string address) {
  if (!options.shared) {
    const std::lock_guard lock(mutex);
    co_return throttle_here.attempt(email, address, clock());
  }
  co_return co_await net::offload(pool, [&]() -> Result<std::int64_t> {
    std::int64_t waits = 0;
    auto counted = store.counts().change(throttle::names(email, address), [&](throttle::Counts& counts) {
      waits = throttle::attempt(counts, email, address, clock());
    });
    if (!counted) return std::unexpected(std::move(counted.error()));
    return waits;
  });
}

net::Task<Result<std::int64_t>> Accounts::State::wait_before_from(std::string address, std::string purpose,
                                                                  int free) {
  if (!options.shared) {
    const std::lock_guard lock(mutex);
    co_return throttle_here.attempt_from(address, purpose, free, clock());
  }
  co_return co_await net::offload(pool, [&]() -> Result<std::int64_t> {
    std::int64_t waits = 0;
    auto counted =
        store.counts().change({throttle::name_from(address, purpose)}, [&](throttle::Counts& counts) {
          waits = throttle::attempt_from(counts, address, purpose, free, clock());
        });
    if (!counted) return std::unexpected(std::move(counted.error()));
    return waits;
  });
}

net::Task<void> Accounts::State::clear_wait(std::string email, std::string address) {
  if (!options.shared) {
    const std::lock_guard lock(mutex);
    throttle_here.succeeded(email, address, clock());
    co_return;
  }
  const auto cleared = co_await net::offload(pool, [&] {
    return store.counts().change(throttle::names(email, address), [&](throttle::Counts& counts) {
      throttle::succeeded(counts, email, address, clock());
    });
  });
  if (!cleared) spdlog::warn("attempts to sign in were not cleared: {}", cleared.error().message);
}

Accounts::Accounts(MetadataStore& store, const ServerKeys& keys, SessionEvents& events, Settings& settings,
                   boost::asio::thread_pool& pool, Clock clock, Options options)
    : state_(new State{.store = store,
                       .keys = keys,
                       .events = events,
                       .settings = settings,
                       .pool = pool,
                       .clock = std::move(clock),
                       .options = options,
                       .passwords = PasswordHash(options.concurrent_hashes),
                       .mutex = {},
                       .throttle_here = {},
                       .setup_token = {}}) {}

Accounts::~Accounts() = default;

Tokens Accounts::State::issue(const AccountRecord& account, const SignInRecord& sign_in) const {
  const auto now = clock() / 1000;
  return {State::visible(account), sign_access_token(account.id, sign_in.id, now, keys.access.secret_key),
          make_refresh_token(sign_in, sign_in.generation, keys.refresh), (now + access_token_life) * 1000,
          sign_in.expires};
}

Result<Tokens> Accounts::State::begin(const AccountRecord& account, const Caller& caller,
                                      const std::string& agreed_by) {
  const auto now = clock();
  if (auto cleaned = store.sign_ins().remove_expired(now); !cleaned) return std::unexpected(cleaned.error());
  const SignInRecord sign_in{.id = random_id(sign_in_id_length),
                             .account = account.id,
                             .salt = random_id(26),
                             .generation = 0,
                             .rotated = now,
                             .created = now,
                             .expires = now + refresh_life,
                             .client = caller.client.substr(0, 200),
                             .address = caller.address,
                             .impersonator = {},
                             .password_hash = account.password_hash,
                             .agreed_by = agreed_by};
  if (auto inserted = store.sign_ins().insert(sign_in); !inserted) return std::unexpected(inserted.error());
  return issue(account, sign_in);
}

net::Task<Result<Principal>> Accounts::authenticate(Credentials credentials) {
  const auto& token = credentials.bearer ? credentials.bearer : credentials.access_cookie;
  if (!token) co_return failure(ErrorCode::unauthenticated, "Sign in first.");
  if (credentials.bearer && is_personal_token(*token)) co_return co_await authenticate_token(*token);
  const auto verified = [&](const std::string& text) {
    return verify_access_token(text, state_->clock() / 1000, state_->keys.access.public_key);
  };
  auto claims = verified(*token);
  if (!credentials.bearer)
    for (const auto& other : credentials.other_access)
      if (!claims)
        if (auto good = verified(other)) claims = std::move(good);
  if (!claims) co_return std::unexpected(claims.error());
  std::int64_t stands_until = 0;
  std::optional<Impersonator> impersonator;
  auto account = co_await net::offload(state_->pool, [&]() -> Result<AccountRecord> {
    auto sign_in = state_->store.sign_ins().find(claims->sid);
    if (!sign_in) return std::unexpected(sign_in.error());
    stands_until = sign_in->expires;
    if (stands_until <= state_->clock()) return State::signed_out("the sign-in has expired");
    if (!sign_in->impersonator.empty()) {
      auto found = state_->find_impersonator(*sign_in);
      if (!found) return std::unexpected(std::move(found.error()));
      impersonator = std::move(*found);
    }
    auto record = state_->store.accounts().by_id(claims->sub);
    if (record && record->disabled) return State::signed_out("the account is disabled");
    return record;
  });
  if (!account) {
    if (account.error().code == ErrorCode::not_found) co_return State::signed_out("the sign-in has ended");
    co_return std::unexpected(account.error());
  }
  Principal principal{.account = account->id,
                      .name = account->name,
                      .email = account->email,
                      .administrator = account->administrator,
                      .sign_in = claims->sid,
                      .expires = claims->exp,
                      .by_cookie = !credentials.bearer,
                      .stands_until = stands_until};
  if (impersonator) {
    principal.impersonator = impersonator->account.id;
    principal.impersonator_email = impersonator->account.email;
    principal.impersonator_sign_in = impersonator->sign_in.id;
    principal.administrator = false;
  }
  co_return principal;
}

net::Task<Result<bool>> Accounts::setup_needed() {
  co_return co_await net::offload(state_->pool, [this]() -> Result<bool> {
    auto has = state_->store.accounts().has_administrator();
    if (!has) return std::unexpected(has.error());
    return !*has;
  });
}

Result<std::optional<std::string>> Accounts::setup_token() {
  auto has = state_->store.accounts().has_administrator();
  if (!has) return std::unexpected(has.error());
  const std::lock_guard lock(state_->mutex);
  if (*has) return std::optional<std::string>{};
  if (!state_->setup_token && state_->options.shared) {
    auto agreed = state_->store.settings().put_once("setup_token", random_id(32));
    if (!agreed) return std::unexpected(std::move(agreed.error()));
    state_->setup_token = std::move(*agreed);
  }
  if (!state_->setup_token) state_->setup_token = random_id(32);
  return state_->setup_token;
}

net::Task<Result<Tokens>> Accounts::State::make(rest::Register::Body body, Caller caller,
                                                bool first_administrator) {
  auto email = normal_email(body.email);
  if (!email) co_return std::unexpected(email.error());
  auto name = State::checked_name(body.name);
  if (!name) co_return std::unexpected(name.error());
  if (auto good = State::check_password(body.password, "password"); !good)
    co_return std::unexpected(good.error());
  auto hash = co_await passwords.make(std::move(body.password));
  if (!hash) co_return std::unexpected(hash.error());
  const AccountRecord account{.id = random_id(account_id_length),
                              .email = *email,
                              .name = *name,
                              .password_hash = *hash,
                              .administrator = first_administrator,
                              .created = clock()};
  co_return co_await net::offload(pool, [this, account, caller, first_administrator]() -> Result<Tokens> {
    auto inserted = first_administrator ? store.accounts().insert_first_administrator(account)
                                        : store.accounts().insert(account, options.maximum_accounts);
    if (!inserted) return std::unexpected(inserted.error());
    spdlog::info("account {} made{}", account.id, first_administrator ? ", the first administrator" : "");
    return begin(account, caller);
  });
}

net::Task<Result<Tokens>> Accounts::set_up(rest::Setup::Body body, Caller caller) {
  const auto wait = co_await state_->wait_before_from(caller.address, "set-up", 30);
  if (!wait) co_return std::unexpected(wait.error());
  if (*wait > 0) co_return State::wait_first(*wait);
  {
    const std::lock_guard lock(state_->mutex);
    const auto& token = state_->setup_token;
    if (!token || body.token.size() != token->size() ||
        sodium_memcmp(body.token.data(), token->data(), token->size()) != 0)
      co_return failure(ErrorCode::permission_denied,
                        "This set-up link is not valid (any more); berthd prints a new one when it starts.");
  }
  // The token stays until an administrator exists, so a mistyped e-mail costs nothing; the store lets only
  // one through.
  auto made = co_await state_->make({body.email, body.name, body.password}, std::move(caller), true);
  const bool used_up = made || made.error().code == ErrorCode::conflict;
  if (used_up) {
    const std::lock_guard lock(state_->mutex);
    state_->setup_token.reset();
  }
  co_return made;
}

net::Task<Result<Tokens>> Accounts::register_account(rest::Register::Body body, Caller caller) {
  const auto email = normal_email(body.email);
  if (!email) co_return std::unexpected(email.error());
  if (auto open = may_register(*email); !open) co_return std::unexpected(std::move(open.error()));
  if (!state_->settings.current().password_sign_in)
    co_return failure(ErrorCode::permission_denied,
                      "Accounts on this server are made by signing in with an identity provider.");
  const auto wait = co_await state_->wait_before_from(caller.address, "register", 200);
  if (!wait) co_return std::unexpected(wait.error());
  if (*wait > 0) co_return State::wait_first(*wait);
  auto made = co_await state_->make(std::move(body), std::move(caller), false);
  if (!made && made.error().code == ErrorCode::limit_exceeded)
    co_return failure(ErrorCode::limit_exceeded,
                      "This server can't enforce limits on workspaces and so serves one account only; its "
                      "administrator can "
                      "give it a delegated cgroup or start it with --allow-unlimited.");
  co_return made;
}

net::Task<Result<Tokens>> Accounts::sign_in(rest::SignIn::Body body, Caller caller) {
  const auto email = normal_email(body.email);
  if (!email) co_return std::unexpected(email.error());
  if (body.password.size() > 256)
    co_return failure(ErrorCode::invalid_argument, "body.password: longer than 256 bytes");
  const auto wait = co_await state_->wait_before(*email, caller.address);
  if (!wait) co_return std::unexpected(wait.error());
  if (*wait > 0) co_return State::wait_first(*wait);
  auto account = co_await net::offload(state_->pool,
                                       [this, email] { return state_->store.accounts().by_email(*email); });
  if (!account && account.error().code != ErrorCode::not_found) co_return std::unexpected(account.error());
  auto matches =
      co_await state_->passwords.matches(std::move(body.password), account ? account->password_hash : "");
  if (!matches) co_return std::unexpected(matches.error());
  if (!*matches)
    co_return failure(ErrorCode::unauthenticated, "The e-mail address or the password is wrong.");
  co_await state_->clear_wait(*email, caller.address);
  // Asked after the password, so that nobody learns here who is an administrator.
  if (auto allowed = State::may_use_password(state_->settings, *account); !allowed)
    co_return std::unexpected(std::move(allowed.error()));
  auto second = co_await check_second_factor(account->id, std::move(body.code), caller.address);
  if (!second) co_return std::unexpected(std::move(second.error()));
  co_return co_await net::offload(state_->pool,
                                  [this, account, caller] { return state_->begin(*account, caller); });
}

net::Task<Result<Tokens>> Accounts::refresh(std::string refresh_token, Caller caller) {
  auto claim = parse_refresh_token(refresh_token);
  if (!claim) co_return std::unexpected(claim.error());
  bool reused = false;
  auto tokens = co_await net::offload(state_->pool, [this, &claim, &reused, &caller]() -> Result<Tokens> {
    // Twice at most: when another tab advances between find and advance, the second look finds the grace.
    for (int round = 0; round < 2; ++round) {
      auto sign_in = state_->store.sign_ins().find(claim->sign_in);
      if (!sign_in) return std::unexpected(sign_in.error());
      const auto now = state_->clock();
      switch (judge_refresh(*claim, *sign_in, state_->keys.refresh, now)) {
        case RefreshVerdict::forged:
          return State::signed_out("forged or expired refresh token");
        case RefreshVerdict::reused:
          reused = true;
          if (auto ended = state_->store.sign_ins().end(sign_in->id); !ended)
            return std::unexpected(ended.error());
          return State::signed_out("a used-up refresh token came back");
        case RefreshVerdict::rotate: {
          auto advanced =
              state_->store.sign_ins().advance(sign_in->id, sign_in->generation, now, caller.address);
          if (!advanced) return std::unexpected(advanced.error());
          if (!*advanced) continue;
          ++sign_in->generation;
          break;
        }
        case RefreshVerdict::repeat:
          break;
      }
      auto account = state_->store.accounts().by_id(sign_in->account);
      if (!account) return std::unexpected(account.error());
      return state_->issue(*account, *sign_in);
    }
    return State::signed_out("the sign-in changed under a refresh");
  });
  if (reused) {
    spdlog::warn("sign-in {} ended: a used-up refresh token came from {}", claim->sign_in, caller.address);
    state_->events.end_sign_in(claim->sign_in,
                               "This sign-in was used from elsewhere and has been ended; sign in again.");
  }
  if (!tokens && tokens.error().code == ErrorCode::not_found)
    co_return State::signed_out("the sign-in has ended");
  co_return tokens;
}

net::Task<Result<void>> Accounts::sign_out(Principal principal) {
  auto ended = co_await net::offload(
      state_->pool, [this, id = principal.sign_in] { return state_->store.sign_ins().end(id); });
  if (ended) state_->events.end_sign_in(principal.sign_in, "You signed out.");
  co_return ended;
}

net::Task<Result<void>> Accounts::sign_out_everywhere(Principal principal) {
  auto ended = co_await net::offload(
      state_->pool, [this, id = principal.account] { return state_->store.sign_ins().end_all(id, ""); });
  if (ended) state_->events.end_account(principal.account, "You signed out everywhere.");
  co_return ended;
}

net::Task<Result<rest::Account>> Accounts::profile(Principal principal) {
  auto account = co_await net::offload(
      state_->pool, [this, id = principal.account] { return state_->store.accounts().by_id(id); });
  if (!account) co_return std::unexpected(account.error());
  auto seen = State::visible(*account);
  if (!principal.impersonator.empty()) seen.impersonated_by = principal.impersonator_email;
  co_return seen;
}

net::Task<Result<rest::Account>> Accounts::update_profile(Principal principal, rest::UpdateMe::Body body) {
  auto name = State::checked_name(body.name.value_or(principal.name));
  if (!name) co_return std::unexpected(name.error());
  ProfileChange change{.name = *name};
  if (body.email) {
    auto email = normal_email(*body.email);
    if (!email) co_return std::unexpected(email.error());
    change.email = std::move(*email);
  }
  if (change.email && *change.email != principal.email) {
    // The address is a way back into the account for whoever reads its mail.
    if (principal.scopes) co_return std::unexpected(scope_refusal(protocol::rest::no_token));
    if (!principal.administrator)
      if (auto may = state_->settings.may_register(*change.email); !may)
        co_return std::unexpected(std::move(may.error()));
    auto proven = co_await prove_owner(principal, body.current_password.value_or(""), std::move(body.code),
                                       "current_password");
    if (!proven) co_return std::unexpected(std::move(proven.error()));
    // Each may send a mail to an address that anybody can think of.
    if (auto limited = co_await limit_calls(principal.account, "another address", address_changes_an_hour);
        !limited)
      co_return std::unexpected(std::move(limited.error()));
    change.waits = state_->options.proves_addresses;
    change.by = principal.sign_in;
  }
  co_return co_await net::offload(
      state_->pool, [this, id = principal.account, change]() -> Result<rest::Account> {
        if (auto updated = state_->store.accounts().update_profile(id, change); !updated)
          return std::unexpected(updated.error());
        auto account = state_->store.accounts().by_id(id);
        if (!account) return std::unexpected(account.error());
        return State::visible(*account);
      });
}

net::Task<Result<void>> Accounts::change_password(Principal principal, rest::ChangePassword::Body body) {
  if (auto good = State::check_password(body.new_password, "new_password"); !good) co_return good;
  auto proven =
      co_await state_->prove_password(principal, std::move(body.current_password), "current_password");
  if (!proven) co_return std::unexpected(std::move(proven.error()));
  auto hash = co_await state_->passwords.make(std::move(body.new_password));
  if (!hash) co_return std::unexpected(hash.error());
  const PasswordChange change{
      .before = proven->password_hash, .after = std::move(*hash), .keep = principal.sign_in};
  auto changed = co_await net::offload(state_->pool, [this, id = principal.account, change] {
    return state_->store.accounts().change_password(id, change);
  });
  if (changed)
    state_->events.end_account(principal.account, "The password was changed; sign in again.",
                               principal.sign_in);
  co_return changed;
}

}  // namespace berth::server
