// SPDX-License-Identifier: GPL-3.0-or-later
// The service account that k8s/base gives berthd, in a namespace of a test: who the server is to a cluster,
// with exactly those rights.
#pragma once

#include <set>
#include <string>

#include "api_server.hpp"

namespace berth::test {

/// Makes account, role and binding of k8s/base in this namespace, and answers how one speaks as that account.
/// Throws where the API server refuses a part of it.
server::kubernetes::KubeClientSettings server_account(const TestCluster& cluster,
                                                      const std::string& name_space);

/// All that whoever speaks so may do in the namespace, a line a right: "get pods", "patch apps/deployments",
/// "create secrets:name". Without what every account may: to ask this very question, and what the server
/// tells of itself.
std::set<std::string> rights_of(const server::kubernetes::KubeClientSettings& account,
                                const std::string& name_space);

}  // namespace berth::test
