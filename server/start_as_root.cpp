// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/start_as_root.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace berth::server {
namespace {

std::unexpected<Error> system_failure(const std::string& what) {
  return failure(ErrorCode::internal, what + ": " + std::strerror(errno) + ".");
}

/// A folder that is not there yet is made for the user; one that is there must be the user's already (nothing
/// is chowned that root might have meant for another).
Result<void> make_data_folder(const std::filesystem::path& folder, uid_t uid, gid_t gid) {
  std::error_code error;
  if (std::filesystem::exists(folder, error)) return {};
  std::filesystem::create_directories(folder.parent_path(), error);
  if (::mkdir(folder.c_str(), 0700) != 0)
    return system_failure("The data folder " + folder.string() + " can't be made");
  if (::chown(folder.c_str(), uid, gid) != 0)
    return system_failure("The data folder " + folder.string() + " can't be handed over");
  return {};
}

}  // namespace

Result<void> leave_root(const Config& config, const PrepareAsRoot& prepare) {
  if (::geteuid() != 0) return {};
  if (config.user == "root") {
    spdlog::warn("berthd stays root because --user root says so; never do this on a machine that others use");
    return {};
  }
  const auto* user = ::getpwnam(config.user.c_str());
  if (!user)
    return failure(ErrorCode::invalid_argument,
                   "There is no user \"" + config.user +
                       "\" to become; make it with `useradd --system --create-home " + config.user +
                       "`, or name another with --user.");
  const uid_t uid = user->pw_uid;
  const gid_t gid = user->pw_gid;
  const std::string home = user->pw_dir;
  if (uid == 0)
    return failure(ErrorCode::invalid_argument, "The user \"" + config.user + "\" is root by another name.");
  if (auto made = make_data_folder(config.data, uid, gid); !made) return made;
  if (prepare)
    if (auto prepared = prepare(config.user); !prepared)
      spdlog::warn("{} {}", prepared.error().message, prepared.error().detail);
  if (::initgroups(config.user.c_str(), gid) != 0)
    return system_failure("The groups of " + config.user + " can't be taken");
  if (::setresgid(gid, gid, gid) != 0 || ::setresuid(uid, uid, uid) != 0)
    return system_failure("berthd can't become " + config.user);
  if (::setuid(0) == 0)
    return failure(ErrorCode::internal, "berthd could become root again; it refuses to serve.");
  ::setenv("HOME", home.c_str(), 1);
  ::setenv("USER", config.user.c_str(), 1);
  ::unsetenv("XDG_RUNTIME_DIR");  // root's
  if (::chdir("/") != 0) return system_failure("/ can't be entered");
  return {};
}

}  // namespace berth::server
