// SPDX-License-Identifier: GPL-3.0-or-later
// Whether all that lies in the workspace is stored as a version, as the runner tells it.
#pragma once

#include <QObject>
#include <optional>

#include "protocol/messages.hpp"

namespace berth::client {

class WorkspaceConnection;

class StorageState : public QObject {
  Q_OBJECT

 public:
  explicit StorageState(WorkspaceConnection* connection, QObject* parent = nullptr);
  /// nullopt until told.
  const std::optional<protocol::WorkspaceStorage::Params>& now() const { return now_; }

 Q_SIGNALS:
  void changed();

 private:
  std::optional<protocol::WorkspaceStorage::Params> now_;
};

}  // namespace berth::client
