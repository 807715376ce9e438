// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of settings that roam with a person: what may be kept, and that the newest of each counts.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include "protocol/net/task.hpp"
#include "protocol/rest_preferences.hpp"
#include "server/clock.hpp"
#include "server/preference_store.hpp"
#include "server/principal.hpp"

namespace berth::server {

inline constexpr std::size_t most_preferences = 500;
inline constexpr std::size_t preference_value_limit = 4096;  // bytes
/// Of `terminal.profiles`: one value holds all of a person's profiles, with their variables.
inline constexpr std::size_t profiles_value_limit = 64u << 10;  // bytes

/// What a client sent, as it is kept; `now` in Unix ms. invalid_argument names the field.
Result<std::vector<PreferenceRecord>> checked_preferences(
    const std::vector<protocol::rest::UpdatePreferences::Change>& changes, std::int64_t now);

class Preferences {
 public:
  Preferences(PreferenceStore& store, boost::asio::thread_pool& pool, Clock clock)
      : store_(store), pool_(pool), clock_(std::move(clock)) {}

  net::Task<Result<protocol::rest::Preferences>> list(Principal principal);
  net::Task<Result<protocol::rest::Preferences>> merge(Principal principal,
                                                       protocol::rest::UpdatePreferences::Body body);

 private:
  PreferenceStore& store_;
  boost::asio::thread_pool& pool_;
  const Clock clock_;
};

}  // namespace berth::server
