// SPDX-License-Identifier: GPL-3.0-or-later
// What a directory holds, all of it or nothing: a listing that broke off would pass for files that are gone.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace berth::net {

/// The names of an open directory's entries without "." and "..", in the file system's order; nullopt when it
/// can't be read to its end: errno says why. The descriptor's own position is not moved. Blocks.
std::optional<std::vector<std::string>> names_in(int directory);

}  // namespace berth::net
