// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody at work in a workspace: in the editor, in a shell, with git and npm, bringing old versions back.
// Remembers what was acknowledged, and looks whether it is there.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "durable_place.hpp"
#include "tests/soak.hpp"

namespace berth::test {

class MixedWrites {
 public:
  /// Clones `repository` (a git URL that the workspace reaches); everything happens in `place`.
  MixedWrites(DurablePlace& place, std::string repository);

  /// Once, in a running workspace: makes what is installed later.
  void prepare();
  /// One act by luck, or of a kind: "restore", "type", "shell". Throws when what it stands on was killed.
  void act(Soak& soak, const std::string& kind = {});
  /// The machine is lost: what was acknowledged as stored is all that may be asked for.
  void lose_what_was_not_stored();
  /// Fails the test for every acknowledged byte that is not there.
  void expect_acknowledged();
  /// A restore that was killed in its middle: goes back to what was there before it, which is a version.
  void settle_restore();
  /// Stores everything and remembers it by a version of its own, unless something changes meanwhile; its id.
  std::string remember_version(Soak& soak);
  /// Brings every remembered version back and compares it bit for bit.
  void expect_every_version();

 private:
  /// What was acknowledged. What was stored is a part of what was answered.
  struct Told {
    std::map<std::string, std::set<std::string>> lines, stored_lines;  // typed into files
    std::map<std::string, HomePicture> folders, stored_folders;        // left by commands that have ended
  };
  struct Remembered {
    HomePicture picture;
    Told told;
  };

  std::string fresh(const std::string& stem) { return stem + std::to_string(++number_); }
  std::string path_of(const std::string& folder) const { return "project/" + folder; }
  void type(Soak& soak);
  /// Runs a command that makes a folder of the project anew.
  void make(Soak& soak, const std::string& folder, const std::string& command);
  void restore(Soak& soak);
  HomePicture picture() const;
  void expect_version(const std::string& version);
  std::string any_remembered(Soak& soak) const;

  DurablePlace& place_;
  const std::string repository_;
  Told told_;
  std::map<std::string, Remembered> versions_;
  std::optional<std::string> before_restore_;  // a version; set while one is under way
  int number_ = 0;
};

}  // namespace berth::test
