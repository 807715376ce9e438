// SPDX-License-Identifier: GPL-3.0-or-later
// Messages about finding and replacing in all files.
// Rules and lists: messages.hpp.
#pragma once

#include "protocol/message_parts.hpp"

namespace berth::protocol {

/// What is looked for, and where.
struct SearchQuery {
  std::string pattern;                // 1..4096 bytes; one line
  std::optional<std::string> folder;  // looked through with all below it; "project" when absent
  std::optional<bool> regex;          // ripgrep's syntax (Rust's regex); else letter by letter
  std::optional<bool> match_case;     // else upper and lower case are the same
  std::optional<bool> whole_word;
  std::optional<std::vector<std::string>>
      include;  // globs of .gitignore's syntax; any one must fit; at most 64
  std::optional<std::vector<std::string>> exclude;  // and none of these
  std::optional<bool> ignored;                      // also hidden files and what .gitignore names
};
BOOST_DESCRIBE_STRUCT(SearchQuery, (),
                      (pattern, folder, regex, match_case, whole_word, include, exclude, ignored))

/// A place in a line that fits the pattern.
struct SearchMatch {
  std::uint32_t start;                     // in the line as it is in the file, UTF-16 units from 0
  std::uint32_t end;                       // behind its last one; the same as `start` where it is empty
  std::optional<std::string> replacement;  // what would stand there, where a replacement was given
};
BOOST_DESCRIBE_STRUCT(SearchMatch, (), (start, end, replacement))

struct SearchLine {
  std::uint64_t line;                // from 1
  std::string text;                  // without its end; of a long line the part around the first match
  std::uint32_t cut;                 // UTF-16 units of the line before `text`
  std::vector<SearchMatch> matches;  // at least one, at most 1,000
};
BOOST_DESCRIBE_STRUCT(SearchLine, (), (line, text, cut, matches))

/// What one file holds; a file with many comes in several parts, one behind the other.
struct SearchFile {
  std::string path;
  std::vector<SearchLine> lines;
};
BOOST_DESCRIBE_STRUCT(SearchFile, (), (path, lines))

struct SearchText {
  static constexpr std::string_view method = "search/text";
  static constexpr std::string_view summary =
      "Begins to look through files, with ripgrep; what is found comes in search/found, the end in "
      "search/ended. "
      "Text in open documents counts as it is in them, saved or not. A session has one search at a time: a "
      "new one "
      "ends the one before.";
  static constexpr Role role = Role::viewer;
  struct Params {
    SearchQuery query;
    std::optional<std::string> replacement;  // `$1`, `$name` are groups where `regex` is set; for the preview
    std::optional<std::uint32_t> limit;      // matches: 1..100000, 20,000 when absent
  };
  struct Result {
    std::uint64_t search;  // names it, in this session
  };
};
BOOST_DESCRIBE_STRUCT(SearchText::Params, (), (query, replacement, limit))
BOOST_DESCRIBE_STRUCT(SearchText::Result, (), (search))

struct SearchCancel {
  static constexpr std::string_view method = "search/cancel";
  static constexpr std::string_view summary = "Ends a search; nothing more of it comes.";
  static constexpr Role role = Role::viewer;
  struct Params {
    std::uint64_t search;
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(SearchCancel::Params, (), (search))

/// A file to replace in.
struct ReplaceFile {
  std::string path;
  std::optional<std::vector<std::uint64_t>> only_lines;  // all when absent
};
BOOST_DESCRIBE_STRUCT(ReplaceFile, (), (path, only_lines))

/// A file in which something was not replaced or not taken back, and why, for the person.
struct ReplaceProblem {
  std::string path;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(ReplaceProblem, (), (path, reason))

struct SearchReplace {
  static constexpr std::string_view method = "search/replace";
  static constexpr std::string_view summary =
      "Replaces in these files, each as one edit of its document that is journalled and saved; windows that "
      "have it "
      "open see it come. search/undo_replace takes all of it back.";
  static constexpr Role role = Role::editor;
  struct Params {
    SearchQuery query;
    std::string replacement;
    std::vector<ReplaceFile> files;  // 1..10000
  };
  struct Result {
    std::string replacement;  // id, for search/undo_replace; kept while the runner lives, the last 20
    std::uint64_t files;      // changed
    std::uint64_t matches;    // replaced
    std::vector<ReplaceProblem> problems;
  };
};
BOOST_DESCRIBE_STRUCT(SearchReplace::Params, (), (query, replacement, files))
BOOST_DESCRIBE_STRUCT(SearchReplace::Result, (), (replacement, files, matches, problems))

struct SearchUndoReplace {
  static constexpr std::string_view method = "search/undo_replace";
  static constexpr std::string_view summary =
      "Takes back what a search/replace changed, except where the same place was changed again since: those "
      "are in "
      "`problems`.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string replacement;
  };
  struct Result {
    std::uint64_t files;
    std::vector<ReplaceProblem> problems;
  };
};
BOOST_DESCRIBE_STRUCT(SearchUndoReplace::Params, (), (replacement))
BOOST_DESCRIBE_STRUCT(SearchUndoReplace::Result, (), (files, problems))

struct SearchFound {
  static constexpr std::string_view method = "search/found";
  static constexpr std::string_view summary = "More of what a search finds; to the session that asked.";
  struct Params {
    std::uint64_t search;
    std::vector<SearchFile> files;
  };
};
BOOST_DESCRIBE_STRUCT(SearchFound::Params, (), (search, files))

struct SearchEnded {
  static constexpr std::string_view method = "search/ended";
  static constexpr std::string_view summary = "A search has looked through everything, or could not.";
  struct Params {
    std::uint64_t search;
    std::uint64_t files;  // with matches
    std::uint64_t matches;
    bool cut;  // there is more than `limit`
    std::optional<std::string>
        problem;  // for the person: a pattern with a fault, no ripgrep in this workspace
  };
};
BOOST_DESCRIBE_STRUCT(SearchEnded::Params, (), (search, files, matches, cut, problem))

}  // namespace berth::protocol
