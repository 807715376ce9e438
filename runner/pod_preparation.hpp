// SPDX-License-Identifier: GPL-3.0-or-later
// What happens in a pod before its workspace begins: "berth-runner --prepare-pod" in an init container, as
// the person and without a right. Of Kubernetes it knows nothing but the folders that it is given.
#pragma once

#include <string>
#include <vector>

#include "protocol/error.hpp"

namespace berth::runner {

struct PodFolders {
  std::string tools;     // gets berth-runner; the workspace sees it read-only
  std::string handover;  // gets start.json, which the runner removes as it reads it
  std::string volume;    // has or gets home/ and state/
  std::string secret;    // has start.json and home.json
};

/// Copies this program and the start, and makes a home from home.json where there is none:
///   {"files": [{"path": "project/main.py", "mode": 420, "content": "<base64url>"}, …]}
/// A home that is there stays as it is; one that was made by half is made anew. May be repeated.
Result<void> prepare_pod(const PodFolders& folders);

/// The program: `arguments` are the four folders. Its exit status; what is wrong goes to standard error and
/// into /dev/termination-log, from where Kubernetes shows it.
int run_prepare_pod(const std::vector<std::string>& arguments);

}  // namespace berth::runner
