// SPDX-License-Identifier: GPL-3.0-or-later
#include "typing_room.hpp"

#include <fstream>
#include <iterator>
#include <sstream>

#include "typed_together.hpp"
#include "typing_hand.hpp"

namespace berth::test {

using namespace std::chrono_literals;
using protocol::Json;

namespace {

constexpr const char* document_path = "project/live.txt";

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
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
        [this, client](const std::vector<std::string>& command, int in, int out) {
          return networks_.start(client, command, in, out);
        },
        Typist::Facts{origin, workspace, document_path, typing_persons[index], seed * 1'000 + index * 500,
                      folders_.path() / std::string(1, typing_persons[index])});
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
  const auto keys = own_letters(typing_persons[index], stream);
  EXPECT_EQ(keys, numbers_of(typing_persons[index], keys.size()));
  typists_[index]->use_terminal(terminal_name(), keys.size());
  typists_[index]->start();
}

void TypingRoom::find_server() {
  for (auto& road : roads_) road->set_server_port(place_.server_port());
}

std::string TypingRoom::terminal_file() const { return content_of(place_.home() / terminal_name()); }

void TypingRoom::expect_together(std::chrono::seconds limit) {
  for (auto& typist : typists_) typist->rest();
  std::string why;
  const auto together = [&] {
    TypedTogether typed;
    for (std::size_t index = 0; index < 2; ++index) typed.reports[index] = typists_[index]->report();
    typed.document = content_of(place_.home() / document_path);
    typed.terminal = terminal_file();
    why = apart(typed);
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
