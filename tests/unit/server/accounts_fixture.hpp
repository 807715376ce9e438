// SPDX-License-Identifier: GPL-3.0-or-later
// Accounts over a real SQLite store, with the clock in hand.
#pragma once

#include "harness.hpp"
#include "server/accounts.hpp"
#include "server/stores/sqlite_store.hpp"

namespace berth::server::testing {

class AccountsTest : public ::testing::Test {
 protected:
  TemporaryFolder folder;
  boost::asio::io_context io;
  boost::asio::thread_pool pool{4};
  HandClock clock;
  ServerKeys keys = derive_server_keys({1});
  SessionEvents events;
  std::unique_ptr<MetadataStore> store = std::move(*open_sqlite_store(folder.path() / "berth.sqlite"));
  Settings settings{store->settings(),
                    {.registration_open = true,
                     .idle_stop_minutes = 30,
                     .maximum_life_minutes = 0,
                     .workspaces_per_account = 20,
                     .running_per_account = 5,
                     .storage_per_account = 0}};
  std::unique_ptr<Accounts> accounts = make({});
  Caller caller{"192.0.2.1", "test"};

  std::unique_ptr<Accounts> make(Accounts::Options options) {
    return std::make_unique<Accounts>(*store, keys, events, settings, pool, clock, options);
  }
  Result<Tokens> register_account(const std::string& email) {
    return await(io, accounts->register_account({email, "Ann", "a long password"}, caller));
  }
  Result<Tokens> sign_in(const std::string& email, const std::string& password,
                         const std::string& address = "192.0.2.1") {
    return await(io, accounts->sign_in({email, password, {}}, {address, "test"}));
  }
  Result<Tokens> sign_in_with(const std::string& email, std::optional<std::string> code,
                              const std::string& address = "192.0.2.1") {
    return await(io, accounts->sign_in({email, "a long password", std::move(code)}, {address, "test"}));
  }
  Result<Tokens> refresh(const std::string& token) { return await(io, accounts->refresh(token, caller)); }
  Result<Principal> authenticate(const std::string& token) {
    return await(io, accounts->authenticate({.bearer = token, .access_cookie = {}, .refresh_cookie = {}}));
  }
  Principal principal(const Tokens& tokens) { return *authenticate(tokens.access_token); }
};

}  // namespace berth::server::testing
