// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/image_reference.hpp"

#include <algorithm>

namespace berth::server {
namespace {

constexpr std::size_t longest_image_name = 255, longest_tag = 128, digest_digits = 64;

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_letter_or_digit(char c) { return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z'); }

/// Runs of a-z and 0-9 with one of ".", "_", "__" or dashes between.
bool is_path_part(std::string_view part) {
  if (part.empty() || !is_lower_or_digit(part.front()) || !is_lower_or_digit(part.back())) return false;
  for (std::size_t i = 0; i < part.size();) {
    std::size_t end = i;
    while (end < part.size() && !is_lower_or_digit(part[end])) ++end;
    const auto between = part.substr(i, end - i);
    const bool dashes = std::ranges::all_of(between, [](char c) { return c == '-'; });
    if (!dashes && between != "." && between != "_" && between != "__") return false;
    i = end + 1;
    while (i < part.size() && is_lower_or_digit(part[i])) ++i;
  }
  return true;
}

bool is_registry(std::string_view text) {
  const auto colon = text.find(':');
  const auto port = colon == text.npos ? std::string_view("0") : text.substr(colon + 1);
  if (port.empty() || port.size() > 5 ||
      !std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; }))
    return false;
  auto host = text.substr(0, colon);
  while (true) {
    const auto label = host.substr(0, host.find('.'));
    const bool plain = std::ranges::all_of(label, [](char c) { return is_letter_or_digit(c) || c == '-'; });
    if (label.empty() || !plain || label.front() == '-' || label.back() == '-') return false;
    if (label.size() == host.size()) return true;
    host.remove_prefix(label.size() + 1);
  }
}

/// What stands before the first '/' is a host when it looks like one.
bool is_image_path(std::string_view name) {
  if (name.empty() || name.size() > longest_image_name) return false;
  if (const auto slash = name.find('/'); slash != name.npos) {
    const auto first = name.substr(0, slash);
    if (first.find_first_of(".:") != first.npos || first == "localhost") {
      if (!is_registry(first)) return false;
      name.remove_prefix(slash + 1);
    }
  }
  while (true) {
    const auto part = name.substr(0, name.find('/'));
    if (!is_path_part(part)) return false;
    if (part.size() == name.size()) return true;
    name.remove_prefix(part.size() + 1);
  }
}

bool is_tag(std::string_view tag) {
  return !tag.empty() && tag.size() <= longest_tag && tag.front() != '.' && tag.front() != '-' &&
         std::ranges::all_of(
             tag, [](char c) { return is_letter_or_digit(c) || c == '_' || c == '.' || c == '-'; });
}

bool is_sha256(std::string_view digest) {
  constexpr std::string_view kind = "sha256:";
  return digest.starts_with(kind) && digest.size() == kind.size() + digest_digits &&
         digest.find_first_not_of("0123456789abcdef", kind.size()) == digest.npos;
}

}  // namespace

bool is_image_reference(std::string_view text) {
  if (const auto at = text.find('@'); at != text.npos) {
    if (!is_sha256(text.substr(at + 1))) return false;
    text = text.substr(0, at);
  }
  const auto colon = text.rfind(':');
  if (colon != text.npos && text.find('/', colon) == text.npos) {
    if (!is_tag(text.substr(colon + 1))) return false;
    text = text.substr(0, colon);
  }
  return is_image_path(text);
}

Result<void> check_image_reference(const std::string& text) {
  if (is_image_reference(text)) return {};
  return failure(ErrorCode::invalid_argument,
                 "body.image: must be an image's name, like registry.example.org/team/rust:2");
}

}  // namespace berth::server
