// SPDX-License-Identifier: GPL-3.0-or-later
// What a folder holds, bit for bit, to be compared with what comes back.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace berth::test {

/// Path → kind, mode, time in nanoseconds, and content or target, as one line each.
using HomePicture = std::map<std::string, std::string>;

/// Of everything in a home that a version holds: all but what is left out by default (.cache and the like).
HomePicture picture_of(const std::filesystem::path& home);

/// "" when they are equal; otherwise the first differences, for a failure's message.
std::string difference(const HomePicture& expected, const HomePicture& found);

}  // namespace berth::test
