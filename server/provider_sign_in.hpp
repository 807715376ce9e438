// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of signing in by identity providers: a flow that belongs to one browser, whose identity is whose,
// and what must be proven before an identity is linked to an account that is there already. No HTTP.
#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>

#include "protocol/rest_sign_in.hpp"
#include "server/accounts.hpp"
#include "server/identity_store.hpp"
#include "server/provider_catalog.hpp"
#include "server/sign_in_secrets.hpp"

namespace berth::server {

inline constexpr std::int64_t provider_flow_life = 10ll * 60 * 1000;  // ms to sign in at the provider
inline constexpr std::int64_t link_life = 10ll * 60 * 1000;           // ms to prove an account

/// A path of the IDE, "/" for anything else: nobody is sent to another site.
std::string path_of_ide(const std::string& to);

class ProviderSignIn {
 public:
  struct Parts {  // all outlive it
    MetadataStore& store;
    Accounts& accounts;
    const SignInSecrets& secrets;
    boost::asio::thread_pool& pool;
    Clock clock;
    const ProviderCatalog& providers;
  };
  explicit ProviderSignIn(Parts parts) : parts_(std::move(parts)) {}

  std::vector<protocol::rest::SignInOptions::Provider> offered() const;

  /// What begins a flow: where the browser goes, and the cookie that makes the flow its own.
  struct Begun {
    std::string url;
    std::string cookie;
  };
  /// `origin`: of the IDE as this browser sees it. With a principal the flow links to its account instead of
  /// signing in. not_found: no such provider.
  net::Task<Result<Begun>> begin(std::string provider, std::string to, std::string origin,
                                 std::optional<Principal> link_to);

  struct Callback {
    std::string provider;  // by the address that was called
    std::string code, state, issuer, error;
    std::string cookie;  // of the flow
  };
  /// Where the browser goes now, and what it takes along.
  struct Ended {
    std::string location;
    std::optional<Tokens> tokens;
    std::string link_cookie;  // "" for none
  };
  net::Task<Ended> end(Callback callback, Caller caller);

  /// Links after the account was proven, and signs in. `cookie`: the browser's, from Ended.
  net::Task<Result<Tokens>> link(protocol::rest::LinkIdentity::Body body, std::string cookie, Caller caller);

  net::Task<Result<protocol::rest::ListIdentities::Result>> identities(Principal principal);
  net::Task<Result<void>> remove(Principal principal, std::string id);

 private:
  struct Flow;
  /// Blocking work that waits for a provider; unavailable when too many wait.
  template <class Work>
  auto ask(Work work) -> net::Task<decltype(work())>;
  net::Task<Result<Flow>> take_flow(const Callback& callback);
  net::Task<Result<Ended>> accept(Flow flow, ProvenIdentity identity, Caller caller);
  Result<std::string> add_to_account(const Flow& flow, const ProvenIdentity& identity);
  /// The account of the identity, a new one, or none: then its e-mail address is another account's.
  struct Found {
    std::string account;
    std::string owner;  // of the e-mail address, when `account` is ""
  };
  Result<Found> account_of(const ProvenIdentity& identity);
  Result<Found> make_account(const ProvenIdentity& identity, const std::string& email);
  Result<Ended> ask_for_proof(const Flow& flow, const ProvenIdentity& identity, const std::string& owner);

  Parts parts_;
  static constexpr int most_waiting = 64;
  std::atomic<int> waiting_ = 0;
  boost::asio::thread_pool outgoing_{4};  // its own: a slow provider must not hold up the database
};

}  // namespace berth::server
