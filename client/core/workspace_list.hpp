// SPDX-License-Identifier: GPL-3.0-or-later
// The workspaces that this person sees, last used first: as many pages of them as were asked for, of those
// that fit a filter.
#pragma once

#include <QObject>
#include <vector>

#include "client/core/server_connection.hpp"

namespace berth::client {

class WorkspaceList : public QObject {
  Q_OBJECT

 public:
  /// `server` outlives this.
  explicit WorkspaceList(ServerConnection* server, QObject* parent = nullptr);

  const std::vector<rest::Workspace>& workspaces() const { return workspaces_; }
  /// There are further ones.
  bool hasMore() const { return more_; }
  /// The first answer for the present filter came.
  bool isLoaded() const { return loaded_; }
  int pages() const { return wanted_; }
  bool isFiltered() const { return !text_.isEmpty() || !owner_.isEmpty(); }
  const QString& owner() const { return owner_; }

  /// Part of a name or id, and the id of a person or a team; "" is any. Asks anew where that is another
  /// filter, what is shown stays until the answer.
  void setFilter(const QString& text, const QString& owner);
  /// All pages that were asked for, as they are now; an earlier question's answer is dropped.
  void refresh();
  /// One more page.
  void more();

 Q_SIGNALS:
  /// Answered, also where nothing is different.
  void changed();
  void failed(const berth::Error& error);

 private:
  struct Gathering {
    std::vector<rest::Workspace> workspaces;
    int pages = 0;
  };
  void ask(int question, const QString& cursor, const std::shared_ptr<Gathering>& sofar);

  ServerConnection* server_;
  std::vector<rest::Workspace> workspaces_;
  QString text_;
  QString owner_;
  int wanted_ = 1;    // pages
  int question_ = 0;  // the newest
  bool more_ = false;
  bool loaded_ = false;
};

}  // namespace berth::client
