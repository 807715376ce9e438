// SPDX-License-Identifier: GPL-3.0-or-later
// What of a second factor is kept and handed out: TOTP secrets sealed for one account, recovery codes and
// their hashes, and the "pending" text that stands for a proven first factor. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/error.hpp"
#include "server/personal_token.hpp"

namespace berth::server {

using SecondFactorKey = std::array<unsigned char, 32>;  // ServerKeys::second_factor

/// XChaCha20-Poly1305, bound to the account: another account's row opens as nothing. base64url.
std::string seal_secret(std::string_view secret, const std::string& account, const SecondFactorKey& key);
/// internal when it was sealed with another key or for another account.
Result<std::string> open_secret(std::string_view sealed, const std::string& account,
                                const SecondFactorKey& key);

inline constexpr std::size_t recovery_code_count = 10;

/// "xxxxx-xxxxx" of a-z 2-7: 50 bits.
std::string make_recovery_code();
/// The ten characters, however the person wrote them; "" for what can't be one.
std::string plain_recovery_code(std::string_view typed);
/// Of a plain code, for this account alone.
std::string recovery_code_hash(const std::string& account, std::string_view plain, const IdentityKey& key);

struct PendingSignIn {
  std::string account;
  std::string nonce;
  std::int64_t expires = 0;  // Unix ms
};

inline constexpr std::int64_t pending_life = 5 * 60'000;  // ms

/// `state` is what must not have changed until it is used: who sets a new password or another second factor
/// ends what was begun before.
std::string make_pending(const PendingSignIn& pending, std::string_view state, const IdentityKey& key);
/// Takes the text apart; nothing when malformed. Not yet to be believed: see is_pending_of.
std::optional<PendingSignIn> parse_pending(std::string_view text);
/// Whether the text was made by make_pending with this state.
bool is_pending_of(std::string_view text, const PendingSignIn& pending, std::string_view state,
                   const IdentityKey& key);

}  // namespace berth::server
