// SPDX-License-Identifier: GPL-3.0-or-later
// "workspace:path" of a command line. No I/O.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace berth::cli {

struct RemotePath {
  std::string workspace;
  std::string path;  // below home, without a "/" at either end; "" is home itself
};

/// nullopt: a path of this machine, as what has a "/" before its first ":" is, and what has no ":".
std::optional<RemotePath> remote_path(std::string_view text);

/// False for a name that a folder can't hold; what a workspace says is not believed.
bool is_file_name(std::string_view name);
/// The last part of a path; "" of "", "/", "." and "..".
std::string last_part(std::string_view path);
std::string joined_path(const std::string& folder, const std::string& name);

}  // namespace berth::cli
