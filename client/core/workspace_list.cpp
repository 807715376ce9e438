// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/workspace_list.hpp"

#include <algorithm>

namespace berth::client {

WorkspaceList::WorkspaceList(ServerConnection* server, QObject* parent) : QObject(parent), server_(server) {}

void WorkspaceList::setFilter(const QString& text, const QString& owner) {
  if (text == text_ && owner == owner_) return;
  text_ = text;
  owner_ = owner;
  wanted_ = 1;
  loaded_ = false;
  refresh();
}

void WorkspaceList::more() {
  if (!more_) return;
  ++wanted_;
  refresh();
}

void WorkspaceList::refresh() { ask(++question_, {}, std::make_shared<Gathering>()); }

void WorkspaceList::ask(int question, const QString& cursor, const std::shared_ptr<Gathering>& sofar) {
  server_->listWorkspaces({text_, owner_, cursor}, this,
                          [=, this](Result<rest::ListWorkspaces::Result> page) {
                            if (question != question_) return;
                            if (!page) return Q_EMIT failed(page.error());
                            // One that was used between two questions moves to the front and may come twice.
                            for (auto& workspace : page->workspaces)
                              if (std::ranges::find(sofar->workspaces, workspace.id, &rest::Workspace::id) ==
                                  sofar->workspaces.end())
                                sofar->workspaces.push_back(std::move(workspace));
                            const auto next = QString::fromStdString(page->next.value_or(""));
                            const bool further = !next.isEmpty() && next != cursor;
                            if (further && ++sofar->pages < wanted_) return ask(question, next, sofar);
                            workspaces_ = std::move(sofar->workspaces);
                            more_ = further;
                            loaded_ = true;
                            Q_EMIT changed();
                          });
}

}  // namespace berth::client
