// SPDX-License-Identifier: GPL-3.0-or-later
// A mail and its form on the wire (RFC 5322, MIME). Pure.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace berth::server {

struct Mail {
  std::string to;       // an address
  std::string subject;  // one line, UTF-8
  std::string text;     // UTF-8, lines end with \n
};
BOOST_DESCRIBE_STRUCT(Mail, (), (to, subject, text))

/// "Berth <berth@example.org>" → "berth@example.org".
std::string address_of_mailbox(std::string_view mailbox);

/// The whole message with CRLF; whatever is in the mail, it adds no header. `id` is unique, `now` Unix ms.
std::string mail_message(const Mail& mail, const std::string& from, const std::string& id, std::int64_t now);

}  // namespace berth::server
