// SPDX-License-Identifier: GPL-3.0-or-later
// What a shell offers behind a half-typed command line.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace berth::cli {

struct Completions {
  std::vector<std::string> words;  // that begin with what is typed
  bool workspaces = false;         // and names of workspaces
  bool files = false;              // and files of this machine
};

/// `typed`: the words behind "berthctl", the last one unfinished ("" at a new word).
Completions completions(const CLI::App& app, const std::vector<std::string>& typed);

}  // namespace berth::cli
