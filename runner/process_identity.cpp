// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/process_identity.hpp"

#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace berth::runner {
namespace {

std::unexpected<Error> identity_failure(const char* step) {
  return failure(ErrorCode::internal, "The runner could not give up its privileges.",
                 std::string(step) + ": " + std::strerror(errno));
}

bool clear_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2]{};
  return ::syscall(SYS_capset, &header, data) == 0;
}

}  // namespace

Result<void> take_runner_identity(std::uint32_t runner_uid, std::uint32_t person_uid,
                                  std::uint32_t person_gid) {
  ::prctl(PR_SET_DUMPABLE, 0);
  // Orphans of shells come to this process even where it is not PID 1, so that they are reaped and counted.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  for (unsigned long capability = 0; capability < 64; ++capability) ::prctl(PR_CAPBSET_DROP, capability);
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);

  uid_t real = 0, effective = 0, saved = 0;
  ::getresuid(&real, &effective, &saved);
  const bool right_already = real == runner_uid && effective == person_uid && saved == runner_uid;
  gid_t real_gid = 0, effective_gid = 0, saved_gid = 0;
  ::getresgid(&real_gid, &effective_gid, &saved_gid);
  if (real_gid != person_gid || effective_gid != person_gid || saved_gid != person_gid) {
    // setgroups is denied in user namespaces of unprivileged makers; those have no further groups to lose by
    // it.
    if (::setgroups(0, nullptr) != 0 && errno != EPERM) return identity_failure("setgroups");
    if (::setresgid(person_gid, person_gid, person_gid) != 0) return identity_failure("setresgid");
  }
  if (!right_already && ::setresuid(runner_uid, person_uid, runner_uid) != 0)
    return identity_failure("setresuid");
  if (!clear_capabilities()) return identity_failure("capset");
  // Changing the effective uid resets the flag.
  if (::prctl(PR_SET_DUMPABLE, 0) != 0) return identity_failure("PR_SET_DUMPABLE");
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return identity_failure("PR_SET_NO_NEW_PRIVS");
  return {};
}

bool become_person(std::uint32_t person_uid) {
  return ::setresuid(person_uid, person_uid, person_uid) == 0 &&
         ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

}  // namespace berth::runner
