// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/provider_administration.hpp"

#include <algorithm>
#include <boost/describe/enum_to_string.hpp>

#include "server/provider_http.hpp"

namespace berth::server {
namespace {

namespace rest = protocol::rest;

constexpr std::size_t longest_provider_id = 32, longest_provider_name = 80;  // characters
constexpr std::size_t longest_issuer = 512, longest_client = 256, longest_secret = 1024;
constexpr std::size_t most_scopes = 20, longest_scope = 100;

std::string usual_issuer(rest::ProviderKind kind) {
  switch (kind) {
    case rest::ProviderKind::google:
      return "https://accounts.google.com";
    case rest::ProviderKind::github:
      return "https://github.com";
    case rest::ProviderKind::oidc:
      break;
  }
  return {};
}

std::unexpected<Error> wrong_field(const char* field, const std::string& what) {
  return failure(ErrorCode::invalid_argument, "body." + std::string(field) + ": " + what);
}

bool is_printable_ascii(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 127; });
}

/// RFC 6749, 3.3.
bool is_scope(const std::string& text) {
  return !text.empty() && text.size() <= longest_scope &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127 && c != '"' && c != '\\'; });
}

Result<void> check_provider_id(const std::string& id) {
  const bool plain = std::ranges::all_of(
      id, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  if (id.empty() || id.size() > longest_provider_id || !plain)
    return failure(ErrorCode::invalid_argument, "id: must be 1 to 32 of a-z, 0-9 and -");
  return {};
}

/// Completes the issuer of kinds that have their own.
Result<void> check_provider(rest::PutProvider::Body& body) {
  const auto length = std::ranges::count_if(body.name, [](unsigned char c) { return (c & 0xC0) != 0x80; });
  const bool one_line = std::ranges::none_of(body.name, [](unsigned char c) { return c < ' ' || c == 127; });
  if (body.name.find_first_not_of(' ') == body.name.npos || !one_line ||
      static_cast<std::size_t>(length) > longest_provider_name)
    return wrong_field("name", "must be 1 to 80 characters on one line");
  if (body.issuer.empty()) body.issuer = usual_issuer(body.kind);
  if (body.kind == rest::ProviderKind::google && body.issuer != usual_issuer(body.kind))
    return wrong_field("issuer", "is Google's own; leave it empty");
  if (body.issuer.size() > longest_issuer || !is_provider_url(body.issuer) ||
      body.issuer.find('?') != body.issuer.npos)
    return wrong_field("issuer", "must look like https://id.example.org");
  if (body.kind == rest::ProviderKind::github && body.issuer.ends_with('/')) body.issuer.pop_back();
  if (body.client_id.empty() || body.client_id.size() > longest_client || !is_printable_ascii(body.client_id))
    return wrong_field("client_id", "must be 1 to 256 printable characters");
  if (body.client_secret &&
      (body.client_secret->size() > longest_secret || !is_printable_ascii(*body.client_secret)))
    return wrong_field("client_secret", "must be at most 1024 printable characters");
  if (body.scopes.size() > most_scopes || !std::ranges::all_of(body.scopes, is_scope))
    return wrong_field("scopes", "must be at most 20 words of printable characters");
  return {};
}

std::string redirect_of(const ProviderPlace& place, const std::string& id) {
  return place.ide + "/api/v1/auth/providers/" + id + "/callback";
}

/// What is not needed to know is not told: the issuer of kinds that have one of their own.
rest::AdminProvider seen_provider(const ProviderPlace& place, const IdentityProviderSettings& settings,
                                  const std::map<std::string, std::int64_t>& identities) {
  const auto kind = static_cast<rest::ProviderKind>(settings.kind);
  const auto count = identities.find(settings.issuer);
  return {.id = settings.id,
          .name = settings.name,
          .kind = kind,
          .issuer = settings.issuer == usual_issuer(kind) ? std::string() : settings.issuer,
          .client_id = settings.client_id,
          .has_secret = !settings.client_secret.empty() || !settings.client_secret_file.empty(),
          .scopes = settings.scopes,
          .enabled = true,
          .fixed = true,
          .redirect = redirect_of(place, settings.id),
          .identities = count == identities.end() ? 0 : count->second};
}

rest::AdminProvider seen_provider(const ProviderPlace& place, const ProviderRecord& record,
                                  const std::map<std::string, std::int64_t>& identities) {
  // One whose secret can't be opened any more has none as far as people are concerned: they must set it.
  auto without = record;
  without.secret.clear();
  const auto settings = provider_settings(record, place.secrets);
  auto seen =
      seen_provider(place, settings ? *settings : *provider_settings(without, place.secrets), identities);
  seen.enabled = record.enabled;
  seen.fixed = false;
  return seen;
}

Result<void> refuse_fixed(const ProviderPlace& place, const std::string& id) {
  if (std::ranges::none_of(place.fixed, [&](const auto& one) { return one.id == id; })) return {};
  return failure(ErrorCode::conflict,
                 "This provider is fixed by the server's configuration; it can only be changed there.");
}

Result<std::optional<ProviderRecord>> provider_now(const ProviderPlace& place, const std::string& id) {
  auto all = place.store.providers().all();
  if (!all) return std::unexpected(std::move(all.error()));
  const auto it = std::ranges::find(*all, id, &ProviderRecord::id);
  return it == all->end() ? std::optional<ProviderRecord>() : std::optional(*it);
}

/// Its description, or what else shows that people could be sent there; nobody is.
Result<void> ask_issuer(const ProviderPlace& place, const ProviderRecord& record) {
  auto settings = provider_settings(record, place.secrets);
  if (!settings) return failure(ErrorCode::internal, "The secret can't be read back.");
  const auto provider = make_identity_provider(std::move(*settings), place.clock);
  const auto url = provider->authorization_url({.redirect = redirect_of(place, record.id),
                                                .state = "state",
                                                .nonce = "nonce",
                                                .verifier = "verifier"});
  if (url) return {};
  return failure(ErrorCode::unavailable,
                 "The issuer does not answer with a description that can be used "
                 "(/.well-known/openid-configuration); the server's log says more.",
                 url.error().detail);
}

}  // namespace

Result<std::vector<rest::AdminProvider>> list_providers(const ProviderPlace& place) {
  auto stored = place.store.providers().all();
  if (!stored) return std::unexpected(std::move(stored.error()));
  auto identities = place.store.providers().identities();
  if (!identities) return std::unexpected(std::move(identities.error()));
  std::vector<rest::AdminProvider> all;
  for (const auto& one : place.fixed) all.push_back(seen_provider(place, one, *identities));
  for (const auto& one : *stored) {
    auto seen = seen_provider(place, one, *identities);
    // The configuration's counts.
    if (std::ranges::any_of(
            place.fixed, [&](const auto& fixed) { return fixed.id == one.id || fixed.issuer == one.issuer; }))
      continue;
    all.push_back(std::move(seen));
  }
  return all;
}

Result<rest::AdminProvider> put_provider(const ProviderPlace& place, const std::string& id,
                                         rest::PutProvider::Body body) {
  if (auto good = check_provider_id(id); !good) return std::unexpected(std::move(good.error()));
  if (auto open = refuse_fixed(place, id); !open) return std::unexpected(std::move(open.error()));
  if (auto good = check_provider(body); !good) return std::unexpected(std::move(good.error()));
  if (std::ranges::any_of(place.fixed, [&](const auto& one) { return one.issuer == body.issuer; }))
    return failure(ErrorCode::conflict, "The server's configuration has a provider of this issuer.");
  auto before = provider_now(place, id);
  if (!before) return std::unexpected(std::move(before.error()));
  const bool moved = *before && (*before)->issuer != body.issuer;
  // Whoever may not see the secret could otherwise have it sent to a place of his own.
  if (moved && !(*before)->secret.empty() && !body.client_secret)
    return wrong_field("client_secret", "is needed with another issuer");
  ProviderRecord record{.id = id,
                        .name = body.name,
                        .kind = boost::describe::enum_to_string(body.kind, "oidc"),
                        .issuer = body.issuer,
                        .client_id = body.client_id,
                        .secret = *before ? (*before)->secret : std::string(),
                        .scopes = {},
                        .enabled = body.enabled,
                        .changed = place.clock()};
  if (body.client_secret) record.secret = sealed_provider_secret(place.secrets, id, *body.client_secret);
  for (const auto& scope : body.scopes) record.scopes += (record.scopes.empty() ? "" : " ") + scope;
  if (record.enabled && !provider_settings(record, place.secrets))
    return wrong_field("client_secret", "is needed: the one that was set can't be read any more");
  const bool ask =
      record.enabled && (!*before || moved || !(*before)->enabled || (*before)->kind != record.kind);
  if (ask)
    if (auto answers = ask_issuer(place, record); !answers)
      return std::unexpected(std::move(answers.error()));
  if (auto kept = place.store.providers().put(record, *before, most_providers); !kept)
    return std::unexpected(std::move(kept.error()));
  auto identities = place.store.providers().identities();
  if (!identities) return std::unexpected(std::move(identities.error()));
  return seen_provider(place, record, *identities);
}

Result<void> remove_provider(const ProviderPlace& place, const std::string& id) {
  if (auto open = refuse_fixed(place, id); !open) return open;
  return place.store.providers().remove(id);
}

net::Task<Result<rest::ListProviders::Result>> ProviderAdministration::list(std::string ide) {
  auto all = co_await net::offload(pool_, [&] { return list_providers(place(std::move(ide))); });
  if (!all) co_return std::unexpected(std::move(all.error()));
  co_return rest::ListProviders::Result{std::move(*all)};
}

net::Task<Result<rest::AdminProvider>> ProviderAdministration::put(std::string id,
                                                                   rest::PutProvider::Body body,
                                                                   std::string ide) {
  co_return co_await net::offload(pool_, [&]() -> Result<rest::AdminProvider> {
    auto kept = put_provider(place(std::move(ide)), id, std::move(body));
    if (!kept) return kept;
    // Kept it is; where this fails the watch takes it up.
    static_cast<void>(parts_.catalog.reload());
    return kept;
  });
}

net::Task<Result<void>> ProviderAdministration::remove(std::string id) {
  co_return co_await net::offload(pool_, [&]() -> Result<void> {
    auto gone = remove_provider(place({}), id);
    if (gone) static_cast<void>(parts_.catalog.reload());
    return gone;
  });
}

}  // namespace berth::server
