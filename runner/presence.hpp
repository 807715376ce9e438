// SPDX-License-Identifier: GPL-3.0-or-later
// Who is in the workspace and where they are: participants, their colours, what each listener has not been
// told yet. No I/O and no clock of its own; presence_news.cpp tells it to the sessions.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "protocol/messages.hpp"

namespace berth::runner {

class Presence {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr int colours = 12;
  static constexpr std::size_t most_selections = 64;
  /// About one participant a listener hears at most this often; with more than `colours` of them less often,
  /// so that two hundred windows don't cost the square of it.
  static constexpr std::chrono::milliseconds usual_pause{33};
  /// The same for a listener whose connection is behind: it gets the newest state, not each.
  static constexpr std::chrono::milliseconds crowded_pause{1000};

  struct Person {
    std::string user;  // account id
    std::string name;
    protocol::Role role;
  };
  /// Where a window is. Everything in it was checked by the caller, except positions.
  struct Place {
    std::optional<std::string> document;  // none: it looks at no text
    std::string path;
    std::uint64_t version = 0;                        // the newest one that was told
    std::int64_t length = 0;                          // UTF-16 units of the text: positions are clamped to it
    std::vector<protocol::TextSelection> selections;  // the first `most_selections` are kept
    std::optional<std::int64_t> top;
    std::optional<std::string> terminal;
    std::optional<std::string> following;  // dropped where nobody of that id is here, or it is itself
  };

  /// `now`: Unix ms. A colour that nobody has, else the one that the fewest have.
  void arrive(const std::string& session, Person person, std::int64_t now);
  /// The connection dropped; it may come back. It hears nothing until it listens again.
  void drop(const std::string& session);
  /// It said good-bye (its page or window was closed): the others see it leave. It keeps its colour for the
  /// case that it comes back all the same.
  void part(const std::string& session);
  /// The same session on a new connection, perhaps in another role. Unknown ones are left alone.
  void come_back(const std::string& session, Person person);
  void leave(const std::string& session);
  bool knows(const std::string& session) const { return participants_.contains(session); }

  void set(const std::string& session, Place place);
  /// The session closed the document: nobody sees it there any more.
  void hide_document(const std::string& session, const std::string& document);
  /// Its terminal is gone.
  void hide_terminal(const std::string& terminal);
  void move_document(const std::string& document, const std::string& path);
  /// The sessions were told of this version: positions in it move, behind what is inserted right there for
  /// the session that inserted it (`origin`), before it for the others. Nobody is told, as each moves them
  /// itself.
  void change_document(const std::string& document, std::uint64_t version,
                       const protocol::TextOperation& operation, const std::string& origin);

  /// Everybody, the session itself too; from now on it is told what changes.
  std::vector<protocol::Participant> listen(const std::string& session);
  std::vector<std::string> listeners() const;

  struct News {
    std::vector<std::string> left;  // goes first
    std::vector<protocol::Participant> changed;
    std::optional<TimePoint> next;  // there is more then
  };
  /// What `listener` should be told at `now`; it counts as told. `crowded`: its connection is behind.
  News take_news(const std::string& listener, TimePoint now, bool crowded);

 private:
  struct Listener {
    std::set<std::string> changed;  // sessions
    std::set<std::string> left;
    std::map<std::string, TimePoint> told;  // about whom, when
  };

  int free_colour() const;
  void mark(const std::string& session);
  std::chrono::milliseconds pause(bool crowded) const;

  void forget_followed(const std::string& session);

  std::map<std::string, protocol::Participant> participants_;  // by session
  std::set<std::string> parted_;                               // those that nobody sees
  std::map<std::string, Listener> listeners_;                  // by session
};

}  // namespace berth::runner
