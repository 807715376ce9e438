// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/ignore_rules.hpp"

#include <algorithm>

#include "protocol/net/home_files.hpp"

namespace berth::runner {
namespace {

constexpr std::size_t most_rules = 1000;

// What programs make anew by themselves. node_modules is no such thing: it may not install again tomorrow.
constexpr std::string_view defaults[] = {"/.cache/", "/.npm/_cacache/", "__pycache__/"};

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  for (std::size_t start = 0; start <= path.size();) {
    const auto end = std::min(path.find('/', start), path.size());
    if (end > start) parts.push_back(path.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

/// Matches one character against the element of `pattern` at `at`, and moves behind that element.
bool fits_element(std::string_view pattern, std::size_t& at, char c) {
  if (pattern[at] == '?') return ++at, true;
  if (pattern[at] == '\\' && at + 1 < pattern.size())
    ++at;
  else if (const auto close = pattern[at] == '[' ? pattern.find(']', at + 2) : pattern.npos;
           close != pattern.npos) {
    auto inside = pattern.substr(at + 1, close - at - 1);
    at = close + 1;
    const bool negated = inside[0] == '!' || inside[0] == '^';
    if (negated) inside.remove_prefix(1);
    bool found = false;
    const auto code = [](char letter) { return static_cast<unsigned char>(letter); };
    for (std::size_t i = 0; i < inside.size(); ++i) {
      if (i + 2 < inside.size() && inside[i + 1] == '-') {
        found = found || (code(inside[i]) <= code(c) && code(c) <= code(inside[i + 2]));
        i += 2;
      } else {
        found = found || inside[i] == c;
      }
    }
    return found != negated;
  }
  return pattern[at++] == c;
}

/// One name against one part of a rule. A failed match goes back to the last `*` only: enough, because what
/// a later star can take, an earlier one need not.
bool fits_name(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = pattern.npos, star_name = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_name = n;
      continue;
    }
    std::size_t next = p;
    if (p < pattern.size() && fits_element(pattern, next, name[n])) {
      p = next;
      ++n;
    } else if (star != pattern.npos) {
      p = star + 1;
      n = ++star_name;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

/// The same with names for characters and `**` for `*`.
bool fits_path(const std::vector<std::string>& rule, const std::vector<std::string_view>& path) {
  std::size_t r = 0, n = 0, star = rule.size(), star_name = 0;
  while (n < path.size()) {
    if (r < rule.size() && rule[r] == "**") {
      if (r + 1 == rule.size()) return true;  // "a/**": everything below, which is something
      star = r++;
      star_name = n;
    } else if (r < rule.size() && fits_name(rule[r], path[n])) {
      ++r;
      ++n;
    } else if (star != rule.size()) {
      r = star + 1;
      n = ++star_name;
    } else {
      return false;
    }
  }
  return r == rule.size();
}

}  // namespace

IgnoreRules IgnoreRules::parse(std::string_view text) {
  IgnoreRules rules;
  for (const auto line : defaults) rules.add(line);
  text = text.substr(0, longest_text);
  for (std::size_t start = 0; start < text.size() && rules.rules_.size() < most_rules;) {
    const auto end = std::min(text.find('\n', start), text.size());
    rules.add(text.substr(start, end - start));
    start = end + 1;
  }
  return rules;
}

void IgnoreRules::add(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  while (line.ends_with(' ') && !line.ends_with("\\ ")) line.remove_suffix(1);
  if (line.empty() || line[0] == '#') return;
  Rule rule;
  rule.negated = line[0] == '!';
  if (rule.negated) line.remove_prefix(1);
  rule.directories_only = line.ends_with('/');
  if (rule.directories_only) line.remove_suffix(1);
  if (line.find('/') == line.npos) rule.parts.emplace_back("**");
  for (const auto part : parts_of(line)) rule.parts.emplace_back(part);
  if (rule.parts.empty() || rule.parts.back().empty() || line.empty()) return;
  rules_.push_back(std::move(rule));
}

bool IgnoreRules::excludes_entry(std::string_view path, bool directory) const {
  const auto parts = parts_of(path);
  if (parts.empty()) return false;
  if (parts.back().starts_with(net::temporary_prefix)) return true;
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule)
    if ((directory || !rule->directories_only) && fits_path(rule->parts, parts)) return !rule->negated;
  return false;
}

bool IgnoreRules::excludes(std::string_view path, bool directory) const {
  for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1))
    if (excludes_entry(path.substr(0, slash), true)) return true;
  return excludes_entry(path, directory);
}

}  // namespace berth::runner
