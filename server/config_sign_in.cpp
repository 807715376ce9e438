// SPDX-License-Identifier: GPL-3.0-or-later
// The options of mail and of identity providers. One provider may be named by options (and so by the
// environment); any number by tables [[identity_providers]] of the file.
#include <algorithm>
#include <fstream>
#include <set>

#include "server/config_table.hpp"
#include "server/provider_http.hpp"

namespace berth::server::config_table {
namespace {

using Provider = IdentityProviderSettings;

Setter mail_text(std::string MailSettings::* field) {
  return [=](Config& config, const std::string& value, const std::string&) -> Result<void> {
    config.mail.*field = value;
    return {};
  };
}

Setter mail_path(std::filesystem::path MailSettings::* field) {
  return [=](Config& config, const std::string& value, const std::string&) -> Result<void> {
    config.mail.*field = std::filesystem::absolute(value);
    return {};
  };
}

Result<void> set_mail_url(Config& config, const std::string& value, const std::string& from) {
  const bool known = value.empty() || value.starts_with("smtp://") || value.starts_with("smtps://");
  const bool plain = std::ranges::none_of(value, [](unsigned char c) { return c <= ' ' || c >= 127; });
  if (!known || !plain || value.find('@') != value.npos)
    return wrong(
        from, "must look like smtps://mail.example.org:465 or smtp://mail.example.org:587, without a user");
  config.mail.url = value;
  return {};
}

Result<void> set_mail_from(Config& config, const std::string& value, const std::string& from) {
  const bool plain = std::ranges::none_of(value, [](unsigned char c) { return c < ' ' || c == 127; });
  if (!plain || value.find('@') == value.npos)
    return wrong(from, "must look like berth@example.org or Berth <berth@example.org>");
  config.mail.from = value;
  return {};
}

Result<void> set_mail_plain(Config& config, const std::string& value, const std::string& from) {
  return set_truth(config.mail.plain, value, from);
}

Result<void> set_provider_field(Provider& provider, const std::string& field, const std::string& value,
                                const std::string& from) {
  if (field == "id")
    provider.id = value;
  else if (field == "name")
    provider.name = value;
  else if (field == "issuer")
    provider.issuer = value;
  else if (field == "client_id")
    provider.client_id = value;
  else if (field == "client_secret")
    provider.client_secret = value;
  else if (field == "client_secret_file")
    provider.client_secret_file = std::filesystem::absolute(value);
  else if (field == "scopes")
    provider.scopes = words(value);
  else if (field == "kind" && value == "oidc")
    provider.kind = ProviderKind::oidc;
  else if (field == "kind" && value == "google")
    provider.kind = ProviderKind::google;
  else if (field == "kind" && value == "github")
    provider.kind = ProviderKind::github;
  else if (field == "kind")
    return wrong(from, "must be oidc, google or github");
  else
    return wrong(from, "there is no such option");
  return {};
}

Setter provider_field(const char* field) {
  return [=](Config& config, const std::string& value, const std::string& from) {
    return set_provider_field(config.identity_provider, field, value, from);
  };
}

Result<void> complete_provider(Provider& provider, const std::string& from) {
  const bool plain_id =
      !provider.id.empty() && provider.id.size() <= 32 && std::ranges::all_of(provider.id, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
      });
  if (!plain_id) return wrong(from + " id", "must be 1 to 32 of a-z, 0-9 and -");
  if (provider.name.empty()) provider.name = provider.id;
  if (provider.client_id.empty()) return wrong(from + " client_id", "is needed");
  if (provider.issuer.empty() && provider.kind == ProviderKind::google)
    provider.issuer = "https://accounts.google.com";
  if (provider.issuer.empty() && provider.kind == ProviderKind::github)
    provider.issuer = "https://github.com";
  if (!is_provider_url(provider.issuer) || provider.issuer.find('?') != provider.issuer.npos)
    return wrong(from + " issuer", "must look like https://id.example.org");
  return {};
}

Result<std::string> first_line_of_secret(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  if (!in || !std::getline(in, line))
    return failure(ErrorCode::internal, "A secret that the server needs can't be read; its log says which.",
                   file.string());
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
  return line;
}

}  // namespace

Result<void> add_identity_provider(Config& config, const std::map<std::string, std::string>& fields,
                                   const std::string& from) {
  Provider provider;
  for (const auto& [field, value] : fields)
    if (auto set = set_provider_field(provider, field, value, from + " " + field); !set) return set;
  config.identity_providers.push_back(std::move(provider));
  return {};
}

Result<void> complete_sign_in(Config& config) {
  if (const auto& one = config.identity_provider;
      !one.id.empty() || !one.issuer.empty() || !one.client_id.empty())
    config.identity_providers.push_back(one);
  std::set<std::string> ids, issuers;
  for (auto& provider : config.identity_providers) {
    const auto from = "identity provider " + provider.id;
    if (auto complete = complete_provider(provider, from); !complete) return complete;
    if (!ids.insert(provider.id).second) return wrong(from, "there are two of this id");
    // Who somebody is depends on the issuer alone: two clients of one provider would be one.
    if (!issuers.insert(provider.issuer).second) return wrong(from, "there are two of this issuer");
  }
  if (!config.mail.url.empty() && config.mail.from.empty())
    return wrong("mail_from", "is needed beside mail_url");
  return {};
}

std::vector<Option> sign_in_options() {
  return {
      {"mail_url",
       "Mail server: smtps://host:465, or smtp://host:587, which must offer STARTTLS unless it is on this "
       "machine. [none: mails are written to the log]",
       set_mail_url},
      {"mail_from", "Sender of mails: berth@example.org or Berth <berth@example.org>. Needed with mail_url.",
       set_mail_from},
      {"mail_user", "User at the mail server. [none]", mail_text(&MailSettings::user)},
      {"mail_password", "Not as a flag. [none]", mail_text(&MailSettings::password), true},
      {"mail_password_file", "A file that holds the password.", mail_path(&MailSettings::password_file)},
      {"mail_ca", "File with the certificates to trust. [the system's]", mail_path(&MailSettings::ca)},
      {"mail_plain", "Sends without TLS where the mail server offers none. [false]", set_mail_plain},
      {"identity_provider_id",
       "Sign-in by an identity provider: its name in addresses (a-z, 0-9, -). More than one by "
       "[[identity_providers]] in the file. [none]",
       provider_field("id")},
      {"identity_provider_name", "What its button says. [its id]", provider_field("name")},
      {"identity_provider_kind", "oidc (any OpenID Connect provider), google or github. [oidc]",
       provider_field("kind")},
      {"identity_provider_issuer", "https://id.example.org. [Google's, GitHub's]", provider_field("issuer")},
      {"identity_provider_client_id", "What it knows this server by.", provider_field("client_id")},
      {"identity_provider_client_secret", "Not as a flag. [none: a public client]",
       provider_field("client_secret"), true},
      {"identity_provider_client_secret_file", "A file that holds the secret.",
       provider_field("client_secret_file")},
      {"identity_provider_scopes", "Scopes to ask for beside those that are needed. [none]",
       provider_field("scopes")},
  };
}

}  // namespace berth::server::config_table

namespace berth::server {

Result<std::string> client_secret_of(const IdentityProviderSettings& settings) {
  if (settings.client_secret_file.empty()) return settings.client_secret;
  return config_table::first_line_of_secret(settings.client_secret_file);
}

Result<std::string> mail_password_of(const MailSettings& settings) {
  if (settings.password_file.empty()) return settings.password;
  return config_table::first_line_of_secret(settings.password_file);
}

}  // namespace berth::server
