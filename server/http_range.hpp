// SPDX-License-Identifier: GPL-3.0-or-later
// Conditional and range headers (RFC 9110), pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "protocol/error.hpp"

namespace berth::server {

struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
};

/// nullopt when the whole file is to be sent (no Range, another unit, several ranges: allowed by the RFC); an
/// error when the range lies outside the file (416).
Result<std::optional<ByteRange>> parse_range(std::string_view header, std::uint64_t size);

/// If-None-Match against our (unquoted) etag: `*` or any of the list.
bool matches_etag(std::string_view header, std::string_view etag);

/// If-Match against it: the same, but for weak ones, which never match.
bool matches_strongly(std::string_view header, std::string_view etag);

}  // namespace berth::server
