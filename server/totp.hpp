// SPDX-License-Identifier: GPL-3.0-or-later
// Time-based one-time passwords: RFC 6238 over HOTP (RFC 4226) with SHA-1, 6 digits and steps of 30 s, which
// is what authenticator apps take. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace berth::server::totp {

inline constexpr std::size_t secret_size = 20;  // bytes, as RFC 4226 recommends
inline constexpr std::int64_t step_seconds = 30;
inline constexpr int digits = 6;

/// RFC 4226's HOTP. `length` 6 to 8 digits.
std::string code_of(std::string_view secret, std::int64_t step, int length = digits);

/// The step whose code this is: the current one or one of its two neighbours, and later than `last_step`, so
/// that none is good twice. Takes the same time wherever a wrong code differs. `now` in Unix seconds.
std::optional<std::int64_t> matching_step(std::string_view secret, std::string_view code, std::int64_t now,
                                          std::int64_t last_step);

/// RFC 4648, upper case, without padding.
std::string base32(std::string_view bytes);

/// otpauth://totp/…, for a QR code (the "Key URI Format" of Google Authenticator).
std::string uri(std::string_view secret, std::string_view issuer, std::string_view account);

}  // namespace berth::server::totp
