// SPDX-License-Identifier: GPL-3.0-or-later
// GitHub, which is OAuth 2.0 without ID tokens: its API says who the bearer of an access token is, and which
// e-mail addresses are verified. GitHub Enterprise Server by its issuer.
#include <algorithm>

#include "server/identity_provider.hpp"
#include "server/provider_http.hpp"
#include "server/sign_in_secrets.hpp"

namespace berth::server {
namespace {

using protocol::Json;

constexpr const char* public_github = "https://github.com";

std::unexpected<Error> github_refused(const std::string& why) {
  return failure(ErrorCode::unauthenticated, "The provider's answer is not valid; try again.",
                 "GitHub: " + why);
}

std::string said(const Json& json, const char* name) {
  const auto it = json.find(name);
  return it != json.end() && it->is_string() ? it->get<std::string>() : std::string();
}

class GithubProvider final : public IdentityProvider {
 public:
  explicit GithubProvider(IdentityProviderSettings settings)
      : settings_(std::move(settings)),
        api_(settings_.issuer == public_github ? "https://api.github.com" : settings_.issuer + "/api/v3") {}

  const IdentityProviderSettings& settings() const override { return settings_; }
  std::string issuer() const override { return settings_.issuer; }

  Result<std::string> authorization_url(const ProviderFlow& flow) override {
    std::string scope = "read:user user:email";
    for (const auto& more : settings_.scopes) scope += " " + more;
    return with_query(settings_.issuer + "/login/oauth/authorize",
                      {{"client_id", settings_.client_id},
                       {"redirect_uri", flow.redirect},
                       {"scope", scope},
                       {"state", flow.state},
                       {"code_challenge", pkce_challenge(flow.verifier)},
                       {"code_challenge_method", "S256"}});
  }

  Result<ProvenIdentity> redeem(const ProviderFlow& flow, const ProviderCallback& callback) override {
    if (!callback.issuer.empty() && callback.issuer != settings_.issuer &&
        callback.issuer != settings_.issuer + "/login/oauth")
      return github_refused("the answer is of another issuer: " + callback.issuer);
    auto secret = client_secret_of(settings_);
    if (!secret) return std::unexpected(std::move(secret.error()));
    auto traded = ask_provider_for_json({.url = settings_.issuer + "/login/oauth/access_token",
                                         .form = {{"client_id", settings_.client_id},
                                                  {"client_secret", *secret},
                                                  {"code", callback.code},
                                                  {"redirect_uri", flow.redirect},
                                                  {"code_verifier", flow.verifier}}});
    if (!traded) return std::unexpected(std::move(traded.error()));
    const auto token = traded->is_object() ? said(*traded, "access_token") : "";
    if (token.empty())  // a refusal is a 200, too
      return github_refused("no access token: " + (traded->is_object() ? said(*traded, "error") : ""));
    return who_bears(token);
  }

 private:
  Result<ProvenIdentity> who_bears(const std::string& token) const {
    auto user = ask_provider_for_json({.url = api_ + "/user", .bearer = token});
    if (!user) return std::unexpected(std::move(user.error()));
    const auto id = user->is_object() ? user->find("id") : user->end();
    if (!user->is_object() || id == user->end() || !id->is_number_unsigned())
      return github_refused("no id of the user");
    ProvenIdentity identity{.issuer = settings_.issuer,
                            .subject = std::to_string(id->get<std::uint64_t>()),  // names change, ids don't
                            .email = {},
                            .email_verified = false,
                            .name = said(*user, "name")};
    if (identity.name.empty()) identity.name = said(*user, "login");
    auto emails = ask_provider_for_json({.url = api_ + "/user/emails", .bearer = token});
    if (!emails) return std::unexpected(std::move(emails.error()));
    if (emails->is_array())
      for (const auto& one : *emails)
        if (one.is_object() && one.value("primary", Json(false)) == true) {
          identity.email = said(one, "email");
          identity.email_verified = !identity.email.empty() && one.value("verified", Json(false)) == true;
        }
    return identity;
  }

  const IdentityProviderSettings settings_;
  const std::string api_;
};

}  // namespace

std::unique_ptr<IdentityProvider> make_github_provider(IdentityProviderSettings settings) {
  if (settings.issuer.empty()) settings.issuer = public_github;
  return std::make_unique<GithubProvider>(std::move(settings));
}

}  // namespace berth::server
