// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/error.hpp"

#include <boost/describe/enum_to_string.hpp>

namespace berth {

std::string_view to_string(ErrorCode code) { return boost::describe::enum_to_string(code, "internal"); }

int json_rpc_number(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return -32602;
    case ErrorCode::internal:
      return -32603;
    default:
      return -32000 - static_cast<int>(code);
  }
}

int http_status(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return 400;
    case ErrorCode::unauthenticated:
      return 401;
    case ErrorCode::permission_denied:
      return 403;
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::already_exists:
    case ErrorCode::stale_base:
      return 409;
    case ErrorCode::conflict:
      return 412;
    case ErrorCode::too_large:
      return 413;
    case ErrorCode::unsupported:
      return 415;
    case ErrorCode::limit_exceeded:
      return 429;
    case ErrorCode::cancelled:
      return 499;
    case ErrorCode::internal:
      return 500;
    case ErrorCode::unavailable:
      return 503;
    case ErrorCode::timeout:
      return 504;
  }
  return 500;
}

}  // namespace berth
