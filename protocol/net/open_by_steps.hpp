// SPDX-License-Identifier: GPL-3.0-or-later
// Opening a path below a directory one name at a time, for systems without openat2 (gVisor, Linux
// before 5.6). Slower than openat2(RESOLVE_BENEATH) and used only where that is missing.
#pragma once

#include <sys/types.h>

#include <string_view>

namespace berth::net {

/// A descriptor, or -1 with errno: as openat2 with RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS would answer.
/// Links are followed as long as they stay below `root` (EXDEV otherwise; ELOOP after 40). No step ever
/// leaves `root`: "..", also in links, goes back to a directory that is already held open.
int open_by_steps(int root, std::string_view path, int flags, mode_t mode);

}  // namespace berth::net
