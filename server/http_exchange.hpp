// SPDX-License-Identifier: GPL-3.0-or-later
// One HTTP exchange on the wire: a request's body in, a response out, in constant memory. The Beast side of
// http_message.
#pragma once

#include "server/http_message.hpp"
#include "server/http_session.hpp"

namespace berth::server {

inline constexpr std::uint32_t header_bytes_limit = 32u << 10;  // bytes of a request's header

/// The request's body, read from the connection piece by piece; answers `Expect: 100-continue` before the
/// first.
class BodySource final : public ByteSource {
 public:
  BodySource(HttpConnection& connection, RequestParser& parser, std::uint64_t limit)
      : connection_(connection), parser_(parser), limit_(limit) {}
  net::Task<Result<std::string>> read() override;
  bool at_end() const { return parser_.is_done(); }

 private:
  HttpConnection& connection_;
  RequestParser& parser_;
  std::uint64_t limit_;
  std::uint64_t taken_ = 0;
  bool begun_ = false;
};

/// The whole body; too_large past `limit`.
net::Task<Result<std::string>> read_body(HttpConnection& connection, RequestParser& parser,
                                         std::size_t limit);

/// Sends it; false when the connection can't be used any more. `head` leaves the body out.
net::Task<bool> write_response(HttpConnection& connection, HttpResponse response, bool head, bool keep_alive);

/// Ends the connection so that the client can still read the last answer although it is sending.
net::Task<void> close_gently(HttpConnection& connection);

}  // namespace berth::server
