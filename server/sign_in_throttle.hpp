// SPDX-License-Identifier: GPL-3.0-or-later
// Slows down password guessing: a pure state machine with the time passed in. An attempt counts when it
// begins, so that parallel guesses gain nothing; a success clears what it counted. Delays are bounded, and an
// address that has signed in to the account before is not slowed by what other addresses do: nobody can lock
// the owner out. The rules work on a few named counts, wherever those are kept: in memory by SignInThrottle,
// or in the database where several servers count together.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "server/lease_store.hpp"

namespace berth::server {

namespace throttle {

using Counts = SharedCounts::Counts;

/// The counts that attempt() and succeeded() look at and change.
std::vector<std::string> names(const std::string& account, const std::string& address);
/// As SignInThrottle's.
std::int64_t attempt(Counts& counts, const std::string& account, const std::string& address,
                     std::int64_t now);
void succeeded(Counts& counts, const std::string& account, const std::string& address, std::int64_t now);

/// The count of attempt_from().
std::string name_from(const std::string& address, const std::string& purpose);
std::int64_t attempt_from(Counts& counts, const std::string& address, const std::string& purpose, int free,
                          std::int64_t now);

inline constexpr std::int64_t counted_for = 3'600'000;            // ms: the longest that attempts matter
inline constexpr std::int64_t known_for = 30ll * 24 * 3'600'000;  // ms: that an address is known
inline constexpr const char* known_names = "known ";              // what such counts' names begin with

}  // namespace throttle

class SignInThrottle {
 public:
  /// Milliseconds to wait before an attempt is taken; 0: go ahead, and it is counted.
  std::int64_t attempt(const std::string& account, const std::string& address, std::int64_t now);
  void succeeded(const std::string& account, const std::string& address, std::int64_t now);

  /// The same for calls that have no account: `free` of them an hour from one address.
  std::int64_t attempt_from(const std::string& address, const std::string& purpose, int free,
                            std::int64_t now);

  std::size_t size() const { return counts_.size(); }

 private:
  using Kept = std::unordered_map<std::string, SharedCounts::Count>;
  /// Where a name's count is kept.
  Kept& kept(const std::string& name);
  throttle::Counts some(const std::vector<std::string>& names);
  void keep(const std::vector<std::string>& names, const throttle::Counts& counts);
  void make_room(std::int64_t now);

  Kept counts_;
  Kept known_;  // account and address → last success
};

}  // namespace berth::server
