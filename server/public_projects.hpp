// SPDX-License-Identifier: GPL-3.0-or-later
// Projects that anybody with a link may read: of the workspace's newest stored version the folder `project`,
// and of that no repository's inside (.git: remotes and their credentials, what was taken back). Nothing else
// of a home is ever shown, nothing of a running workspace asked. No HTTP.
#pragma once

#include <array>
#include <boost/asio/thread_pool.hpp>
#include <optional>
#include <string>

#include "protocol/net/task.hpp"
#include "protocol/rest_sharing.hpp"
#include "server/clock.hpp"
#include "server/history.hpp"
#include "server/metadata_store.hpp"
#include "server/object_store.hpp"
#include "server/sharing_store.hpp"
#include "server/template_catalog.hpp"

namespace berth::server {

/// Whether a public project lacks what has this name.
bool kept_from_public(std::string_view name);

/// `path` as a public project has it, "project" for ""; not_found for what lies outside of the project.
Result<std::string> public_path(const std::string& path);

class PublicProjects {
 public:
  struct Parts {  // all outlive it
    MetadataStore& store;
    VersionStore& versions;
    ObjectStore& objects;
    const TemplateCatalog& templates;
    Clock clock;
    std::array<unsigned char, 32> key;  // authenticates tokens, so that the store alone opens nothing
  };
  explicit PublicProjects(Parts parts) : parts_(std::move(parts)) {}

  /// The token; the same while it stays open.
  net::Task<Result<std::string>> open(std::string workspace);
  net::Task<Result<void>> close(std::string workspace);

  net::Task<Result<protocol::rest::PublicWorkspace>> get(std::string token, std::string& workspace);
  net::Task<Result<protocol::FileList::Result>> list(std::string token, protocol::FileList::Params params);
  net::Task<Result<VersionFile>> file(std::string token, std::string path);

  /// What a fork of it begins as. conflict when nothing is stored yet.
  struct Source {
    VersionRecord version;
    std::string template_id;
  };
  net::Task<Result<Source>> source(std::string token);

 private:
  struct Found {
    WorkspaceRecord workspace;
    std::string owner_name;
    std::optional<VersionRecord> newest;
  };
  Result<Found> find(const std::string& token);
  std::string token_of(const std::string& id) const;

  Parts parts_;
  boost::asio::thread_pool pool_{2};  // a far store must not hold up metadata
};

}  // namespace berth::server
