// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/provider_catalog.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <sstream>

namespace berth::server {
namespace {

/// A secret can't be taken for another provider's.
std::string secret_purpose(const std::string& provider) { return "identity provider " + provider; }

ProviderKind kind_named(const std::string& name) {
  if (name == "google") return ProviderKind::google;
  return name == "github" ? ProviderKind::github : ProviderKind::oidc;
}

}  // namespace

std::string sealed_provider_secret(const SignInSecrets& secrets, const std::string& provider,
                                   const std::string& secret) {
  return secret.empty() ? std::string() : secrets.seal(secret_purpose(provider), secret);
}

std::optional<IdentityProviderSettings> provider_settings(const ProviderRecord& record,
                                                          const SignInSecrets& secrets) {
  IdentityProviderSettings settings{.id = record.id,
                                    .name = record.name,
                                    .kind = kind_named(record.kind),
                                    .issuer = record.issuer,
                                    .client_id = record.client_id,
                                    .client_secret = {},
                                    .client_secret_file = {},
                                    .scopes = {}};
  std::istringstream words(record.scopes);
  for (std::string scope; words >> scope;) settings.scopes.push_back(scope);
  if (record.secret.empty()) return settings;
  auto secret = secrets.open(secret_purpose(record.id), record.secret);
  if (!secret) return std::nullopt;
  settings.client_secret = std::move(*secret);
  return settings;
}

ProviderCatalog::ProviderCatalog(ProviderStore& store, const SignInSecrets& secrets, Clock clock,
                                 std::vector<IdentityProviderSettings> fixed)
    : store_(store), secrets_(secrets), clock_(std::move(clock)), fixed_settings_(std::move(fixed)) {
  for (const auto& one : fixed_settings_) fixed_.push_back(make_identity_provider(one, clock_));
}

bool ProviderCatalog::hidden_by_fixed(const ProviderRecord& record) const {
  return std::ranges::any_of(
      fixed_settings_, [&](const auto& one) { return one.id == record.id || one.issuer == record.issuer; });
}

ProviderCatalog::Added ProviderCatalog::make(const ProviderRecord& record) const {
  auto settings = provider_settings(record, secrets_);
  if (!settings) {
    spdlog::error(
        "identity provider {}: its secret was sealed by other keys; an administrator must set it anew",
        record.id);
    auto without = record;
    without.secret.clear();
    return {record, nullptr, *provider_settings(without, secrets_)};
  }
  if (hidden_by_fixed(record)) {
    spdlog::warn("identity provider {}: the configuration has one of this id or issuer, which counts",
                 record.id);
    return {record, nullptr, std::move(*settings)};
  }
  SharedProvider provider;
  if (record.enabled) provider = make_identity_provider(*settings, clock_);
  spdlog::info("identity provider {}: {}{}", record.id, record.issuer,
               record.enabled ? "" : " (not offered)");
  return {record, std::move(provider), std::move(*settings)};
}

Result<void> ProviderCatalog::reload() {
  auto stored = store_.all();
  if (!stored) return std::unexpected(std::move(stored.error()));
  const std::lock_guard lock(mutex_);
  std::vector<Added> now;
  for (const auto& record : *stored) {
    const auto same = std::ranges::find(added_, record, &Added::record);
    now.push_back(same != added_.end() ? *same : make(record));
  }
  for (const auto& one : added_)
    if (std::ranges::none_of(now, [&](const Added& other) { return other.record.id == one.record.id; }))
      spdlog::info("identity provider {}: taken away", one.record.id);
  added_ = std::move(now);
  return {};
}

std::vector<SharedProvider> ProviderCatalog::offered() const {
  auto all = fixed_;
  const std::lock_guard lock(mutex_);
  for (const auto& one : added_)
    if (one.provider) all.push_back(one.provider);
  return all;
}

SharedProvider ProviderCatalog::find(const std::string& id) const {
  const auto all = offered();
  const auto it = std::ranges::find_if(all, [&](const auto& one) { return one->settings().id == id; });
  return it == all.end() ? nullptr : *it;
}

std::optional<IdentityProviderSettings> ProviderCatalog::of_issuer(const std::string& issuer) const {
  for (const auto& one : fixed_)
    if (one->issuer() == issuer) return one->settings();
  const std::lock_guard lock(mutex_);
  for (const auto& one : added_)
    if (one.settings.issuer == issuer) return one.settings;
  return std::nullopt;
}

}  // namespace berth::server
