// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/presence_news.hpp"

#include <algorithm>

#include "runner/sessions.hpp"

namespace berth::runner {
namespace {

// Bytes that wait for a listener's socket: from the first on it is told less often, from the second on
// nothing.
constexpr std::size_t behind_bytes = 16u << 10;
constexpr std::size_t stuck_bytes = 1u << 20;
// How soon one that is stuck, or behind, is looked at again.
constexpr std::chrono::milliseconds look_again{100};

}  // namespace

void PresenceNews::set(const std::string& session, protocol::PresenceSet::Params said) {
  said_[session] = std::move(said);
  tell();
}

void PresenceNews::hide_document(const std::string& session, const std::string& document) {
  if (const auto said = said_.find(session); said != said_.end() && said->second.document == document)
    said_.erase(said);
  people_.hide_document(session, document);
  tell();
}

void PresenceNews::leave(const std::string& session) {
  said_.erase(session);
  looked_.erase(session);
  people_.leave(session);
  tell();
}

void PresenceNews::take_waiting(Presence::TimePoint now) {
  for (auto said = said_.begin(); said != said_.end();) {
    auto& looked = looked_[said->first];
    if (looked + Presence::usual_pause > now) {
      wake_at(looked + Presence::usual_pause);
      ++said;
      continue;
    }
    looked = now;
    people_.set(said->first, find_(said->first, std::move(said->second)));
    said = said_.erase(said);
  }
}

void PresenceNews::tell() {
  if (stopped_) return;
  const auto now = std::chrono::steady_clock::now();
  take_waiting(now);
  std::map<std::string, std::string> texts;  // encoded once for all who hear them
  for (const auto& id : people_.listeners()) {
    const auto session = sessions_.find(id);
    if (!session) continue;
    if (session->unsent() > stuck_bytes) {
      wake_at(now + look_again);
      continue;
    }
    const bool behind = session->unsent() > behind_bytes;
    const auto news = people_.take_news(id, now, behind);
    for (const auto& left : news.left) session->notify<protocol::PresenceLeft>({left});
    for (const auto& participant : news.changed) {
      auto& text = texts[participant.session];
      if (text.empty())
        text = protocol::notification_text(protocol::PresenceChanged::method,
                                           protocol::encode(protocol::PresenceChanged::Params{participant}));
      session->notify_text(text);
    }
    // One that is behind may have caught up by then.
    if (news.next) wake_at(behind ? std::min(*news.next, now + look_again) : *news.next);
  }
}

void PresenceNews::wake_at(Presence::TimePoint due) {
  if (stopped_ || (wakes_ && *wakes_ <= due)) return;
  wakes_ = due;
  timer_.expires_at(due);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    wakes_.reset();
    tell();
  });
}

void PresenceNews::stop() {
  stopped_ = true;
  timer_.cancel();
}

}  // namespace berth::runner
