// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/documents.hpp"

namespace berth::client {

Documents::Documents(WorkspaceConnection* connection, QObject* parent)
    : QObject(parent), connection_(connection) {}

void Documents::keepUnsentIn(std::shared_ptr<UnsentStore> store, const QString& workspace) {
  store_ = std::move(store);
  workspace_ = workspace;
}

void Documents::findUnsent() {
  if (!store_) return;
  store_->list(workspace_, this, [this](Result<QStringList> paths) {
    if (paths && !paths->isEmpty()) Q_EMIT unsentFound(*paths);
  });
}

Document* Documents::open(const QString& path) {
  for (auto* document : all())
    if (document->path() == path && document->lingers()) {
      document->reopen();
      return document;
    }
  auto* document = new Document(connection_, path, this);
  if (store_) document->keepUnsentIn(store_, workspace_);
  // Loading starts on the next turn, when the caller has connected to its signals.
  QMetaObject::invokeMethod(document, [document] { document->open(); }, Qt::QueuedConnection);
  return document;
}

QList<Document*> Documents::all() const { return findChildren<Document*>(Qt::FindDirectChildrenOnly); }

}  // namespace berth::client
