// SPDX-License-Identifier: GPL-3.0-or-later
// Failures of which nobody knows whether what was asked for happened: the database went away in a commit,
// nobody answered in time, something broke half way. Callers read it in the error's data, and what came with
// an Idempotency-Key is not done again (idempotency.hpp).
#pragma once

#include "protocol/error.hpp"

namespace berth::server {

inline Error may_have_happened(Error error) {
  error.data["outcome"] = "unknown";
  return error;
}

inline bool is_outcome_unknown(const Error& error) {
  const auto said = error.data.find("outcome");
  return error.code == ErrorCode::timeout || error.code == ErrorCode::internal ||
         error.code == ErrorCode::cancelled || (said != error.data.end() && said->second == "unknown");
}

}  // namespace berth::server
