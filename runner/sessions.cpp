// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/sessions.hpp"

#include <sys/random.h>

#include <algorithm>

#include "runner/workspace.hpp"

namespace berth::runner {
namespace {

std::string random_id() {
  char bytes[18];
  if (::getrandom(bytes, sizeof bytes, 0) != sizeof bytes) std::abort();
  return protocol::encode_base64url({bytes, sizeof bytes});
}

}  // namespace

Result<void> Sessions::connect(Workspace& workspace, protocol::ConnectClaims claims,
                               std::shared_ptr<Connection> connection) {
  // Of two servers that take the workspace for theirs, because one slept, the later is right: what the other
  // sent and was not looked at yet is not done any more.
  if (claims.role == protocol::Role::server)
    for (const auto& [id, other] : all())
      if (other->claims().role == protocol::Role::server) {
        other->close_connection("Another server looks after this workspace now.");
        forget(id);
      }
  if (sessions_.size() >= most_sessions) {
    // Dropped ones make room first, the longest gone before the others.
    std::shared_ptr<Session> oldest;
    for (const auto& [id, session] : sessions_)
      if (!session->connected() && (!oldest || session->dropped_at() < oldest->dropped_at()))
        oldest = session;
    if (!oldest)
      return failure(ErrorCode::limit_exceeded, "Too many windows are connected to this workspace.");
    forget(oldest->id());
  }
  auto session = std::make_shared<Session>(workspace, random_id(), std::move(claims), connection);
  sessions_[session->id()] = session;
  connection->set_events(session);
  if (on_count_changed) on_count_changed();
  return {};
}

std::shared_ptr<Session> Sessions::resumable_session(const std::string& id,
                                                     const protocol::ConnectClaims& claims) const {
  const auto session = find(id);
  const bool same_account = session && session->greeted() && session->claims().user == claims.user;
  return same_account ? session : nullptr;
}

std::shared_ptr<Session> Sessions::find(const std::string& id) const {
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : found->second;
}

void Sessions::forget(const std::string& id) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  const auto session = found->second;
  sessions_.erase(found);
  session->end();
  if (on_count_changed) on_count_changed();
}

void Sessions::on_dropped() {
  if (on_count_changed) on_count_changed();
  sweep();
}

void Sessions::sweep() {
  const auto now = std::chrono::steady_clock::now();
  auto next = Session::TimePoint::max();
  for (const auto& [id, session] : all()) {
    if (session->connected()) continue;
    if (session->dropped_at() + resumable_ <= now)
      forget(id);
    else
      next = std::min(next, session->dropped_at() + resumable_);
  }
  if (sweeping_ || next == Session::TimePoint::max()) return;
  sweeping_ = true;
  sweep_timer_.expires_at(next);
  sweep_timer_.async_wait([this](const boost::system::error_code& error) {
    sweeping_ = false;
    if (!error) sweep();
  });
}

std::uint32_t Sessions::connected_clients() const {
  return static_cast<std::uint32_t>(std::ranges::count_if(sessions_, [](const auto& entry) {
    return entry.second->connected() && entry.second->claims().role != protocol::Role::server;
  }));
}

bool Sessions::anyone_connected() const {
  return std::ranges::any_of(sessions_, [](const auto& entry) { return entry.second->connected(); });
}

void Sessions::close_all(const std::string& reason) {
  for (const auto& [id, session] : all()) {
    session->close_connection(reason);
    forget(id);
  }
  sweep_timer_.cancel();
}

}  // namespace berth::runner
