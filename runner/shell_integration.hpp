// SPDX-License-Identifier: GPL-3.0-or-later
// Has bash, zsh and fish tell where prompts and commands begin and end (OSC 133) and their directory (OSC 7),
// by files of our own that the shell reads beside the person's; theirs are read as ever and never touched.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace berth::runner {

class ShellIntegration {
 public:
  /// Files are written below `state_directory` when first needed.
  explicit ShellIntegration(std::string state_directory) : folder_(std::move(state_directory) + "/shell") {}

  struct Start {
    std::vector<std::string> arguments;  // after argv[0]
    std::map<std::string, std::string> environment;
  };
  /// How to start the login shell of this name. Without integration where the shell is not known, the files
  /// can't be written, or the environment has BERTH_SHELL_INTEGRATION=0.
  Start start(const std::string& name, std::map<std::string, std::string> environment);

 private:
  bool write_files();
  const std::string folder_;
  bool written_ = false;
};

}  // namespace berth::runner
