// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http_range.hpp"

#include <algorithm>
#include <charconv>

namespace berth::server {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Result<std::optional<ByteRange>> parse_range(std::string_view header, std::uint64_t size) {
  static constexpr std::string_view unit = "bytes=";
  if (!header.starts_with(unit) || header.find(',') != header.npos) return std::nullopt;
  header.remove_prefix(unit.size());
  const auto dash = header.find('-');
  if (dash == header.npos) return std::nullopt;
  const auto first = number(header.substr(0, dash)), last = number(header.substr(dash + 1));
  const auto outside = [] {
    return failure(ErrorCode::invalid_argument, "The range lies outside the file.");
  };
  if (dash == 0) {
    if (!last) return std::nullopt;
    const auto length = std::min(*last, size);
    if (length == 0) return outside();
    return ByteRange{size - length, length};
  }
  if (!first || (!last && dash + 1 != header.size())) return std::nullopt;
  if (last && *last < *first) return std::nullopt;
  if (*first >= size) return outside();
  const auto end = last ? std::min(*last, size - 1) : size - 1;
  return ByteRange{*first, end - *first + 1};
}

namespace {

bool matches_any_of(std::string_view header, std::string_view etag, bool weakly) {
  while (!header.empty()) {
    const auto comma = header.find(',');
    auto one = header.substr(0, comma);
    header = comma == header.npos ? std::string_view{} : header.substr(comma + 1);
    while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
    while (!one.empty() && one.back() == ' ') one.remove_suffix(1);
    if (one == "*") return true;
    if (weakly && one.starts_with("W/")) one.remove_prefix(2);
    if (one.size() >= 2 && one.starts_with('"') && one.ends_with('"') &&
        one.substr(1, one.size() - 2) == etag)
      return true;
  }
  return false;
}

}  // namespace

bool matches_etag(std::string_view header, std::string_view etag) {
  return matches_any_of(header, etag, true);
}

bool matches_strongly(std::string_view header, std::string_view etag) {
  return matches_any_of(header, etag, false);
}

}  // namespace berth::server
