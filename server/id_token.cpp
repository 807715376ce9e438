// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/id_token.hpp"

#include <algorithm>
#include <optional>

#include "protocol/connect_token.hpp"

namespace berth::server {
namespace {

using protocol::Json;

constexpr std::size_t longest_token = 32u << 10;  // bytes
constexpr std::int64_t clock_skew = 120;          // seconds that a provider's clock may be off
constexpr std::size_t longest_subject = 255;      // as OpenID Connect says

std::unexpected<Error> token_refused(const std::string& why) {
  return failure(ErrorCode::unauthenticated, "The provider's answer is not valid; try again.",
                 "ID token: " + why);
}

std::string text_at(const Json& claims, const char* name) {
  const auto it = claims.find(name);
  return it != claims.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::optional<std::int64_t> time_at(const Json& claims, const char* name) {
  const auto it = claims.find(name);
  if (it == claims.end() || !it->is_number()) return std::nullopt;
  const auto value = it->get<double>();  // a NumericDate may have a fraction
  if (!(value > 0) || value > 1e12) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

struct TokenParts {
  std::string_view header, payload, signature;
  std::string_view signed_text;
};

std::optional<TokenParts> token_parts(std::string_view token) {
  const auto first = token.find('.');
  const auto last = token.rfind('.');
  if (token.size() > longest_token || first == token.npos || first == last ||
      token.find('.', first + 1) != last)
    return std::nullopt;
  return TokenParts{token.substr(0, first), token.substr(first + 1, last - first - 1), token.substr(last + 1),
                    token.substr(0, last)};
}

std::optional<Json> object_of(std::string_view part) {
  const auto text = protocol::decode_base64url(part);
  if (!text) return std::nullopt;
  auto json = protocol::parse_json(*text);
  if (!json || !json->is_object()) return std::nullopt;
  return std::move(*json);
}

bool may_be(const JsonWebKey& key, const IdTokenHeader& header) {
  return key.algorithm == header.algorithm && (header.kid.empty() || key.kid == header.kid);
}

/// `aud` is one name or several; with several, or with an `azp`, the token must have been made for us.
Result<void> check_audience(const Json& claims, const std::string& client_id) {
  const auto audience = claims.find("aud");
  if (audience == claims.end()) return token_refused("no aud");
  std::size_t audiences = 1;
  bool ours = false;
  if (audience->is_string()) {
    ours = audience->get_ref<const std::string&>() == client_id;
  } else if (audience->is_array()) {
    audiences = audience->size();
    ours =
        std::ranges::any_of(*audience, [&](const Json& one) { return one.is_string() && one == client_id; });
  }
  if (!ours) return token_refused("it is for another client (aud)");
  const auto party = claims.find("azp");
  if (party != claims.end() && (!party->is_string() || *party != client_id))
    return token_refused("it was made for another client (azp)");
  if (audiences > 1 && party == claims.end()) return token_refused("several aud and no azp");
  return {};
}

Result<void> check_times(const Json& claims, std::int64_t now) {
  const auto expires = time_at(claims, "exp"), issued = time_at(claims, "iat");
  if (!expires || !issued) return token_refused("no exp or iat");
  if (*expires <= now - clock_skew) return token_refused("expired");
  if (*issued > now + clock_skew) return token_refused("from the future (iat)");
  if (const auto begins = time_at(claims, "nbf"); begins && *begins > now + clock_skew)
    return token_refused("not valid yet (nbf)");
  return {};
}

}  // namespace

Result<IdTokenHeader> id_token_header(std::string_view token) {
  const auto malformed = [] { return failure(ErrorCode::invalid_argument, "not an ID token"); };
  const auto parts = token_parts(token);
  if (!parts) return malformed();
  const auto header = object_of(parts->header);
  // `crit` names what must be understood; we understand none of it.
  if (!header || header->contains("crit")) return malformed();
  IdTokenHeader out{text_at(*header, "alg"), text_at(*header, "kid")};
  if (out.algorithm == "Ed25519") out.algorithm = "EdDSA";
  return out;
}

bool has_key_for(const std::vector<JsonWebKey>& keys, const IdTokenHeader& header) {
  return std::ranges::any_of(keys, [&](const auto& key) { return may_be(key, header); });
}

Result<ProvenIdentity> verify_id_token(std::string_view token, const std::vector<JsonWebKey>& keys,
                                       const IdTokenExpectation& expected) {
  const auto header = id_token_header(token);
  if (!header) return token_refused("malformed");
  if (header->algorithm != "RS256" && header->algorithm != "ES256" && header->algorithm != "EdDSA")
    return token_refused("its algorithm is \"" + header->algorithm + "\"");
  const auto parts = token_parts(token);
  const auto signature = protocol::decode_base64url(parts->signature);
  const auto claims = object_of(parts->payload);
  if (!signature || !claims) return token_refused("malformed");
  const bool good = std::ranges::any_of(keys, [&](const auto& key) {
    return may_be(key, *header) && verify_signature(key, parts->signed_text, *signature);
  });
  if (!good) return token_refused("not signed by a key of the provider");
  const auto issuer = text_at(*claims, "iss");
  if (issuer.empty() || std::ranges::find(expected.issuers, issuer) == expected.issuers.end())
    return token_refused("of another issuer: " + issuer);
  if (auto ours = check_audience(*claims, expected.client_id); !ours) return std::unexpected(ours.error());
  if (auto valid = check_times(*claims, expected.now); !valid) return std::unexpected(valid.error());
  if (expected.nonce.empty() || text_at(*claims, "nonce") != expected.nonce)
    return token_refused("of another sign-in (nonce)");
  ProvenIdentity identity{.issuer = expected.issuers.front(),
                          .subject = text_at(*claims, "sub"),
                          .email = {},
                          .email_verified = false,
                          .name = {}};
  if (identity.subject.empty() || identity.subject.size() > longest_subject) return token_refused("no sub");
  take_claims(*claims, identity);
  return identity;
}

void take_claims(const Json& claims, ProvenIdentity& identity) {
  if (identity.email.empty()) {
    identity.email = text_at(claims, "email");
    const auto verified = claims.find("email_verified");
    // Some providers write it as text.
    identity.email_verified = !identity.email.empty() && verified != claims.end() &&
                              (verified->is_boolean() ? verified->get<bool>() : *verified == "true");
  }
  if (identity.name.empty()) identity.name = text_at(claims, "name");
}

}  // namespace berth::server
