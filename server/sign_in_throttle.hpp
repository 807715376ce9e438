// SPDX-License-Identifier: GPL-3.0-or-later
// Slows down password guessing: a pure state machine with the time passed in. An attempt counts when it
// begins, so that parallel guesses gain nothing; a success clears what it counted. Delays are bounded, and an
// address that has signed in to the account before is not slowed by what other addresses do: nobody can lock
// the owner out.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

namespace berth::server {

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
  struct Count {
    int failures = 0;
    std::int64_t last = 0;
  };
  struct Rule {
    int free;              // attempts before delays begin
    std::int64_t longest;  // ms
  };
  static std::int64_t wait(const Count& count, const Rule& rule, std::int64_t now);
  Count& count_of(const std::string& key, std::int64_t now);
  void make_room(std::int64_t now);

  std::unordered_map<std::string, Count> counts_;
  std::unordered_map<std::string, std::int64_t> known_;  // account and address → last success
};

}  // namespace berth::server
