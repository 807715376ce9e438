// SPDX-License-Identifier: GPL-3.0-or-later
#include "typed_together.hpp"

#include <algorithm>

#include "typing_hand.hpp"

namespace berth::test {

using protocol::Json;

namespace {

constexpr std::string_view begin_mark = "<begin>";

/// Where two texts differ, for a person.
std::string first_difference(std::string_view left, std::string_view right) {
  const auto at = static_cast<std::size_t>(
      std::mismatch(left.begin(), left.end(), right.begin(), right.end()).first - left.begin());
  const auto from = at > 30 ? at - 30 : 0;
  return "at byte " + std::to_string(at) + " of " + std::to_string(left.size()) + " and " +
         std::to_string(right.size()) + ": \"" + std::string(left.substr(from, 60)) + "\" and \"" +
         std::string(right.substr(from, 60)) + "\"";
}

/// Whether `received` is what a viewer of `stream` may have: all of it behind the mark, or, where the screen
/// was painted anew meanwhile, what came behind the painting.
bool shows(const Json& report, std::string_view stream) {
  const auto received = report.at("received").get<std::string>();
  const auto mark = received.find(begin_mark);
  const auto escape = received.rfind('\x1b');
  if (mark != received.npos && (escape == received.npos || escape < mark))
    return received.substr(mark + begin_mark.size()) == stream;
  if (escape == received.npos) return stream.ends_with(received);
  auto end = escape + 2;
  while (end < received.size() && (received[end] < '@' || received[end] > '~')) ++end;
  return end < received.size() && stream.ends_with(received.substr(end + 1));
}

std::string terminal_apart(const TypedTogether& typed) {
  for (std::size_t index = 0; index < 2; ++index) {
    const auto& report = typed.reports[index];
    const auto who = std::string("the terminal of ") + typing_persons[index];
    if (!report.value("terminal_ready", false)) return who + " is not there";
    const auto keys = own_letters(typing_persons[index], typed.terminal);
    const auto wanted = numbers_of(typing_persons[index], report.at("keys"));
    if (keys != wanted) return who + " has other keys than were typed " + first_difference(wanted, keys);
    if (!shows(report, typed.terminal))
      return who + " shows something else " +
             first_difference(typed.terminal, report.at("received").get<std::string>());
  }
  return {};
}

}  // namespace

std::string apart(const TypedTogether& typed) {
  for (std::size_t index = 0; index < 2; ++index) {
    const auto& report = typed.reports[index];
    const auto who = std::string(1, typing_persons[index]);
    for (const char* must : {"loaded", "online"})
      if (!report.value(must, false)) return who + " is not " + must;
    for (const char* must_not : {"unsent", "asking", "slipped"})
      if (report.value(must_not, true)) return who + " is " + must_not + " " + report.value("problem", "");
  }
  const auto left = typed.reports[0].at("text").get<std::string>(),
             right = typed.reports[1].at("text").get<std::string>();
  if (left != right) return "the texts differ " + first_difference(left, right);
  for (std::size_t index = 0; index < 2; ++index) {
    const auto person = typing_persons[index];
    const auto keys = own_letters(person, left);
    const auto wanted = numbers_of(person, typed.reports[index].at("typed"));
    if (keys != wanted)
      return std::string(1, person) + "'s keys were lost or doubled " + first_difference(wanted, keys);
    if (slips_in(person, left) != 0) return std::string(1, person) + "'s slip came back";
  }
  if (typed.document != left) return "the file is another one " + first_difference(left, typed.document);
  return terminal_apart(typed);
}

}  // namespace berth::test
