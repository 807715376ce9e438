// SPDX-License-Identifier: GPL-3.0-or-later
// What is the same inside every workspace, wherever it runs: the form of its id, the files of a new home, the
// environment of its programs.
#pragma once

#include <map>
#include <string>

namespace berth::server {

inline constexpr const char* home_inside = "/home/berth";
inline constexpr const char* shims_inside = "/.berth/bin";  // small programs, in front of PATH

struct GeneratedFile {
  std::string content;
  unsigned mode = 0644;
};

/// 10 characters a-z 2-7: safe as a file name.
bool is_workspace_id(const std::string& text);

/// Starter files of every new home, by path relative to it.
std::map<std::string, GeneratedFile> generated_home();

/// The environment of a workspace's programs; `extra` wins. `trusts` is the CA bundle inside, "" when there
/// is none.
std::map<std::string, std::string> workspace_environment(const std::string& trusts,
                                                         const std::map<std::string, std::string>& extra);

}  // namespace berth::server
