// SPDX-License-Identifier: GPL-3.0-or-later
#include "typing_room.hpp"

#include <fstream>
#include <iterator>
#include <sstream>

#include "typing_hand.hpp"

namespace berth::test {

using namespace std::chrono_literals;
using protocol::Json;

namespace {

constexpr char persons[] = {'A', 'B'};
constexpr std::string_view begin_mark = "<begin>";
constexpr const char* document_path = "project/live.txt";

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

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

}  // namespace

TypingRoom::TypingRoom(std::uint64_t seed) {
  place_.run_workspace();
  const auto made = place_.ask("PUT", place_.at(std::string("/file?path=") + document_path),
                               "abc def ghi jkl mno p nop mlk jih gfe dcb a");
  if (made.status != 200) throw std::runtime_error(made.body);
  const auto workspace = place_.workspace().at("id").get<std::string>();
  for (int client = 0; client < 2; ++client) {
    const auto index = static_cast<std::size_t>(client);
    roads_[index] = std::make_unique<FaultProxy>(
        place_.server_port(), [this](std::uint16_t& wanted) { return networks_.listen(wanted); });
    const auto origin =
        "http://" + networks_.road_address(client) + ":" + std::to_string(roads_[index]->port());
    typists_[index] = std::make_unique<Typist>(
        networks_, client,
        Typist::Facts{origin, workspace, document_path, persons[index], seed * 1'000 + index * 500,
                      folders_.path() / std::string(1, persons[index])});
  }
  for (auto& typist : typists_) typist->start();
  new_terminal();
  expect_together();
}

TypingRoom::~TypingRoom() {
  for (auto& typist : typists_) typist.reset();
  for (auto& road : roads_) road.reset();
}

void TypingRoom::type(int mean_milliseconds) {
  for (auto& typist : typists_) typist->type(mean_milliseconds);
}

void TypingRoom::hurry() {
  for (auto& typist : typists_) typist->hurry();
}

void TypingRoom::append_to_file() {
  std::ofstream(place_.home() / document_path, std::ios::app) << "abc\n" << std::flush;
}

void TypingRoom::new_terminal() {
  ++terminals_;
  for (auto& typist : typists_) typist->use_terminal(terminal_name(), 0);
}

void TypingRoom::restart(int client) {
  const auto index = static_cast<std::size_t>(client);
  // What the dead one had sent comes to its end first.
  auto stream = terminal_file();
  (void)eventually(
      [&] {
        const auto before = std::exchange(stream, terminal_file());
        (void)eventually([] { return false; }, 50ms);
        return before == stream;
      },
      1s);
  const auto keys = own_letters(persons[index], stream);
  EXPECT_EQ(keys, numbers_of(persons[index], keys.size()));
  typists_[index]->use_terminal(terminal_name(), keys.size());
  typists_[index]->start();
}

void TypingRoom::find_server() {
  for (auto& road : roads_) road->set_server_port(place_.server_port());
}

std::string TypingRoom::terminal_file() const { return content_of(place_.home() / terminal_name()); }

std::string TypingRoom::terminal_apart(const Reports& reports) const {
  const auto stream = terminal_file();
  for (std::size_t index = 0; index < 2; ++index) {
    const auto& report = reports[index];
    const auto who = std::string("the terminal of ") + persons[index];
    if (!report.value("terminal_ready", false)) return who + " is not there";
    const auto typed = own_letters(persons[index], stream);
    const auto wanted = numbers_of(persons[index], report.at("keys"));
    if (typed != wanted) return who + " has other keys than were typed " + first_difference(wanted, typed);
    if (!shows(report, stream))
      return who + " shows something else " +
             first_difference(stream, report.at("received").get<std::string>());
  }
  return {};
}

std::string TypingRoom::apart(const Reports& reports) const {
  for (std::size_t index = 0; index < 2; ++index) {
    const auto& report = reports[index];
    const auto who = std::string(1, persons[index]);
    for (const char* must : {"loaded", "online"})
      if (!report.value(must, false)) return who + " is not " + must;
    for (const char* must_not : {"unsent", "asking", "slipped"})
      if (report.value(must_not, true)) return who + " is " + must_not + " " + report.value("problem", "");
  }
  const auto left = reports[0].at("text").get<std::string>(),
             right = reports[1].at("text").get<std::string>();
  if (left != right) return "the texts differ " + first_difference(left, right);
  for (std::size_t index = 0; index < 2; ++index) {
    const auto typed = own_letters(persons[index], left);
    const auto wanted = numbers_of(persons[index], reports[index].at("typed"));
    if (typed != wanted)
      return std::string(1, persons[index]) + "'s keys were lost or doubled " +
             first_difference(wanted, typed);
    if (slips_in(persons[index], left) != 0) return std::string(1, persons[index]) + "'s slip came back";
  }
  const auto file = content_of(place_.home() / document_path);
  if (file != left) return "the file is another one " + first_difference(left, file);
  return terminal_apart(reports);
}

void TypingRoom::expect_together(std::chrono::seconds limit) {
  for (auto& typist : typists_) typist->rest();
  std::string why;
  const auto together = [&] {
    Reports reports;
    for (std::size_t index = 0; index < 2; ++index) reports[index] = typists_[index]->report();
    why = apart(reports);
    if (!why.empty()) (void)eventually([] { return false; }, 30ms);
    return why.empty();
  };
  const auto began = std::chrono::steady_clock::now();
  EXPECT_TRUE(eventually(together, limit)) << why << "\n" << story();
  for (auto& typist : typists_) EXPECT_EQ(typist->broken(), "") << story();
  longest_ = std::max(longest_, std::chrono::duration<double>(std::chrono::steady_clock::now() - began));
}

std::string TypingRoom::story() { return typists_[0]->story() + typists_[1]->story(); }

}  // namespace berth::test
