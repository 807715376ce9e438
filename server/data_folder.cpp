// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/data_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "protocol/error.hpp"

namespace berth::server {

Result<net::FileDescriptor> take_data_folder(const std::filesystem::path& folder) {
  const auto fail = [&](const std::string& what) {
    return failure(ErrorCode::internal, "The data folder " + folder.string() + " " + what);
  };
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) {
    std::filesystem::create_directories(folder.parent_path(), error);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
      return fail(std::string("can't be made: ") + std::strerror(errno));
  }
  struct stat status{};
  if (::stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return fail("is not a folder.");
  if (status.st_uid != ::geteuid()) return fail("belongs to another user.");
  if ((status.st_mode & 077) != 0 && ::chmod(folder.c_str(), 0700) != 0) return fail("must have mode 0700.");
  net::FileDescriptor lock(
      ::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (lock.get() < 0) return fail(std::string("can't be locked: ") + std::strerror(errno));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
    return failure(ErrorCode::conflict, "Another berthd uses the data folder " + folder.string() +
                                            "; stop it or give --data another folder.");
  return lock;
}

}  // namespace berth::server
