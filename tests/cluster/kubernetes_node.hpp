// SPDX-License-Identifier: GPL-3.0-or-later
// The fixture of tests on the real node.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kubernetes_ground.hpp"
#include "server/backends/kubernetes/runner_port.hpp"
#include "tests/contract/workspace_backend_clauses.hpp"
#include "tests/integration/local/local_fixture.hpp"

namespace berth::server::kubernetes {

class KubernetesNode : public testing::Test, protected test::KubernetesGround {
 protected:
  Subject subject() {
    return {backend_.get(),
            [](const RunnerAddress& address) {
              return wait_for_port(address.host, address.port,
                                   std::chrono::steady_clock::now() + std::chrono::seconds(1))
                  .has_value();
            },
            [this](const std::string& id, const RunnerAddress&) { kill_runner(id); },
            [this](const std::string& id) { return home_files(id); }};
  }
  BackendState state_of(const std::string& id) {
    const auto status = backend_->poll(id);
    return status ? status->state : BackendState::failed;
  }
  bool becomes(const std::string& id, BackendState state,
               std::chrono::milliseconds deadline = std::chrono::seconds(30)) {
    return local::eventually([&] { return state_of(id) == state; }, deadline);
  }
};

}  // namespace berth::server::kubernetes
