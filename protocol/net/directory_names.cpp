// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/net/directory_names.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

namespace berth::net {

std::optional<std::vector<std::string>> names_in(int directory) {
  const int again = ::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* stream = again < 0 ? nullptr : ::fdopendir(again);
  if (!stream) {
    const int number = errno;
    if (again >= 0) ::close(again);
    errno = number;
    return std::nullopt;
  }
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(stream);
    if (!entry) break;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  const int number = errno;
  ::closedir(stream);
  if (number == 0) return names;
  errno = number;
  return std::nullopt;
}

}  // namespace berth::net
