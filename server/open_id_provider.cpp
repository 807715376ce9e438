// SPDX-License-Identifier: GPL-3.0-or-later
// OpenID Connect: discovery (Discovery 1.0), the authorization code flow with PKCE (RFC 7636), keys that
// change.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <mutex>
#include <optional>

#include "server/identity_provider.hpp"
#include "server/percent_encoding.hpp"
#include "server/provider_http.hpp"
#include "server/sign_in_secrets.hpp"

namespace berth::server {
namespace {

using protocol::Json;

constexpr std::int64_t described_for = 3'600'000;  // ms that a provider's description is taken for true
constexpr std::int64_t keys_for = 3'600'000;       // ms, at most, that its keys are
constexpr std::int64_t least_keys_for = 60'000;    // ms between two looks for a key that is not known

/// The part of a provider's description that we use.
struct ProviderDescription {
  std::string authorization, token, keys, userinfo;
  bool tells_issuer = false;  // with the code (RFC 9207)
  bool basic = true;          // takes the client's secret as HTTP Basic
};

std::unexpected<Error> odd_description(const std::string& issuer, const std::string& why) {
  return failure(ErrorCode::unavailable, "The identity provider is not set up as it should be.",
                 issuer + "/.well-known/openid-configuration: " + why);
}

std::unexpected<Error> not_valid(const std::string& why) {
  return failure(ErrorCode::unauthenticated, "The provider's answer is not valid; try again.", why);
}

std::string text_in(const Json& json, const char* name) {
  const auto it = json.find(name);
  return it != json.end() && it->is_string() ? it->get<std::string>() : std::string();
}

bool lists(const Json& json, const char* name, const char* value) {
  const auto it = json.find(name);
  return it != json.end() && it->is_array() &&
         std::ranges::any_of(*it, [&](const Json& one) { return one.is_string() && one == value; });
}

class OpenIdProvider final : public IdentityProvider {
 public:
  OpenIdProvider(IdentityProviderSettings settings, Clock clock)
      : settings_(std::move(settings)), clock_(std::move(clock)) {}

  const IdentityProviderSettings& settings() const override { return settings_; }
  std::string issuer() const override { return settings_.issuer; }
  Result<std::string> authorization_url(const ProviderFlow& flow) override;
  Result<ProvenIdentity> redeem(const ProviderFlow& flow, const ProviderCallback& callback) override;

 private:
  Result<ProviderDescription> description();
  Result<ProviderDescription> describe() const;
  /// `again`: look, if that was not done just now.
  Result<std::vector<JsonWebKey>> keys(const std::string& url, bool again);
  Result<Json> trade(const ProviderDescription& provider, const ProviderFlow& flow, const std::string& code);
  void ask_for_email(const ProviderDescription& provider, const std::string& access_token,
                     ProvenIdentity& identity) const;
  std::vector<std::string> issuers() const;

  const IdentityProviderSettings settings_;
  const Clock clock_;
  std::mutex mutex_;  // guards what follows; not held while asking
  std::optional<ProviderDescription> description_;
  std::int64_t described_ = 0;
  std::vector<JsonWebKey> keys_;
  std::int64_t keys_asked_ = 0, keys_until_ = 0;
};

/// Google's tokens name it with and without its scheme.
std::vector<std::string> OpenIdProvider::issuers() const {
  std::vector<std::string> all{settings_.issuer};
  if (settings_.kind == ProviderKind::google) all.push_back("accounts.google.com");
  return all;
}

Result<ProviderDescription> OpenIdProvider::describe() const {
  const auto base = settings_.issuer.ends_with('/') ? settings_.issuer.substr(0, settings_.issuer.size() - 1)
                                                    : settings_.issuer;
  auto json = ask_provider_for_json({.url = base + "/.well-known/openid-configuration"});
  if (!json) return std::unexpected(std::move(json.error()));
  if (!json->is_object()) return odd_description(base, "not an object");
  if (text_in(*json, "issuer") != settings_.issuer)
    return odd_description(base, "it is the description of another issuer: " + text_in(*json, "issuer"));
  ProviderDescription provider{
      .authorization = text_in(*json, "authorization_endpoint"),
      .token = text_in(*json, "token_endpoint"),
      .keys = text_in(*json, "jwks_uri"),
      .userinfo = text_in(*json, "userinfo_endpoint"),
      .tells_issuer = json->value("authorization_response_iss_parameter_supported", Json(false)) == true,
      .basic = true};
  for (const auto* url : {&provider.authorization, &provider.token, &provider.keys})
    if (!is_provider_url(*url)) return odd_description(base, "not a URL to use: " + *url);
  if (!provider.userinfo.empty() && !is_provider_url(provider.userinfo)) provider.userinfo.clear();
  // Basic is what a provider takes that says nothing.
  if (json->contains("token_endpoint_auth_methods_supported"))
    provider.basic = lists(*json, "token_endpoint_auth_methods_supported", "client_secret_basic");
  return provider;
}

Result<ProviderDescription> OpenIdProvider::description() {
  const auto now = clock_();
  {
    const std::lock_guard lock(mutex_);
    if (description_ && now - described_ < described_for) return *description_;
  }
  auto fresh = describe();
  const std::lock_guard lock(mutex_);
  if (!fresh) {
    // What was true an hour ago is better than nothing.
    if (description_ && fresh.error().code == ErrorCode::unavailable) return *description_;
    return fresh;
  }
  description_ = *fresh;
  described_ = now;
  return fresh;
}

Result<std::vector<JsonWebKey>> OpenIdProvider::keys(const std::string& url, bool again) {
  const auto now = clock_();
  {
    const std::lock_guard lock(mutex_);
    const bool asked_just_now = now - keys_asked_ < least_keys_for;
    if (!keys_.empty() && (again ? asked_just_now : now < keys_until_)) return keys_;
    if (again) keys_asked_ = now;  // others who lack a key now don't ask as well
  }
  std::int64_t fresh_for = 0;
  auto json = ask_provider_for_json({.url = url}, &fresh_for);
  if (!json) return std::unexpected(std::move(json.error()));
  auto found = parse_web_keys(*json);
  if (!found)
    return failure(ErrorCode::unavailable, "The identity provider is not set up as it should be.",
                   url + ": " + found.error().message);
  const std::lock_guard lock(mutex_);
  keys_ = *found;
  keys_until_ = now + (fresh_for > 0 ? std::clamp(fresh_for * 1000, least_keys_for, keys_for) : keys_for);
  return *found;
}

Result<std::string> OpenIdProvider::authorization_url(const ProviderFlow& flow) {
  auto provider = description();
  if (!provider) return std::unexpected(std::move(provider.error()));
  std::string scope = "openid email profile";
  for (const auto& more : settings_.scopes) scope += " " + more;
  return with_query(provider->authorization, {{"response_type", "code"},
                                              {"client_id", settings_.client_id},
                                              {"redirect_uri", flow.redirect},
                                              {"scope", scope},
                                              {"state", flow.state},
                                              {"nonce", flow.nonce},
                                              {"code_challenge", pkce_challenge(flow.verifier)},
                                              {"code_challenge_method", "S256"}});
}

Result<Json> OpenIdProvider::trade(const ProviderDescription& provider, const ProviderFlow& flow,
                                   const std::string& code) {
  auto secret = client_secret_of(settings_);
  if (!secret) return std::unexpected(std::move(secret.error()));
  ProviderRequest request{.url = provider.token,
                          .form = {{"grant_type", "authorization_code"},
                                   {"code", code},
                                   {"redirect_uri", flow.redirect},
                                   {"code_verifier", flow.verifier}}};
  if (!secret->empty() && provider.basic) {
    request.user = percent_encoded(settings_.client_id);  // RFC 6749, 2.3.1
    request.password = percent_encoded(*secret);
  } else {
    request.form.emplace_back("client_id", settings_.client_id);
    if (!secret->empty()) request.form.emplace_back("client_secret", *secret);
  }
  auto answer = ask_provider(request);
  if (!answer) return std::unexpected(std::move(answer.error()));
  auto json = protocol::parse_json(answer->body);
  if (answer->status >= 500)
    return failure(ErrorCode::unavailable, "The identity provider does not work at the moment.",
                   provider.token + " answered " + std::to_string(answer->status));
  if (answer->status != 200 || !json || !json->is_object())
    return not_valid("token endpoint: " + std::to_string(answer->status) + " " +
                     (json && json->is_object()
                          ? text_in(*json, "error") + " " + text_in(*json, "error_description")
                          : std::string()));
  return std::move(*json);
}

/// What an ID token leaves out may be told on asking; only of the same person, and never instead of the
/// token.
void OpenIdProvider::ask_for_email(const ProviderDescription& provider, const std::string& access_token,
                                   ProvenIdentity& identity) const {
  if (provider.userinfo.empty() || access_token.empty()) return;
  const auto told = ask_provider_for_json({.url = provider.userinfo, .bearer = access_token});
  if (!told) {
    spdlog::warn("identity provider {}: userinfo: {}", settings_.id, told.error().detail);
    return;
  }
  if (!told->is_object() || text_in(*told, "sub") != identity.subject) {
    spdlog::warn("identity provider {}: userinfo is of somebody else", settings_.id);
    return;
  }
  ProvenIdentity more;
  take_claims(*told, more);
  if (!more.email.empty()) {
    identity.email = more.email;
    identity.email_verified = more.email_verified;
  }
  if (identity.name.empty()) identity.name = more.name;
}

Result<ProvenIdentity> OpenIdProvider::redeem(const ProviderFlow& flow, const ProviderCallback& callback) {
  auto provider = description();
  if (!provider) return std::unexpected(std::move(provider.error()));
  // Before the code goes anywhere: one of another provider must not get to this one (RFC 9207).
  if (callback.issuer.empty() ? provider->tells_issuer : callback.issuer != settings_.issuer)
    return not_valid("the answer is of another issuer: \"" + callback.issuer + "\"");
  auto traded = trade(*provider, flow, callback.code);
  if (!traded) return std::unexpected(std::move(traded.error()));
  const auto token = text_in(*traded, "id_token");
  const auto header = id_token_header(token);
  if (!header) return not_valid("the answer has no ID token");
  auto known = keys(provider->keys, false);
  if (known && !has_key_for(*known, *header)) known = keys(provider->keys, true);
  if (!known) return std::unexpected(std::move(known.error()));
  auto identity = verify_id_token(
      token, *known,
      {.issuers = issuers(), .client_id = settings_.client_id, .nonce = flow.nonce, .now = clock_() / 1000});
  if (!identity) return identity;
  if (!identity->email_verified || identity->name.empty())
    ask_for_email(*provider, text_in(*traded, "access_token"), *identity);
  return identity;
}

}  // namespace

std::unique_ptr<IdentityProvider> make_open_id_provider(IdentityProviderSettings settings, Clock clock) {
  return std::make_unique<OpenIdProvider>(std::move(settings), std::move(clock));
}

std::unique_ptr<IdentityProvider> make_identity_provider(IdentityProviderSettings settings, Clock clock) {
  if (settings.kind == ProviderKind::github) return make_github_provider(std::move(settings));
  return make_open_id_provider(std::move(settings), std::move(clock));
}

std::string with_query(std::string url, const std::vector<std::pair<std::string, std::string>>& query) {
  char mark = url.find('?') == url.npos ? '?' : '&';
  for (const auto& [name, value] : query) {
    url += mark + percent_encoded(name) + "=" + percent_encoded(value);
    mark = '&';
  }
  return url;
}

}  // namespace berth::server
