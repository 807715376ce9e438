// SPDX-License-Identifier: GPL-3.0-or-later
// The documents this window has open.
#pragma once

#include <QObject>

#include "client/core/document.hpp"

namespace berth::client {

class Documents : public QObject {
  Q_OBJECT

 public:
  explicit Documents(WorkspaceConnection* connection, QObject* parent = nullptr);
  /// A new document of this path, which loads; views keep one a path.
  Document* open(const QString& path);
  QList<Document*> all() const;

 private:
  WorkspaceConnection* connection_;
};

}  // namespace berth::client
