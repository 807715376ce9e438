// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin_table.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace berth::server {
namespace {

std::size_t columns_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

std::string printable(std::string text) {
  std::ranges::replace_if(text, [](unsigned char c) { return c < ' ' || c == 127; }, '?');
  return text;
}

void print_table(std::vector<TableRow> rows) {
  std::vector<std::size_t> widths;
  for (auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      row[i] = printable(std::move(row[i]));
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], columns_of(row[i]));
    }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += row[i] + (i + 1 < row.size() ? std::string(widths[i] - columns_of(row[i]) + 2, ' ') : "");
    std::printf("%s\n", line.c_str());
  }
}

Result<std::optional<std::int64_t>> read_quota(const std::string& text, const char* flag) {
  if (text == "default") return std::optional<std::int64_t>();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size())
    return failure(ErrorCode::invalid_argument, std::string(flag) + ": a number, or `default`.");
  return std::optional(number);
}

}  // namespace berth::server
