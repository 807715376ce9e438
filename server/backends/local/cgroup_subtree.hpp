// SPDX-License-Identifier: GPL-3.0-or-later
// Limits of cpu, memory and process counts: one folder per workspace below a cgroup subtree that belongs to
// berthd's user. Version 1 has a folder in each hierarchy, version 2 one. Without such a subtree nothing is
// enforced, and that is said.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "protocol/error.hpp"
#include "server/workspace_backend.hpp"

namespace berth::server::local {

/// By root, before it becomes `uid`: makes the subtree and hands it over. Under version 2 the calling process
/// moves into it. unsupported when the machine has no cgroups that could be used.
Result<void> prepare_cgroups_as_root(uid_t uid, gid_t gid);

class CgroupSubtree {
 public:
  enum class Version { none, v1, v2 };

  /// What this process's user may use: the handed-over subtree, or under version 2 a part delegated by
  /// systemd (there this process may move into a leaf of its own).
  static CgroupSubtree find();

  Version version() const { return version_; }
  bool enforced() const { return version_ != Version::none; }

  /// Makes the workspace's folder with its limits, or sets them anew.
  Result<void> make(const std::string& workspace, const ResourceLimits& limits) const;
  /// For linux.cgroupsPath in the spec; "" when nothing is enforced.
  std::string spec_path(const std::string& workspace) const;
  /// How many processes the kernel ended for want of memory.
  std::uint64_t memory_kills(const std::string& workspace) const;
  /// The cgroup.procs files of the workspace's folders, for programs that join by themselves.
  std::vector<std::string> process_files(const std::string& workspace) const;
  /// Removes the folder once it is empty.
  void remove(const std::string& workspace) const;

 private:
  std::string folder(const std::string& controller, const std::string& workspace) const;

  Version version_ = Version::none;
  std::map<std::string, std::string> roots_;  // by controller (v1) or "" (v2): absolute folder of the subtree
  std::string path_;                          // of the subtree, relative to the mount point
};

}  // namespace berth::server::local
