// SPDX-License-Identifier: GPL-3.0-or-later
// The places that workspaces can run in, by the server's settings: one factory per backend.
#pragma once

#include <memory>
#include <string>

#include "server/config.hpp"
#include "server/workspace_backend.hpp"

namespace berth::server {

/// The local backend as configured. unsupported, with a sentence that says what to do, where containers can't
/// be made.
Result<std::unique_ptr<WorkspaceBackend>> make_local_backend(const Config& config);

/// The kubernetes backend as configured, once the API server has answered and its rights were found to be
/// enough (a library of its own, berth_backend_choice). invalid_argument names the setting that is wrong.
Result<std::unique_ptr<WorkspaceBackend>> make_kubernetes_backend(const Config& config);

/// The one that `config.backend` names; of berth_backend_choice, too.
Result<std::unique_ptr<WorkspaceBackend>> make_backend(const Config& config);

/// What only root can do for the local backend, before berthd becomes `user`: a cgroup subtree that this user
/// owns. An error means that limits won't be enforced, not that nothing works: log it and go on. Call it
/// while the process has one thread: under cgroup v2 it moves the process.
Result<void> prepare_local_backend_as_root(const std::string& user);

}  // namespace berth::server
