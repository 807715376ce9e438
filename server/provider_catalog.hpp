// SPDX-License-Identifier: GPL-3.0-or-later
// The identity providers by which people sign in here: those of the configuration, which are fixed, and those
// that administrators added (provider_store.hpp), which may come, change and go while the server runs.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "server/identity_provider.hpp"
#include "server/provider_store.hpp"
#include "server/sign_in_secrets.hpp"

namespace berth::server {

/// One that may be asked; who has it may go on with it whatever happens to the catalog.
using SharedProvider = std::shared_ptr<IdentityProvider>;

/// Thread-safe.
class ProviderCatalog {
 public:
  ProviderCatalog(ProviderStore& store, const SignInSecrets& secrets, Clock clock,
                  std::vector<IdentityProviderSettings> fixed);

  /// Takes up what administrators changed, here or elsewhere; those that did not change go on with what they
  /// have found out of their providers. Blocks.
  Result<void> reload();

  /// Those that people can sign in by, fixed ones first.
  std::vector<SharedProvider> offered() const;
  /// nullptr where there is none that is offered.
  SharedProvider find(const std::string& id) const;
  /// Also of one that is not offered now; nullopt where none is known.
  std::optional<IdentityProviderSettings> of_issuer(const std::string& issuer) const;
  /// Of the configuration.
  const std::vector<IdentityProviderSettings>& fixed() const { return fixed_settings_; }

 private:
  struct Added {
    ProviderRecord record;
    SharedProvider provider;  // none: not enabled, in the way of a fixed one, or its secret can't be read
    IdentityProviderSettings settings;
  };
  Added make(const ProviderRecord& record) const;
  bool hidden_by_fixed(const ProviderRecord& record) const;

  ProviderStore& store_;
  const SignInSecrets& secrets_;
  const Clock clock_;
  const std::vector<IdentityProviderSettings> fixed_settings_;
  std::vector<SharedProvider> fixed_;
  mutable std::mutex mutex_;  // guards what follows
  std::vector<Added> added_;
};

/// As the store has a provider; its secret is in `settings` unsealed. nullopt when it can't be opened: the
/// servers' keys are others now.
std::optional<IdentityProviderSettings> provider_settings(const ProviderRecord& record,
                                                          const SignInSecrets& secrets);
std::string sealed_provider_secret(const SignInSecrets& secrets, const std::string& provider,
                                   const std::string& secret);

}  // namespace berth::server
