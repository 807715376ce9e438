// SPDX-License-Identifier: GPL-3.0-or-later
// The checksums that S3 speaks: SHA-256 signs and guards a request's body, MD5 is what servers check with
// Content-MD5 and answer as ETag. MD5 finds accidents here and is trusted with nothing else.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace berth::server {

std::string sha256_hex(std::string_view bytes);

using Md5 = std::array<unsigned char, 16>;
/// nullopt where the system's OpenSSL has no MD5 (FIPS mode): those checks are left out then.
std::optional<Md5> md5_of(std::string_view bytes);
std::string hex_of(const Md5& sum);
std::string base64_of(const Md5& sum);

}  // namespace berth::server
