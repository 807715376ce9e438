// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/session_events.hpp"

namespace berth::server {

SessionEvents::Subscription SessionEvents::subscribe(Scope scope, OnEnd on_end) {
  const std::lock_guard lock(mutex_);
  return {this, entries_.insert(entries_.end(), Entry{std::move(scope), std::move(on_end)})};
}

void SessionEvents::remove(std::list<Entry>::iterator entry) {
  const std::lock_guard lock(mutex_);
  entries_.erase(entry);
}

void SessionEvents::end_sign_in(const std::string& sign_in, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  for (const auto& entry : entries_)
    if (entry.scope.sign_in == sign_in) entry.on_end(reason);
}

void SessionEvents::end_account(const std::string& account, const std::string& reason,
                                const std::string& except) {
  const std::lock_guard lock(mutex_);
  for (const auto& entry : entries_)
    if (entry.scope.account == account && (except.empty() || entry.scope.sign_in != except))
      entry.on_end(reason);
}

void SessionEvents::end_workspace(const std::string& workspace, const std::string& reason) {
  end_workspace_here(workspace, reason);
  if (relay_) relay_(workspace, reason);
}

std::set<std::string> SessionEvents::sign_ins() {
  std::set<std::string> all;
  const std::lock_guard lock(mutex_);
  for (const auto& entry : entries_)
    if (!entry.scope.sign_in.empty()) all.insert(entry.scope.sign_in);
  return all;
}

void SessionEvents::end_workspace_here(const std::string& workspace, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  for (const auto& entry : entries_)
    if (entry.scope.workspace == workspace) entry.on_end(reason);
}

}  // namespace berth::server
