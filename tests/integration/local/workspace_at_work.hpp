// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace started with berth-runner itself whose runner takes the test for its server, so that a
// RunnerClient can work in it.
#pragma once

#include <ctime>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "runner_client.hpp"
#include "tests/integration/local/local_fixture.hpp"

namespace berth::server::local {

/// `ground` must use TestGround's real_runner, and stops the workspace at its end.
class WorkspaceAtWork {
 public:
  explicit WorkspaceAtWork(LocalGround& ground) : ground_(ground) {
    auto request = ground.request(id_);
    request.server_key = keys_.public_key;
    address_ = ground.start(request);
  }

  const std::string& id() const { return id_; }
  std::filesystem::path home() const { return **ground_.backend().home(id_, "empty"); }
  operator test::RunnerPlace() const {
    return {address_.unix_path, [this](protocol::Role role) { return token(role); }};
  }

 private:
  std::string token(protocol::Role role) const {
    protocol::ConnectClaims claims;
    claims.workspace = id_;
    claims.user = claims.user_name = "person";
    claims.role = role;
    claims.capabilities = {"session"};
    claims.expires = std::time(nullptr) + 30;
    claims.nonce = new_workspace_id() + new_workspace_id();
    return protocol::sign_connect_token(claims, keys_.secret_key);
  }

  LocalGround& ground_;
  const std::string id_ = new_workspace_id();
  const protocol::KeyPair keys_ = protocol::generate_key_pair();
  RunnerAddress address_;
};

}  // namespace berth::server::local
