// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/cli/remote_path.hpp"

namespace berth::cli {

std::optional<RemotePath> remote_path(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == text.npos || colon == 0 || text.find('/') < colon) return std::nullopt;
  auto path = text.substr(colon + 1);
  if (path.starts_with("~/")) path.remove_prefix(2);
  if (path == "~" || path == ".") path = {};
  while (path.starts_with("./")) path.remove_prefix(2);
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  return RemotePath{std::string(text.substr(0, colon)), std::string(path)};
}

bool is_file_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == name.npos &&
         name.find('\0') == name.npos;
}

std::string last_part(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  const auto slash = path.rfind('/');
  const auto part = slash == path.npos ? path : path.substr(slash + 1);
  return is_file_name(part) ? std::string(part) : std::string();
}

std::string joined_path(const std::string& folder, const std::string& name) {
  if (folder.empty()) return name;
  return folder.ends_with('/') ? folder + name : folder + "/" + name;
}

}  // namespace berth::cli
