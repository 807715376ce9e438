// SPDX-License-Identifier: GPL-3.0-or-later
// Messages about who is in the workspace and where they are. Rules and lists: messages.hpp.
#pragma once

#include "protocol/message_parts.hpp"

namespace berth::protocol {

/// UTF-16 code units; `head` is where the cursor stands, equal to `anchor` when nothing is selected.
struct TextSelection {
  std::int64_t anchor;
  std::int64_t head;
};
BOOST_DESCRIBE_STRUCT(TextSelection, (), (anchor, head))

/// One window of a person.
struct Participant {
  std::string session;
  std::string user;  // account id
  std::string name;
  int colour;  // 0..11, no two windows' alike while fewer than 12 are open
  Role role;
  bool connected;  // false: its connection dropped, and it may come back
  std::int64_t since;
  std::optional<std::string> document;  // the one it looks at, with its path
  std::optional<std::string> path;
  std::uint64_t version;                  // of the document, that the positions hold for
  std::vector<TextSelection> selections;  // the main one first
  std::optional<std::int64_t> top;        // position of the first line it sees
  std::optional<std::string> terminal;    // the one it looks at
  std::optional<std::string> following;   // a session
};
BOOST_DESCRIBE_STRUCT(Participant, (),
                      (session, user, name, colour, role, connected, since, document, path, version,
                       selections, top, terminal, following))

struct PresenceList {
  static constexpr std::string_view method = "presence/list";
  static constexpr std::string_view summary =
      "Everybody who is here, this session too. From then on presence/changed and presence/left are sent.";
  static constexpr Role role = Role::viewer;
  using Params = Empty;
  struct Result {
    std::vector<Participant> participants;
  };
};
BOOST_DESCRIBE_STRUCT(PresenceList::Result, (), (participants))

struct PresenceSet {
  static constexpr std::string_view method = "presence/set";
  static constexpr std::string_view summary =
      "Where this session is now, whole. Positions hold for a version of the document that the client has "
      "(its "
      "unsent edits taken off); the runner brings them to the newest.";
  static constexpr Role role = Role::viewer;
  struct Params {
    std::optional<std::string> document;  // one that the session has open
    std::uint64_t version;
    std::vector<TextSelection> selections;  // at most 64
    std::optional<std::int64_t> top;
    std::optional<std::string> terminal;
    std::optional<std::string> following;
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(PresenceSet::Params, (), (document, version, selections, top, terminal, following))

struct PresenceChanged {
  static constexpr std::string_view method = "presence/changed";
  static constexpr std::string_view summary =
      "Somebody came, moved, dropped or came back. Positions hold for `version`, which this session has been "
      "told of; later changes of the document move them.";
  struct Params {
    Participant participant;
  };
};
BOOST_DESCRIBE_STRUCT(PresenceChanged::Params, (), (participant))

struct PresenceLeft {
  static constexpr std::string_view method = "presence/left";
  static constexpr std::string_view summary = "A window was closed, or did not come back.";
  struct Params {
    std::string session;
  };
};
BOOST_DESCRIBE_STRUCT(PresenceLeft::Params, (), (session))

}  // namespace berth::protocol
