// SPDX-License-Identifier: GPL-3.0-or-later
// The typed form of WorkspaceConnection::sendRequest; only client/core includes it.
#pragma once

#include "client/core/workspace_connection.hpp"
#include "protocol/codec.hpp"

namespace berth::client {

template <class Message>
void request(WorkspaceConnection* connection, const typename Message::Params& params, QObject* context,
             Reply<typename Message::Result> done) {
  connection->sendRequest(
      Message::method, protocol::encode(params), context,
      [done = std::move(done)](Result<protocol::Json> answer) {
        if (!done) return;
        if (!answer) return done(std::unexpected(std::move(answer.error())));
        done(protocol::decode<typename Message::Result>(*answer, std::string(Message::method)));
      });
}

}  // namespace berth::client
