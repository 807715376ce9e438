// SPDX-License-Identifier: GPL-3.0-or-later
// The program that makes containers: crun, runc or runsc, whichever really works on this machine.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "protocol/error.hpp"
#include "server/backends/local/user_namespace.hpp"

namespace berth::server::local {

class OciRuntime {
 public:
  /// What a trial needs: a bundle folder with config.json whose process ends with status 0.
  struct Trial {
    std::string bundle;
    std::string cache;  // file that remembers the outcome for this machine, kernel and program
  };

  /// The first of crun, runc, runsc (or only `wanted`) that runs the trial's container to its end. `space`
  /// must outlive the result. unsupported, with each one's own words in the detail, when none does.
  static Result<OciRuntime> choose(const UserNamespace& space, const std::string& wanted,
                                   const std::string& state_folder, const Trial& trial);

  const std::string& name() const { return name_; }
  /// gVisor: a kernel of its own in front of the host's. It takes no listening socket from outside, leaves
  /// cgroups to its caller, and its network namespace belongs to the server's user namespace instead of the
  /// container's.
  bool is_gvisor() const { return name_ == "runsc"; }

  struct Creation {
    std::string bundle;                // folder with config.json
    std::vector<int> descriptors;      // become the program's 3, 4, …; none with gVisor
    std::string input;                 // the program's standard input
    int log = -1;                      // takes the program's standard output and error
    std::vector<std::string> cgroups;  // cgroup.procs files to join, for gVisor
  };
  /// Makes the container up to the moment before its program runs.
  Result<pid_t> create(const std::string& id, const Creation& creation) const;
  Result<void> start(const std::string& id) const;
  /// Ends what is left of the container and forgets it; nothing when there is none.
  void remove(const std::string& id) const;
  bool knows(const std::string& id) const;

 private:
  OciRuntime(const UserNamespace& space, std::string name, std::string program, std::string state_folder)
      : space_(&space),
        name_(std::move(name)),
        program_(std::move(program)),
        state_folder_(std::move(state_folder)) {}
  Command command(std::vector<std::string> arguments) const;

  const UserNamespace* space_;
  std::string name_;
  std::string program_;
  std::string state_folder_;
};

}  // namespace berth::server::local
