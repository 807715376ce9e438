// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/kubernetes/pod_state.hpp"

#include <algorithm>

#include "server/backends/kubernetes/kube_answers.hpp"
#include "server/backends/kubernetes/pod_spec.hpp"

namespace berth::server::kubernetes {

using protocol::Json;
using protocol::rest::StartPhase;

namespace {

/// A member of an object; null where it is none or not there.
const Json& member(const Json& object, const char* key) {
  static const Json none;
  if (!object.is_object()) return none;
  const auto found = object.find(key);
  return found == object.end() ? none : *found;
}

std::string text(const Json& object, const char* key) {
  const auto& value = member(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::string said(const Json& object) {
  const auto message = readable_message(text(object, "message"));
  return message.empty() ? "" : " (" + message + ")";
}

/// The statuses of init containers and containers, in the order in which they run.
std::vector<const Json*> container_statuses(const Json& status) {
  std::vector<const Json*> all;
  for (const char* list : {"initContainerStatuses", "containerStatuses"}) {
    const auto& statuses = member(status, list);
    if (!statuses.is_array()) continue;
    for (const auto& one : statuses) all.push_back(&one);
  }
  return all;
}

bool one_of(const std::string& reason, std::initializer_list<const char*> reasons) {
  return std::ranges::find(reasons, reason) != reasons.end();
}

/// Why a container waits; "" when there is nothing to tell.
std::string waiting_reason(const Json& container, bool& hopeless) {
  const auto& waiting = member(member(container, "state"), "waiting");
  const auto reason = text(waiting, "reason");
  const auto image = readable_message(text(container, "image"));
  if (one_of(reason, {"ErrImagePull", "ImagePullBackOff", "RegistryUnavailable", "ImageInspectError"}))
    return "The image " + image + " can't be pulled" + said(waiting) + ".";
  if (one_of(reason, {"InvalidImageName", "ErrImageNeverPull"})) {
    hopeless = true;
    return "The image " + image + " can't be used" + said(waiting) + ".";
  }
  if (one_of(reason, {"CreateContainerConfigError", "CreateContainerError", "RunContainerError"}))
    return "The container can't be made" + said(waiting) + ".";
  if (reason == "CrashLoopBackOff") return "The container ends again and again" + said(waiting) + ".";
  return {};
}

std::string pending_reason(const Json& status, bool& hopeless) {
  const auto& conditions = member(status, "conditions");
  if (conditions.is_array())
    for (const auto& condition : conditions)
      if (text(condition, "type") == "PodScheduled" && text(condition, "status") == "False" &&
          text(condition, "reason") == "Unschedulable")
        return "No node of the cluster has room for the workspace" + said(condition) + ".";
  for (const Json* container : container_statuses(status))
    if (auto reason = waiting_reason(*container, hopeless); !reason.empty()) return reason;
  return {};
}

/// Place, files, image, runner: the order in which a start goes through them.
StartPhase start_phase(const Json& pod) {
  const auto& status = member(pod, "status");
  if (text(member(pod, "spec"), "nodeName").empty()) return StartPhase::place;
  const auto& preparing = member(status, "initContainerStatuses");
  const bool prepared = preparing.is_array() && !preparing.empty() &&
                        member(member(preparing[0], "state"), "terminated").is_object();
  const auto& statuses = member(status, "containerStatuses");
  const bool runs =
      statuses.is_array() && !statuses.empty() && member(member(statuses[0], "state"), "running").is_object();
  if (runs) return StartPhase::runner;
  return prepared ? StartPhase::image : StartPhase::files;
}

std::string words_of(StartPhase phase) {
  switch (phase) {
    case StartPhase::place:
      return "It is given a place in the cluster.";
    case StartPhase::image:
      return "Its image is fetched.";
    case StartPhase::files:
      return "Its home is made ready.";
    case StartPhase::runner:
      return "Its runner starts.";
  }
  return {};
}

std::string memory_limit(const Json& pod) {
  const auto& containers = member(member(pod, "spec"), "containers");
  if (!containers.is_array() || containers.empty()) return {};
  const auto bytes = text(member(member(containers[0], "resources"), "limits"), "memory");
  if (bytes.empty() || bytes.size() > 18 || bytes.find_first_not_of("0123456789") != bytes.npos)
    return bytes.empty() || bytes.size() > 18 ? "" : " of " + bytes;
  return " of " + std::to_string(std::stoull(bytes) >> 20) + " MiB";
}

/// How the container that matters ended: the first that failed, else the last.
std::string container_end(const Json& pod) {
  const Json* ended = nullptr;
  for (const Json* container : container_statuses(member(pod, "status"))) {
    const auto& terminated = member(member(*container, "state"), "terminated");
    if (!terminated.is_object()) continue;
    const auto& code = member(terminated, "exitCode");
    ended = container;
    if (code.is_number_integer() && code != 0) break;
  }
  if (!ended) return {};
  const auto& terminated = member(member(*ended, "state"), "terminated");
  const auto reason = text(terminated, "reason");
  if (reason == "OOMKilled")
    return "The workspace was ended because it reached its memory limit" + memory_limit(pod) + ".";
  const auto& code = member(terminated, "exitCode");
  const auto& number = member(terminated, "signal");
  const std::string who =
      text(*ended, "name") == "prepare" ? "The workspace's preparation" : "The workspace's runner";
  if (number.is_number_integer() && number != 0)
    return who + " was ended by signal " + std::to_string(number.get<int>()) + ".";
  if (!code.is_number_integer()) return who + " ended, and how is not known" + said(terminated) + ".";
  const auto status = code.get<int>();
  if (status > 128 && status < 193) return who + " was ended by signal " + std::to_string(status - 128) + ".";
  return who + " ended with status " + std::to_string(status) + said(terminated) + ".";
}

/// Whether the kubelet evicted a pod for its own limits of the disk, not for what its node lacks: both have
/// the same reason, and the words of Kubernetes' pkg/kubelet/eviction tell them apart.
bool wrote_too_much(const std::string& message) {
  return std::ranges::any_of(
      std::initializer_list<const char*>{"exceeded its local ephemeral storage limit",
                                         "ephemeral local storage usage exceeds the total",
                                         "Usage of EmptyDir volume"},
      [&](const char* words) { return message.contains(words); });
}

std::string end_reason(const Json& pod) {
  const auto& status = member(pod, "status");
  const auto reason = text(status, "reason");
  if (reason == "Evicted" && wrote_too_much(text(status, "message")))
    return "The workspace was ended because its programs wrote more outside of its home than they may" +
           said(status) + ".";
  if (reason == "Evicted") return "The node had to make room and evicted the workspace" + said(status) + ".";
  if (one_of(reason, {"Preempting", "Preempted"}))
    return "The workspace had to make room for something more important" + said(status) + ".";
  if (one_of(reason, {"NodeLost", "NodeShutdown", "Shutdown", "Terminated", "NodeAffinity"}))
    return "The node that the workspace ran on went away" + said(status) + ".";
  if (reason == "DeadlineExceeded") return "The workspace ran longer than the cluster allows.";
  if (reason.starts_with("OutOf") || reason == "UnexpectedAdmissionError")
    return "The node refused the workspace" + said(status) + ".";
  if (auto end = container_end(pod); !end.empty()) return end;
  return "The workspace's pod ended" + said(status) + ".";
}

std::string secret_of(const Json& pod) {
  const auto& volumes = member(member(pod, "spec"), "volumes");
  if (!volumes.is_array()) return {};
  for (const auto& volume : volumes)
    if (text(volume, "name") == "start") return text(member(volume, "secret"), "secretName");
  return {};
}

bool workspace_runs(const Json& status) {
  const auto& statuses = member(status, "containerStatuses");
  if (!statuses.is_array()) return false;
  return std::ranges::any_of(statuses, [](const Json& container) {
    return text(container, "name") == "workspace" &&
           member(member(container, "state"), "running").is_object();
  });
}

bool ended_by_itself(const Json& status) {
  const auto& statuses = member(status, "containerStatuses");
  return statuses.is_array() && std::ranges::any_of(statuses, [](const Json& container) {
           return text(container, "name") == "workspace" &&
                  member(member(container, "state"), "terminated").is_object();
         });
}

}  // namespace

PodState pod_state(const Json& pod) {
  const auto& metadata = member(pod, "metadata");
  const auto& status = member(pod, "status");
  PodState state;
  state.uid = text(metadata, "uid");
  state.workspace = text(member(metadata, "labels"), workspace_label);
  state.runner_key = text(member(metadata, "annotations"), runner_key_annotation);
  state.address = text(status, "podIP");
  state.ready = text(member(metadata, "labels"), ready_label);
  if (state.ready == ready_claimed) state.ready.clear();
  state.mark = text(member(metadata, "annotations"), ready_mark_annotation);
  state.revision = text(metadata, "resourceVersion");
  state.created = text(metadata, "creationTimestamp");
  state.node = text(member(pod, "spec"), "nodeName");
  state.secret = secret_of(pod);
  const auto phase = text(status, "phase");
  if (phase == "Failed" || phase == "Succeeded" || ended_by_itself(status)) {
    // Also while it is being deleted: nothing of it runs, and how it ended is worth more.
    state.state = text(metadata, "deletionTimestamp").empty() ? BackendState::failed : BackendState::stopping;
    state.reason = end_reason(pod);
  } else if (!text(metadata, "deletionTimestamp").empty()) {
    state.state = BackendState::stopping;
  } else if (phase == "Unknown") {
    state.state = BackendState::running;
    state.reason = "The node that the workspace runs on does not answer.";
  } else if (phase == "Running" && workspace_runs(status) && !state.address.empty()) {
    state.state = BackendState::running;
  } else {
    state.state = BackendState::starting;
    state.reason = pending_reason(status, state.hopeless);
    state.phase = start_phase(pod);
    state.doing = words_of(*state.phase);
  }
  return state;
}

}  // namespace berth::server::kubernetes
