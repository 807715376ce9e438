// SPDX-License-Identifier: GPL-3.0-or-later
// Identity providers that administrators add while the server runs; those of the configuration are not here.
// Same rules as metadata_store.hpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/error.hpp"

namespace berth::server {

struct ProviderRecord {
  std::string id;
  std::string name;
  std::string kind;  // "oidc", "google", "github"
  std::string issuer;
  std::string client_id;
  std::string secret;  // sealed; "" for a public client
  std::string scopes;  // with spaces between
  bool enabled = true;
  std::int64_t changed = 0;
  bool operator==(const ProviderRecord&) const = default;
};

class ProviderStore {
 public:
  virtual ~ProviderStore() = default;
  virtual Result<std::vector<ProviderRecord>> all() = 0;  // by id
  /// Adds it, or puts it in the place of the one with its id. conflict when another one has its issuer, or
  /// the one with its id is not as `before` was (nullopt: there was none); limit_exceeded when it would be
  /// one more than `most`. Servers look again (AdministrationStore::revision).
  virtual Result<void> put(const ProviderRecord& provider, const std::optional<ProviderRecord>& before,
                           std::size_t most) = 0;
  virtual Result<void> remove(const std::string& id) = 0;  // not_found
  /// How many accounts are linked to an issuer, of all that there are.
  virtual Result<std::map<std::string, std::int64_t>> identities() = 0;
};

}  // namespace berth::server
