// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that callers named, so that one which is sent again is done once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocol/error.hpp"

namespace berth::server {

inline constexpr std::int64_t answer_kept_for = 24 * 3'600'000;  // ms

/// A request as its caller named it.
struct NamedRequest {
  std::string account;
  std::string key;   // of the account's choice
  std::string hash;  // of everything in it
};

/// What is known of a key when a request comes with it.
struct KnownRequest {
  enum State {
    fresh,      // nobody has it: it is this one's from now on
    under_way,  // the same request is being answered
    another,    // another request has this key
    answered,
    in_doubt,  // it may have been done: a server ended in it, or could not tell
  } state = fresh;
  int status = 0;      // of the answer, as the next
  std::string answer;  // body
};

/// As every part of the MetadataStore.
class IdempotencyStore {
 public:
  virtual ~IdempotencyStore() = default;
  /// A fresh one is kept as under way until `until`; who has not said by then what became of it leaves it in
  /// doubt, for as long as an answer is kept.
  virtual Result<KnownRequest> begin(const NamedRequest& request, std::int64_t now, std::int64_t until) = 0;
  /// What is given to all who ask again, until then.
  virtual Result<void> answer(const NamedRequest& request, int status, const std::string& body,
                              std::int64_t until) = 0;
  /// It may have been done, and nobody is the first again until then.
  virtual Result<void> doubt(const NamedRequest& request, std::int64_t until) = 0;
  /// It was not done, says who began it: whoever asks again is the first. What is answered stays.
  virtual Result<void> forget(const NamedRequest& request) = 0;
};

}  // namespace berth::server
