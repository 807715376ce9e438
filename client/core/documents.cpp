// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/documents.hpp"

namespace berth::client {

Documents::Documents(WorkspaceConnection* connection, QObject* parent)
    : QObject(parent), connection_(connection) {}

Document* Documents::open(const QString& path) {
  auto* document = new Document(connection_, path, this);
  // Loading starts on the next turn, when the caller has connected to its signals.
  QMetaObject::invokeMethod(document, [document] { document->open(); }, Qt::QueuedConnection);
  return document;
}

QList<Document*> Documents::all() const { return findChildren<Document*>(Qt::FindDirectChildrenOnly); }

}  // namespace berth::client
