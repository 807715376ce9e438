// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/project_import.hpp"

#include "client/core/workspace_connection.hpp"

namespace berth::client {

ProjectImport::ProjectImport(WorkspaceConnection* connection, QObject* parent) : QObject(parent) {
  connect(connection, &WorkspaceConnection::importChanged, this, [this](const Progress& now) {
    set(now.finished && !now.problem ? std::nullopt : std::optional(now));
  });
  // One that ended while nobody was connected is told by nothing; one that goes on is told after the
  // greeting.
  connect(connection, &WorkspaceConnection::established, this, [this] {
    if (now_ && !now_->finished) set(std::nullopt);
  });
}

void ProjectImport::dismiss() { set(std::nullopt); }

void ProjectImport::set(std::optional<Progress> now) {
  now_ = std::move(now);
  Q_EMIT changed();
}

}  // namespace berth::client
