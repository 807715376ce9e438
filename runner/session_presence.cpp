// SPDX-License-Identifier: GPL-3.0-or-later
// presence/* requests, and how a session appears to the others.
#include <algorithm>

#include "runner/session.hpp"
#include "runner/workspace.hpp"

namespace berth::runner {

using namespace protocol;

namespace {

constexpr std::size_t longest_presence_id = 128;  // bytes; what is said waits in memory for its turn

}  // namespace

Result<PresenceList::Result> Session::handle(PresenceList, Empty) {
  return PresenceList::Result{workspace_.presence.people().listen(id_)};
}

Result<Empty> Session::handle(PresenceSet, PresenceSet::Params params) {
  if (params.selections.size() > Presence::most_selections)
    return failure(ErrorCode::invalid_argument, "presence/set.selections: more than 64");
  for (const auto* id : {&params.document, &params.terminal, &params.following})
    if (id->has_value() && (*id)->size() > longest_presence_id)
      return failure(ErrorCode::invalid_argument, "presence/set: an id of more than 128 bytes");
  workspace_.presence.set(id_, std::move(params));
  return Empty{};
}

/// It said hello, or came back on another connection. The server's control link is nobody.
void Session::appear() {
  if (claims_.role == Role::server) return;
  auto& people = workspace_.presence.people();
  const Presence::Person person{claims_.user, claims_.user_name, claims_.role};
  if (people.knows(id_)) {
    people.come_back(id_, person);
  } else {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    people.arrive(id_, person, std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  }
  workspace_.presence.tell();
}

void Session::on_goodbye() {
  workspace_.presence.people().part(id_);
  workspace_.presence.tell();
}

Presence::Place find_place(Workspace& workspace, const std::string& session, PresenceSet::Params said) {
  Presence::Place place;
  if (said.terminal && workspace.terminals.find(*said.terminal)) place.terminal = std::move(said.terminal);
  place.following = std::move(said.following);
  if (!said.document) return place;
  const auto document = workspace.documents.find(*said.document, session);
  if (!document) return place;
  place.document = (*document)->id();
  place.path = (*document)->path;
  place.version = (*document)->journalled_version;
  place.length = (*document)->told_units();
  std::vector<std::int64_t> positions;
  for (const auto& [anchor, head] : said.selections) positions.insert(positions.end(), {anchor, head});
  if (said.top) positions.push_back(*said.top);
  const auto now = (*document)->positions_now(said.version, std::move(positions), Bias::before);
  // Said of a version that is forgotten, too far back or hostile: in the document, but nobody knows where.
  if (!now) return place;
  auto position = now->begin();
  for (auto& [anchor, head] : said.selections) {
    anchor = *position++;
    head = *position++;
  }
  place.selections = std::move(said.selections);
  if (said.top) place.top = *position;
  return place;
}

}  // namespace berth::runner
