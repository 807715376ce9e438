// SPDX-License-Identifier: GPL-3.0-or-later
// How far the clone or the unpacking that a workspace begins with has come.
#pragma once

#include <QObject>
#include <optional>

#include "protocol/messages.hpp"

namespace berth::client {

class WorkspaceConnection;

class ProjectImport : public QObject {
  Q_OBJECT

 public:
  using Progress = protocol::WorkspaceImport::Params;

  explicit ProjectImport(WorkspaceConnection* connection, QObject* parent = nullptr);
  /// nullopt while there is none and after a good end; a failed one stays until it is dismissed.
  const std::optional<Progress>& now() const { return now_; }
  void dismiss();

 Q_SIGNALS:
  void changed();

 private:
  void set(std::optional<Progress> now);

  std::optional<Progress> now_;
};

}  // namespace berth::client
