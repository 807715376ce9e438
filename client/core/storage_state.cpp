// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/storage_state.hpp"

#include "client/core/workspace_connection.hpp"

namespace berth::client {

StorageState::StorageState(WorkspaceConnection* connection, QObject* parent) : QObject(parent) {
  connect(connection, &WorkspaceConnection::storageChanged, this, [this](const auto& now) {
    now_ = now;
    Q_EMIT changed();
  });
}

}  // namespace berth::client
