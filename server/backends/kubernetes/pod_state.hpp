// SPDX-License-Identifier: GPL-3.0-or-later
// What a pod's status means for its workspace, in words for a person. Pure.
#pragma once

#include <optional>
#include <string>

#include "protocol/codec.hpp"
#include "server/workspace_backend.hpp"

namespace berth::server::kubernetes {

struct PodState {
  BackendState state = BackendState::absent;
  std::string reason;                               // for the person: why it does not run, or why not yet
  std::string doing;                                // for the person: which step of its start is under way
  std::optional<protocol::rest::StartPhase> phase;  // the same, while it starts
  bool hopeless = false;                            // while starting: waiting longer changes nothing
  std::string uid;
  std::string workspace;   // of the label
  std::string ready;       // of the label ready_label; "": it is somebody's (ready_claimed, or none)
  std::string mark;        // of the annotation ready_mark_annotation
  std::string revision;    // the object's, for compare and swap
  std::string created;     // as the API writes times
  std::string runner_key;  // of the annotation, as text
  std::string address;     // the pod's; "" before it has one
  std::string node;
  std::string secret;  // name of the one that hands its start over
};

/// `pod` as the API gives it. Running means that its container runs, not yet that its runner answers.
PodState pod_state(const protocol::Json& pod);

}  // namespace berth::server::kubernetes
