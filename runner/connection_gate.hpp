// SPDX-License-Identifier: GPL-3.0-or-later
// Decides who may connect: verifies connect tokens, takes each nonce once, makes the runner's proof. No I/O.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "protocol/connect_token.hpp"

namespace berth::runner {

class ConnectionGate {
 public:
  ConnectionGate(std::string workspace, protocol::PublicKey server_key, protocol::SecretKey runner_key)
      : workspace_(std::move(workspace)), server_key_(server_key), runner_key_(runner_key) {}

  /// `authorization` is the header's value ("Berth <token>"), `capability` what the request needs ("session",
  /// "tunnel:3000"), `now` Unix seconds. unauthenticated: forged, expired, replayed or for another workspace;
  /// permission_denied: good, but without the capability (the nonce is spent all the same).
  Result<protocol::ConnectClaims> admit(std::string_view authorization, std::string_view capability,
                                        std::int64_t now);

  /// The value of Berth-Runner-Proof for an admitted token.
  std::string proof(const protocol::ConnectClaims& claims) const {
    return protocol::sign_runner_proof(workspace_, claims.nonce, runner_key_);
  }

 private:
  std::string workspace_;
  protocol::PublicKey server_key_;
  protocol::SecretKey runner_key_;
  std::map<std::string, std::int64_t> seen_;  // nonce → when its token expires
};

}  // namespace berth::runner
