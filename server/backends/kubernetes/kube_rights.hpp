// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the server's own account may do what the backend needs, asked of the API server before anything
// depends on it.
#pragma once

#include <string>
#include <vector>

#include "server/backends/kubernetes/kube_client.hpp"
#include "server/backends/kubernetes/pod_spec.hpp"

namespace berth::server::kubernetes {

struct NeededRight {
  Resource resource;
  std::string_view verb;
};

/// What a backend with these settings calls; `warm`: it keeps pods ready.
std::vector<NeededRight> needed_rights(bool applies_policy, bool warm);

/// permission_denied, naming all that is missing and what to do. Other errors where it can't be asked.
Result<void> check_rights(KubeClient& client, const std::string& name_space,
                          const std::vector<NeededRight>& rights);

}  // namespace berth::server::kubernetes
