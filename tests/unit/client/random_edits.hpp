// SPDX-License-Identifier: GPL-3.0-or-later
// Random texts and changes, with characters of one to four UTF-8 bytes.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "client/core/document_sync.hpp"
#include "protocol/text_operation.hpp"

namespace berth::test {

inline std::vector<std::string> characters(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    out.push_back(text.substr(i, bytes));
    i += bytes;
  }
  return out;
}

inline std::string random_text(std::mt19937& random, int most) {
  static const std::string alphabet[] = {"a", "b", "c", " ", "\n", "é", "日", "😀", "z"};
  std::string out;
  for (auto n = random() % static_cast<unsigned>(most + 1); n > 0; --n) out += alphabet[random() % 9];
  return out;
}

/// One replacement of a random range.
inline client::LocalEdit random_edit(std::mt19937& random, const std::string& text) {
  const auto all = characters(text);
  const auto begin = random() % (all.size() + 1);
  const auto count = std::min<std::size_t>(all.size() - begin, random() % 4);
  client::LocalEdit edit{0,
                         {},
                         random() % 3 ? random_text(random, 5) : std::string(),
                         static_cast<std::int64_t>(protocol::utf16_length(text))};
  for (std::size_t i = 0; i < begin; ++i)
    edit.position += static_cast<std::int64_t>(protocol::utf16_length(all[i]));
  for (std::size_t i = begin; i < begin + count; ++i) edit.removed += all[i];
  return edit;
}

using client::operation_of;

/// Up to three replacements.
inline protocol::TextOperation random_operation(std::mt19937& random, const std::string& text) {
  auto now = text;
  protocol::TextOperation all;
  if (const auto units = static_cast<std::int64_t>(protocol::utf16_length(text))) all.retain(units);
  for (auto n = 1 + random() % 3; n > 0; --n) {
    const auto operation = operation_of(random_edit(random, now));
    now = *operation.apply(now);
    all = *all.compose(operation);
  }
  return all;
}

}  // namespace berth::test
