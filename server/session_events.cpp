// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/session_events.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "server/standing.hpp"

namespace berth::server {

SessionEvents::Subscription SessionEvents::subscribe(Scope scope, OnEnd on_end) {
  const std::lock_guard lock(mutex_);
  if (scope.expires > 0) next_expiry_ = std::min(next_expiry_, scope.expires);
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
    if (entry.scope.account == account && !is_token_standing(entry.scope.sign_in) &&
        (except.empty() || entry.scope.sign_in != except))
      entry.on_end(reason);
}

void SessionEvents::end_expired(std::int64_t now) {
  const std::lock_guard lock(mutex_);
  if (next_expiry_ > now) return;
  next_expiry_ = INT64_MAX;
  for (auto& entry : entries_) {
    auto& expires = entry.scope.expires;
    if (expires <= 0) continue;
    if (expires > now) {
      next_expiry_ = std::min(next_expiry_, expires);
      continue;
    }
    expires = 0;  // told once
    entry.on_end(is_token_standing(entry.scope.sign_in) ? "This access token has expired."
                                                        : "This sign-in has expired; sign in again.");
  }
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

void SessionEvents::end_member(const std::string& workspace, const std::string& account,
                               const std::string& reason) {
  const std::lock_guard lock(mutex_);
  for (const auto& entry : entries_)
    if (entry.scope.workspace == workspace && entry.scope.account == account) entry.on_end(reason);
}

void SessionEvents::end_share(const std::string& workspace, const std::string& share,
                              const std::string& reason) {
  const std::lock_guard lock(mutex_);
  for (const auto& entry : entries_) {
    const auto& scope = entry.scope;
    if (scope.share.empty() || (!workspace.empty() && scope.workspace != workspace)) continue;
    if (share.empty() || scope.share == share) entry.on_end(reason);
  }
}

std::vector<SessionEvents::Scope> SessionEvents::roles() {
  std::map<std::tuple<std::string, std::string, protocol::Role>, Scope> all;
  const std::lock_guard lock(mutex_);
  for (const auto& [scope, on_end] : entries_)
    if (scope.role)
      all.try_emplace(
          {scope.account, scope.workspace, *scope.role},
          Scope{.sign_in = {}, .account = scope.account, .workspace = scope.workspace, .role = scope.role});
  std::vector<Scope> roles;
  for (auto& [key, scope] : all) roles.push_back(std::move(scope));
  return roles;
}

void SessionEvents::end_workspace_here(const std::string& workspace, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  for (const auto& entry : entries_)
    if (entry.scope.workspace == workspace) entry.on_end(reason);
}

}  // namespace berth::server
