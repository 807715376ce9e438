// SPDX-License-Identifier: GPL-3.0-or-later
// Which paths of a home are left out of its versions: built-in defaults and the person's .berthignore, a
// subset of gitignore. No I/O.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace berth::runner {

/// One rule a line, the last one that fits decides: `#` comments, `!` takes a path back in (not below a
/// directory that is left out), a `/` at the end means directories only, one at the start or inside ties the
/// rule to home, otherwise it fits a name anywhere; `*` `?` `[a-z]` `[!a]` within a name, `**` for any number
/// of directories, `\` before a character takes it as it is.
class IgnoreRules {
 public:
  static constexpr std::size_t longest_text = 64u << 10;  // bytes of .berthignore that are looked at
  static constexpr std::string_view file_name = ".berthignore";

  /// The defaults, then the lines of `text`.
  static IgnoreRules parse(std::string_view text);

  /// Whether this entry is left out; its parents are not looked at.
  bool excludes_entry(std::string_view path, bool directory) const;
  /// Whether it or one of its parents is left out.
  bool excludes(std::string_view path, bool directory) const;

 private:
  struct Rule {
    std::vector<std::string> parts;  // between slashes
    bool negated = false, directories_only = false;
  };
  void add(std::string_view line);
  std::vector<Rule> rules_;
};

}  // namespace berth::runner
