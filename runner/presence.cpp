// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/presence.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "runner/position_map.hpp"

namespace berth::runner {
namespace {

using protocol::Bias;
using protocol::Participant;
using protocol::TextOperation;

void hide_text(Participant& participant) {
  participant.document.reset();
  participant.path.reset();
  participant.version = 0;
  participant.selections.clear();
  participant.top.reset();
}

}  // namespace

int Presence::free_colour() const {
  // One that is away gives its colour up before anybody who is here does.
  constexpr int weight_of_connected = 1000;
  std::array<int, colours> taken{};
  for (const auto& [session, participant] : participants_)
    taken[static_cast<std::size_t>(participant.colour)] += participant.connected ? weight_of_connected : 1;
  return static_cast<int>(std::ranges::min_element(taken) - taken.begin());
}

void Presence::mark(const std::string& session) {
  if (parted_.contains(session)) return;
  for (auto& [id, listener] : listeners_) {
    if (id == session) continue;
    listener.left.erase(session);
    listener.changed.insert(session);
  }
}

void Presence::arrive(const std::string& session, Person person, std::int64_t now) {
  Participant participant{};
  participant.session = session;
  participant.user = std::move(person.user);
  participant.name = std::move(person.name);
  participant.role = person.role;
  participant.colour = free_colour();
  participant.connected = true;
  participant.since = now;
  participants_[session] = std::move(participant);
  mark(session);
}

void Presence::drop(const std::string& session) {
  listeners_.erase(session);
  const auto found = participants_.find(session);
  if (found == participants_.end()) return;
  found->second.connected = false;
  mark(session);
}

void Presence::part(const std::string& session) {
  drop(session);
  const auto found = participants_.find(session);
  if (found == participants_.end()) return;
  hide_text(found->second);
  found->second.terminal.reset();
  found->second.following.reset();
  parted_.insert(session);
  for (auto& [id, listener] : listeners_) {
    listener.changed.erase(session);
    listener.left.insert(session);
  }
  forget_followed(session);
}

void Presence::come_back(const std::string& session, Person person) {
  const auto found = participants_.find(session);
  if (found == participants_.end()) return;
  parted_.erase(session);
  found->second.connected = true;
  found->second.name = std::move(person.name);
  found->second.role = person.role;
  mark(session);
}

void Presence::leave(const std::string& session) {
  listeners_.erase(session);
  if (participants_.erase(session) == 0) return;
  const bool unseen = parted_.erase(session) > 0;
  for (auto& [id, listener] : listeners_) {
    listener.changed.erase(session);
    listener.told.erase(session);
    if (!unseen) listener.left.insert(session);
  }
  forget_followed(session);
}

void Presence::forget_followed(const std::string& session) {
  for (auto& [id, participant] : participants_) {
    if (participant.following != session) continue;
    participant.following.reset();
    mark(id);
  }
}

void Presence::set(const std::string& session, Place place) {
  const auto found = participants_.find(session);
  if (found == participants_.end()) return;
  auto& participant = found->second;
  const auto clamped = [&](std::int64_t position) {
    return std::clamp<std::int64_t>(position, 0, std::max<std::int64_t>(place.length, 0));
  };
  hide_text(participant);
  if (place.document) {
    participant.document = std::move(place.document);
    participant.path = std::move(place.path);
    participant.version = place.version;
    if (place.selections.size() > most_selections) place.selections.resize(most_selections);
    for (auto& [anchor, head] : place.selections) {
      anchor = clamped(anchor);
      head = clamped(head);
    }
    participant.selections = std::move(place.selections);
    if (place.top) participant.top = clamped(*place.top);
  }
  participant.terminal = std::move(place.terminal);
  if (place.following &&
      (*place.following == session || !knows(*place.following) || parted_.contains(*place.following)))
    place.following.reset();
  participant.following = std::move(place.following);
  mark(session);
}

void Presence::hide_document(const std::string& session, const std::string& document) {
  const auto found = participants_.find(session);
  if (found == participants_.end() || found->second.document != document) return;
  hide_text(found->second);
  mark(session);
}

void Presence::hide_terminal(const std::string& terminal) {
  for (auto& [session, participant] : participants_) {
    if (participant.terminal != terminal) continue;
    participant.terminal.reset();
    mark(session);
  }
}

void Presence::move_document(const std::string& document, const std::string& path) {
  for (auto& [session, participant] : participants_) {
    if (participant.document != document || participant.path == path) continue;
    participant.path = path;
    mark(session);
  }
}

void Presence::change_document(const std::string& document, std::uint64_t version,
                               const TextOperation& operation, const std::string& origin) {
  std::optional<PositionMap> map;
  for (auto& [session, participant] : participants_) {
    if (participant.document != document || participant.version >= version) continue;
    if (!map) map.emplace(operation);
    participant.version = version;
    const auto bias = session == origin ? Bias::after : Bias::before;
    for (auto& [anchor, head] : participant.selections) {
      anchor = map->map(anchor, bias);
      head = map->map(head, bias);
    }
    if (participant.top) participant.top = map->map(*participant.top, Bias::before);
  }
}

std::vector<Participant> Presence::listen(const std::string& session) {
  listeners_[session] = {};
  std::vector<Participant> all;
  for (const auto& [id, participant] : participants_)
    if (!parted_.contains(id)) all.push_back(participant);
  std::ranges::stable_sort(all, {}, &Participant::since);
  return all;
}

std::vector<std::string> Presence::listeners() const {
  std::vector<std::string> sessions;
  for (const auto& [session, listener] : listeners_) sessions.push_back(session);
  return sessions;
}

std::chrono::milliseconds Presence::pause(bool crowded) const {
  if (crowded) return crowded_pause;
  const auto crowd = std::max<std::size_t>(participants_.size(), colours);
  return usual_pause * static_cast<int>(crowd) / colours;
}

Presence::News Presence::take_news(const std::string& listener, TimePoint now, bool crowded) {
  News news;
  const auto found = listeners_.find(listener);
  if (found == listeners_.end()) return news;
  auto& [changed, left, told] = found->second;
  news.left.assign(left.begin(), left.end());
  left.clear();
  for (auto waiting = changed.begin(); waiting != changed.end();) {
    const auto last = told.find(*waiting);
    const auto due = last == told.end() ? now : last->second + pause(crowded);
    if (due > now) {
      news.next = std::min(news.next.value_or(due), due);
      ++waiting;
      continue;
    }
    told[*waiting] = now;
    if (const auto participant = participants_.find(*waiting); participant != participants_.end())
      news.changed.push_back(participant->second);
    waiting = changed.erase(waiting);
  }
  return news;
}

}  // namespace berth::runner
