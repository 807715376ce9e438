// SPDX-License-Identifier: GPL-3.0-or-later
// What berthd is told about mail and identity providers (config_sign_in.cpp).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "protocol/error.hpp"

namespace berth::server {

struct MailSettings {
  std::string url;   // smtp://host:port, smtps://host:port; "": mails are written to the log
  std::string from;  // "Berth <berth@example.org>" or an address
  std::string user, password;
  std::filesystem::path password_file;
  std::filesystem::path ca;  // certificates to trust; "": the system's
  bool plain = false;        // smtp:// without TLS where the server offers none
};

enum class ProviderKind { oidc, google, github };

struct IdentityProviderSettings {
  std::string id;    // in addresses: a-z, 0-9, -
  std::string name;  // on the button
  ProviderKind kind = ProviderKind::oidc;
  std::string issuer;
  std::string client_id;
  std::string client_secret;  // "" for a public client
  std::filesystem::path client_secret_file;
  std::vector<std::string> scopes;  // beside what is needed
};

/// The secret, from its file when there is one. internal when that can't be read.
Result<std::string> client_secret_of(const IdentityProviderSettings& settings);
Result<std::string> mail_password_of(const MailSettings& settings);

}  // namespace berth::server
