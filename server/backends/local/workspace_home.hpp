// SPDX-License-Identifier: GPL-3.0-or-later
// The lasting part of a workspace: its home with the project, and the runner's state beside it.
#pragma once

#include <string>
#include <vector>

#include "protocol/error.hpp"
#include "server/backends/local/user_namespace.hpp"

namespace berth::server::local {

/// One of them.
struct TemplateSystem {
  std::string root;   // a folder
  std::string image;  // a name, for ImageFolder
};

class WorkspaceHomes {
 public:
  /// Homes lie in `folder`/<workspace>/home; `templates` has a folder per template.
  static Result<WorkspaceHomes> open(const std::string& folder, const std::string& templates);

  std::string home(const std::string& workspace) const { return folder_ + "/" + workspace + "/home"; }
  std::string state(const std::string& workspace) const { return folder_ + "/" + workspace + "/state"; }

  /// Makes home and state when they are not there yet; a half-made home of a crashed server is made anew.
  /// not_found for an unknown template. `empty`: without the template's files.
  Result<void> ensure(const std::string& workspace, const std::string& template_id, bool empty = false) const;
  /// Deletes both, also files of other ids and folders without rights.
  Result<void> forget(const std::string& workspace, const UserNamespace& space) const;
  std::vector<std::string> workspaces() const;

  /// What this template's workspaces see beside their homes: template.json's "system", a folder that has
  /// usr/, else its "image", else this machine's own system.
  Result<TemplateSystem> system_of(const std::string& template_id) const;

 private:
  std::string folder_;
  std::string templates_;
};

}  // namespace berth::server::local
