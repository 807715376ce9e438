// SPDX-License-Identifier: GPL-3.0-or-later
// Paths relative to home as the runner writes them: names joined by "/", home itself is "".
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace berth::runner {

inline std::string joined(std::string_view directory, std::string_view name) {
  std::string path(directory);
  if (!path.empty()) path += '/';
  return path += name;
}

/// The directory ("" is home) and the name in it.
inline std::pair<std::string, std::string> split(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == path.npos) return {"", path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

}  // namespace berth::runner
