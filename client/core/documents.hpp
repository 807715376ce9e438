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
  /// Unsent text is kept there, under this name of the workspace and the person.
  void keepUnsentIn(std::shared_ptr<UnsentStore> store, const QString& workspace);
  /// A document of this path, which loads; views keep one a path. One that was closed while its last edits
  /// were on their way is shown again.
  Document* open(const QString& path);
  QList<Document*> all() const;
  /// Looks for what earlier windows left unsent; `unsentFound` follows where there is something.
  void findUnsent();

 Q_SIGNALS:
  void unsentFound(const QStringList& paths);

 private:
  WorkspaceConnection* connection_;
  std::shared_ptr<UnsentStore> store_;
  QString workspace_;
};

}  // namespace berth::client
