// SPDX-License-Identifier: GPL-3.0-or-later
// What a pod is handed for one start, and what a template says of its pods: the files of the start's secret.
#pragma once

#include <map>
#include <string>

#include "protocol/connect_token.hpp"
#include "server/backends/kubernetes/pod_spec.hpp"
#include "server/workspace_backend.hpp"

namespace berth::server::kubernetes {

/// Made for one start.
struct StartKeys {
  protocol::KeyPair runner;
  std::string secret;  // name of the secret that hands them over: another one for each start
};
StartKeys new_start_keys(const std::string& workspace);

/// template.json's "image" (else `default_image`) and "read_only_root"; a template may be without one.
/// not_found for an unknown template, unsupported where there is no image or template.json is damaged,
/// internal where it can't be read, too_large where it is no settings file by its size.
Result<PodTemplate> read_pod_template(const std::string& templates, const std::string& id,
                                      const std::string& default_image);

/// start.json, home.json, passwd, group: what `berth-runner --prepare-pod` and the container need. too_large
/// where the template's files are more than a secret takes, internal where one of them can't be read.
Result<std::map<std::string, std::string>> start_files(const StartRequest& request, const StartKeys& keys,
                                                       const std::string& templates,
                                                       const PodSettings& settings,
                                                       const std::map<std::string, std::string>& environment);

}  // namespace berth::server::kubernetes
