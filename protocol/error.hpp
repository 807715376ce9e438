// SPDX-License-Identifier: GPL-3.0-or-later
// What can go wrong between Berth's parts: one list of codes and the value that carries them.
// Codes and messages travel to peers; `detail` never does.
#pragma once

#include <boost/describe/enum.hpp>
#include <expected>
#include <map>
#include <string>
#include <string_view>

namespace berth {

enum class ErrorCode {
  invalid_argument,   // the request is malformed or a value is out of range
  unauthenticated,    // no valid credential
  permission_denied,  // a valid credential that does not allow this
  not_found,
  already_exists,
  conflict,        // an etag or state precondition failed; `data` names both sides
  stale_base,      // document/edit against an older version; open the document again
  too_large,       // a size limit; `data` names it
  limit_exceeded,  // a quota, a rate or a count
  unsupported,     // understood, but this file, host or version can't do it
  unavailable,     // not now: stopped, starting, peer gone; a retry may work
  timeout,
  cancelled,
  internal,
};
BOOST_DESCRIBE_ENUM(ErrorCode, invalid_argument, unauthenticated, permission_denied, not_found,
                    already_exists, conflict, stale_base, too_large, limit_exceeded, unsupported, unavailable,
                    timeout, cancelled, internal)

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;      // one safe sentence for the person: what happened, what to do
  std::string detail = {};  // for the log only
  std::map<std::string, std::string> data = {};  // machine-readable facts for the peer (etags, limits)
};

template <class T>
using Result = std::expected<T, Error>;

/// The `std::unexpected` for an Error, so that a function can `return failure(...)`.
inline std::unexpected<Error> failure(ErrorCode code, std::string message, std::string detail = {}) {
  return std::unexpected(Error{code, std::move(message), std::move(detail), {}});
}

/// The wire name of a code, e.g. "stale_base".
std::string_view to_string(ErrorCode code);

/// The JSON-RPC 2.0 number of a code: -32602 for invalid_argument, -32603 for internal, otherwise -32000 -
/// index.
int json_rpc_number(ErrorCode code);

/// HTTP status for a code: the only such map in the project.
int http_status(ErrorCode code);

}  // namespace berth
