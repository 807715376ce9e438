// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/search_arguments.hpp"

#include "protocol/net/home_files.hpp"

namespace berth::runner {
namespace {

constexpr std::size_t longest_pattern = 4096, longest_replacement = 16384;
constexpr std::size_t most_globs = 64, longest_glob = 1024;

/// "\r\n" ends a line, too, and no configuration of the person's changes what is meant.
Arguments search_program(std::initializer_list<const char*> more) {
  Arguments arguments{"rg", "--no-config", "--color=never", "--crlf", "--no-mmap"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

void add_pattern(Arguments& arguments, const protocol::SearchQuery& query) {
  // What a pattern may take; the usual bounds are a gigabyte.
  for (const auto* bound : {"--regex-size-limit=16M", "--dfa-size-limit=64M"}) arguments.emplace_back(bound);
  if (!query.regex.value_or(false)) arguments.emplace_back("--fixed-strings");
  arguments.emplace_back(query.match_case.value_or(false) ? "--case-sensitive" : "--ignore-case");
  if (query.whole_word.value_or(false)) arguments.emplace_back("--word-regexp");
  arguments.push_back("--regexp=" + query.pattern);
}

void add_filters(Arguments& arguments, const protocol::SearchQuery& query) {
  // Without a repository .gitignore counts as well.
  for (const auto* option : {"--no-messages", "--no-require-git", "--threads=2"})
    arguments.emplace_back(option);
  const bool ignored = query.ignored.value_or(false);
  if (ignored)
    for (const auto* option : {"--hidden", "--no-ignore"}) arguments.emplace_back(option);
  else
    arguments.emplace_back("--glob=!node_modules/");
  for (const auto& glob : query.include.value_or(std::vector<std::string>{}))
    arguments.push_back("--glob=" + glob);
  // The later one decides.
  for (const auto& glob : query.exclude.value_or(std::vector<std::string>{}))
    arguments.push_back("--glob=!" + glob);
  arguments.emplace_back("--glob=!.git/");
  arguments.push_back("--glob=!" + std::string(net::temporary_prefix) + "*");
}

Result<void> check_globs(const std::optional<std::vector<std::string>>& globs, const std::string& field) {
  if (!globs) return {};
  if (globs->size() > most_globs)
    return failure(ErrorCode::invalid_argument, "search." + field + ": more than 64");
  for (const auto& glob : *globs)
    if (glob.empty() || glob.size() > longest_glob || glob.contains('\0') || glob.starts_with('!'))
      return failure(ErrorCode::invalid_argument, "search." + field + ": not a pattern for names");
  return {};
}

}  // namespace

Result<void> check_search(const protocol::SearchQuery& query, const std::optional<std::string>& replacement) {
  if (query.pattern.empty() || query.pattern.size() > longest_pattern)
    return failure(ErrorCode::invalid_argument, "search.pattern: not of 1..4096 bytes");
  if (query.pattern.find_first_of(std::string_view("\0\n\r", 3)) != std::string::npos)
    return failure(ErrorCode::invalid_argument, "search.pattern: more than one line");
  if (replacement && replacement->size() > longest_replacement)
    return failure(ErrorCode::invalid_argument, "search.replacement: more than 16384 bytes");
  if (replacement && replacement->find_first_of(std::string_view("\0\r", 2)) != std::string::npos)
    return failure(ErrorCode::invalid_argument, "search.replacement: texts travel with \\n alone");
  if (auto good = check_globs(query.include, "include"); !good) return good;
  return check_globs(query.exclude, "exclude");
}

Arguments walk_arguments(const protocol::SearchQuery& query) {
  auto arguments = search_program({"--json"});
  add_filters(arguments, query);
  add_pattern(arguments, query);
  for (const auto* word : {"--", "./"}) arguments.emplace_back(word);
  return arguments;
}

Arguments listing_arguments(const protocol::SearchQuery& query) {
  auto arguments = search_program({"--files", "--null"});
  add_filters(arguments, query);
  for (const auto* word : {"--", "./"}) arguments.emplace_back(word);
  return arguments;
}

Arguments text_arguments(const protocol::SearchQuery& query) {
  auto arguments = search_program({"--json", "--text", "--encoding=none"});
  add_pattern(arguments, query);
  for (const auto* word : {"--", "-"}) arguments.emplace_back(word);
  return arguments;
}

bool has_groups(const protocol::SearchQuery& query, const std::string& replacement) {
  return query.regex.value_or(false) && replacement.contains('$');
}

// Neither side of the replacement can become part of a group's name: a mark begins with what is in none.
std::string opening_mark(const std::string& mark) { return "\x01<" + mark + "\x02"; }
std::string closing_mark(const std::string& mark) { return "\x01>" + mark + "\x02"; }

Arguments replacing_arguments(const protocol::SearchQuery& query, const std::string& replacement,
                              const std::string& mark) {
  auto arguments = search_program(
      {"--text", "--encoding=none", "--no-heading", "--no-filename", "--no-line-number", "--only-matching"});
  arguments.push_back("--replace=" + opening_mark(mark) + replacement + closing_mark(mark));
  add_pattern(arguments, query);
  for (const auto* word : {"--", "-"}) arguments.emplace_back(word);
  return arguments;
}

}  // namespace berth::runner
