// SPDX-License-Identifier: GPL-3.0-or-later
// What archives are made of: a version, the home of a stopped workspace, or the files of one that runs.
#pragma once

#include <memory>
#include <string>

#include "protocol/net/confined_directory.hpp"
#include "server/archive.hpp"
#include "server/runner_access.hpp"
#include "server/version_tree.hpp"

namespace berth::server {

/// Everything at or below `entry` (found at `path` of a version; normal). A folder's content lies at the
/// archive's top; a file or symlink lies there under its own name. A missing or damaged piece of a file is
/// zeros, a missing listing leaves its folder empty; both are problems.
std::unique_ptr<ArchiveContent> make_version_content(VersionTree tree, const protocol::TreeEntry& entry,
                                                     const std::string& path);

/// The same of a folder on disk, as far as it can be read; sockets, pipes and devices are left out and named.
/// not_found when there is no such path.
Result<std::unique_ptr<ArchiveContent>> make_home_content(net::ConfinedDirectory home,
                                                          const std::string& path);

/// The same of a workspace whose files are asked for one by one, as they are when their turn comes. A name
/// that is no text can't be asked for and is named. `files` outlives it. not_found when there is no such
/// path.
net::Task<Result<std::unique_ptr<ArchiveContent>>> make_live_content(WorkspaceFiles& files,
                                                                     std::string workspace, std::string path);

/// `content` with one problem more.
std::unique_ptr<ArchiveContent> make_noted_content(std::unique_ptr<ArchiveContent> content,
                                                   protocol::PathProblem note);

}  // namespace berth::server
