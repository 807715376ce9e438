// SPDX-License-Identifier: GPL-3.0-or-later
// Refresh tokens: "<sign-in id>.<generation>.<MAC>". The MAC is a keyed hash over id, generation and the
// sign-in's salt; the store holds id, generation and salt and so nothing that gives a token, and two tabs
// that refresh with the same token within the grace get the same successor. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "server/metadata_store.hpp"

namespace berth::server {

using RefreshKey = std::array<unsigned char, 32>;

struct RefreshClaim {
  std::string sign_in;
  std::int64_t generation = 0;
  std::string mac;
};

inline constexpr std::int64_t refresh_grace = 10'000;                  // ms
inline constexpr std::int64_t refresh_life = 90ll * 24 * 3600 * 1000;  // ms, of the whole sign-in

/// The token of `generation` of a sign-in.
std::string make_refresh_token(const SignInRecord& sign_in, std::int64_t generation, const RefreshKey& key);

/// Only takes the text apart; unauthenticated when malformed.
Result<RefreshClaim> parse_refresh_token(std::string_view token);

enum class RefreshVerdict {
  rotate,  // the newest generation: advance
  repeat,  // the one before, within the grace: answer with the newest again
  reused,  // genuine but used up: someone copied it; end the sign-in
  forged,  // never made by this server, or expired: refuse, change nothing
};
RefreshVerdict judge_refresh(const RefreshClaim& claim, const SignInRecord& sign_in, const RefreshKey& key,
                             std::int64_t now);

}  // namespace berth::server
