// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of `berthd admin` about the installation as a whole: settings, identity providers, templates'
// images, what workspaces take. On the database itself, beside a server that runs or not.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "server/config.hpp"
#include "server/metadata_store.hpp"

namespace berth::server {

/// What a command did, for its line of the audit log; no secret.
struct AdminDeed {
  std::string target;
  std::map<std::string, std::string> data;
};

/// Of a provider; what is absent stays, or is as usual for a new one.
struct ProviderChoice {
  std::string id;
  std::optional<std::string> name, kind, issuer, client_id;
  std::string secret_file;            // "": it stays; "-": standard input
  bool no_secret = false;             // a public client from now on
  std::optional<std::string> scopes;  // with commas between
  std::optional<bool> enabled;
};

class AdminInstallation {
 public:
  AdminInstallation(const Config& config, MetadataStore& store) : config_(config), store_(store) {}

  Result<void> show_settings();
  /// `value` as people write it: true, 30, or a list with commas.
  Result<void> set_setting(const std::string& name, const std::string& value, AdminDeed& deed);
  Result<void> list_providers();
  Result<void> put_provider(const ProviderChoice& choice, AdminDeed& deed);
  Result<void> remove_provider(const std::string& id, AdminDeed& deed);
  Result<void> list_templates();
  /// "": the installation's.
  Result<void> set_image(const std::string& template_id, const std::string& image, AdminDeed& deed);
  /// Of running workspaces, as their servers told last.
  Result<void> list_uses();

 private:
  const Config& config_;
  MetadataStore& store_;
};

}  // namespace berth::server
