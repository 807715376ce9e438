// SPDX-License-Identifier: GPL-3.0-or-later
// The rules by which administrators add, change and take away identity providers. No HTTP and no SQL. Who
// asks has been found to be an administrator already. The blocking part is for `berthd admin`, too.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <string>

#include "protocol/net/task.hpp"
#include "protocol/rest_admin.hpp"
#include "server/metadata_store.hpp"
#include "server/provider_catalog.hpp"

namespace berth::server {

inline constexpr std::size_t most_providers = 50;  // that administrators add

/// What providers are looked at and changed with.
struct ProviderPlace {
  MetadataStore& store;
  const SignInSecrets& secrets;
  const std::vector<IdentityProviderSettings>& fixed;  // of the configuration
  Clock clock;
  std::string ide;  // origin, for redirect addresses; "": not known
};

// These block.

/// Fixed ones first.
Result<std::vector<protocol::rest::AdminProvider>> list_providers(const ProviderPlace& place);
/// Asks an issuer that is new, or offered again, for its description: for ten seconds at most, over https or
/// on this machine, without redirects. invalid_argument names the field, unavailable where there is no good
/// answer; conflict for a fixed one, for another one's issuer, and for one that somebody else changed
/// meanwhile.
Result<protocol::rest::AdminProvider> put_provider(const ProviderPlace& place, const std::string& id,
                                                   protocol::rest::PutProvider::Body body);
/// not_found; conflict for a fixed one. People who are signed in by it stay so.
Result<void> remove_provider(const ProviderPlace& place, const std::string& id);

/// The same beside a running server, whose catalog follows at once; the others' within a second.
class ProviderAdministration {
 public:
  struct Parts {  // all outlive it
    MetadataStore& store;
    const SignInSecrets& secrets;
    ProviderCatalog& catalog;
    Clock clock;
  };
  explicit ProviderAdministration(Parts parts) : parts_(std::move(parts)) {}

  /// `ide`: its origin as the administrator's browser sees it.
  net::Task<Result<protocol::rest::ListProviders::Result>> list(std::string ide);
  net::Task<Result<protocol::rest::AdminProvider>> put(std::string id, protocol::rest::PutProvider::Body body,
                                                       std::string ide);
  net::Task<Result<void>> remove(std::string id);

 private:
  ProviderPlace place(std::string ide) const {
    return {parts_.store, parts_.secrets, parts_.catalog.fixed(), parts_.clock, std::move(ide)};
  }

  Parts parts_;
  boost::asio::thread_pool pool_{2};  // its own: an issuer that is slow holds up nothing else
};

}  // namespace berth::server
