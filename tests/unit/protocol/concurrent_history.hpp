// SPDX-License-Identifier: GPL-3.0-or-later
// People who type into one document side by side, over connections that delay and drop, and the runner
// between them: each has one operation in flight and composes later ones, the runner brings stale ones
// forward and knows their ids. What happens is a list of events. It is made by luck, or read from the twin's
// program (client/web/src/testing/concurrent_history.ts); both must come to the same operations and texts.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "protocol/codec.hpp"
#include "runner/document_merge.hpp"

namespace berth::test {

/// At least 0 and less than what is asked.
using Luck = std::function<std::size_t(std::size_t below)>;

/// What does not fit together is thrown: std::logic_error says what and where.
class ConcurrentHistory {
 public:
  ConcurrentHistory(std::string start, std::size_t people);

  /// Lets luck reign, then lets everything arrive. Returns the record: the events and what came of them.
  static protocol::Json make(const Luck& luck);
  /// Does the record's events; throws where the outcome differs from the record's, or from one person to
  /// another.
  static void replay(const protocol::Json& record);

 private:
  struct Sent {
    std::string id;
    std::uint64_t base_version;
    protocol::TextOperation operation;
  };
  struct Heard {
    std::string id;  // of the operation that is answered; "" for another person's
    std::uint64_t version;
    protocol::TextOperation operation;
  };
  struct Accepted {
    std::size_t person;
    std::string id;
    protocol::TextOperation operation;
  };
  struct Person {
    std::string text;
    std::uint64_t version = 0;
    std::optional<Sent> in_flight;                         // as it was sent
    std::optional<protocol::TextOperation> in_flight_now;  // as it stands in this person's text
    std::optional<protocol::TextOperation> waiting;
    std::deque<Sent> up;     // on its way to the runner
    std::deque<Heard> down;  // on its way to the person
    int sent = 0;
  };

  // Each is false when there is nothing to do.
  bool type(std::size_t person, const protocol::TextOperation& operation);
  bool send(std::size_t person);
  bool arrive(std::size_t person);
  bool hear(std::size_t person);
  bool drop(std::size_t person);
  bool happen(std::size_t person, const std::string& what);
  void hear_other(Person& person, protocol::TextOperation theirs);
  void settle();
  /// All that both languages must agree on; throws when the people don't agree among themselves.
  protocol::Json outcome() const;

  std::string start_, text_;
  std::vector<Person> people_;
  runner::DocumentMerge merge_{0};
  std::vector<Accepted> accepted_;
  int overlaps_ = 0;
  protocol::Json events_ = protocol::Json::array();
};

/// A random text of at most so many characters, of one to four UTF-8 bytes each.
std::string lucky_text(const Luck& luck, std::size_t most);
/// A random operation on `text`, made of whole characters.
protocol::TextOperation lucky_operation(const Luck& luck, const std::string& text);

}  // namespace berth::test
