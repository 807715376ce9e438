// SPDX-License-Identifier: GPL-3.0-or-later
// Who the runner's process is and what it may do: giving up privileges at start, and in a shell's child
// before exec.
#pragma once

#include <cstdint>

#include "protocol/error.hpp"

namespace berth::runner {

/// Makes the process unreadable to others (non-dumpable), drops every capability and the bounding set, and
/// takes the identity (runner_uid, person_uid, runner_uid): file operations act as the person, while a shell
/// (person, person, person) can neither signal nor trace it. With equal uids only the dumpable flag and PID
/// 1's immunity protect it. Call while there is one thread. Fails rather than go on with more rights than
/// asked for.
Result<void> take_runner_identity(std::uint32_t runner_uid, std::uint32_t person_uid,
                                  std::uint32_t person_gid);

/// In a forked child, async-signal-safe: becomes the person for good, no_new_privs. False on failure.
bool become_person(std::uint32_t person_uid);

}  // namespace berth::runner
