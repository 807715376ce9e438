// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/mail.hpp"

#include <sodium.h>

#include <algorithm>
#include <ctime>

#include "server/header_text.hpp"

namespace berth::server {
namespace {

constexpr std::size_t bytes_per_line = 57;  // 76 characters of base64
constexpr std::size_t bytes_per_word = 42;  // an encoded word has at most 75 characters

std::string base64_text(std::string_view bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();  // its NUL
  return out;
}

/// Of a header: plain ASCII as it is, anything else in encoded words (RFC 2047), never two lines of its own.
std::string header_words(std::string_view text) {
  std::string line(text);
  std::ranges::replace_if(line, [](unsigned char c) { return c < ' ' || c == 127; }, ' ');
  const bool plain = std::ranges::none_of(line, [](unsigned char c) { return c >= 128; }) &&
                     line.size() < 200 && line.find("=?") == line.npos;
  if (plain) return line;
  std::string words;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = std::min(line.size(), at + bytes_per_word);
    // Not within a character.
    while (end < line.size() && end > at + 1 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
    words += (at == 0 ? "=?utf-8?B?" : "\r\n =?utf-8?B?") +
             base64_text(std::string_view(line).substr(at, end - at)) + "?=";
    at = end;
  }
  return words;
}

std::string date_text(std::int64_t now) {
  const std::time_t seconds = now / 1000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  char rest[40];
  std::strftime(rest, sizeof rest, "%Y %H:%M:%S +0000", &parts);
  return std::string(days[parts.tm_wday]) + ", " + std::to_string(parts.tm_mday) + " " +
         months[parts.tm_mon] + " " + rest;
}

/// Addresses are checked when they come in; this is the last door.
std::string plain_address(std::string_view address) {
  std::string out(address);
  std::erase_if(out, [](unsigned char c) { return c <= ' ' || c == 127 || c == '<' || c == '>'; });
  return out;
}

}  // namespace

std::string address_of_mailbox(std::string_view mailbox) {
  const auto open = mailbox.rfind('<'), close = mailbox.rfind('>');
  if (open == mailbox.npos || close == mailbox.npos || close < open) return plain_address(mailbox);
  return plain_address(mailbox.substr(open + 1, close - open - 1));
}

std::string mail_message(const Mail& mail, const std::string& from, const std::string& id, std::int64_t now) {
  const auto sender = address_of_mailbox(from);
  const auto name = from.find('<') == from.npos ? std::string_view{}
                                                : trimmed(std::string_view(from).substr(0, from.find('<')));
  const auto domain = sender.substr(sender.find('@') + 1);
  std::string out = "Date: " + date_text(now) +
                    "\r\nFrom: " + (name.empty() ? sender : header_words(name) + " <" + sender + ">") +
                    "\r\nTo: <" + plain_address(mail.to) + ">\r\nSubject: " + header_words(mail.subject) +
                    "\r\nMessage-ID: <" + id + "@" + domain +
                    ">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; "
                    "charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  std::string text;
  for (const char c : mail.text) text += c == '\n' ? "\r\n" : std::string(1, c);
  for (std::size_t at = 0; at < text.size(); at += bytes_per_line)
    out += base64_text(std::string_view(text).substr(at, bytes_per_line)) + "\r\n";
  return out;
}

}  // namespace berth::server
