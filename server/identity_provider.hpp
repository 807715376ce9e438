// SPDX-License-Identifier: GPL-3.0-or-later
// Where people sign in elsewhere: what the rules (provider_sign_in) need of a provider, whatever it speaks.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "server/clock.hpp"
#include "server/id_token.hpp"
#include "server/sign_in_settings.hpp"

namespace berth::server {

/// What one sign-in at a provider is made of; all of it stays in the browser's sealed cookie.
struct ProviderFlow {
  std::string redirect;  // where the provider sends the browser back to
  std::string state;
  std::string nonce;
  std::string verifier;  // of PKCE
};

/// What came back to the redirect address.
struct ProviderCallback {
  std::string code;
  std::string issuer;  // `iss` (RFC 9207); "" when absent
};

/// Every call blocks, for some seconds at most, and is safe from any thread.
class IdentityProvider {
 public:
  virtual ~IdentityProvider() = default;
  virtual const IdentityProviderSettings& settings() const = 0;
  /// What identities of it are known by; the same for ever.
  virtual std::string issuer() const = 0;
  /// Where the browser goes. unavailable when the provider does not say.
  virtual Result<std::string> authorization_url(const ProviderFlow& flow) = 0;
  /// Who came back. unauthenticated when what came back is not valid, of another provider, or used before;
  /// unavailable when the provider does not answer.
  virtual Result<ProvenIdentity> redeem(const ProviderFlow& flow, const ProviderCallback& callback) = 0;
};

std::unique_ptr<IdentityProvider> make_open_id_provider(IdentityProviderSettings settings, Clock clock);
std::unique_ptr<IdentityProvider> make_github_provider(IdentityProviderSettings settings);
std::unique_ptr<IdentityProvider> make_identity_provider(IdentityProviderSettings settings, Clock clock);

/// `url` with these in its query, encoded.
std::string with_query(std::string url, const std::vector<std::pair<std::string, std::string>>& query);

}  // namespace berth::server
