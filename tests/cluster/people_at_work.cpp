// SPDX-License-Identifier: GPL-3.0-or-later
#include "people_at_work.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/integration/local/local_fixture.hpp"
#include "tests/network/typed_together.hpp"

namespace berth::test {

using namespace std::chrono_literals;

namespace {

constexpr const char* live_path = "project/live.txt";
constexpr auto between_turns = 250ms;
constexpr auto visitors_patience = 15s;

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

PeopleAtWork::PeopleAtWork(const Installation& installation)
    : installation_(installation),
      workspace_(installation.make_workspace("python")),
      home_(installation.home(workspace_)) {
  const auto made = installation.call("PUT", "/workspaces/" + workspace_ + "/file?path=" + live_path,
                                      "abc def ghi jkl mno p nop mlk jih gfe dcb a");
  if (made.status != 200) throw std::runtime_error(made.head + made.body);
  for (std::size_t index = 0; index < 2; ++index) {
    const auto person = typing_persons[index];
    typists_[index] = std::make_unique<Typist>(
        start_beside_test, Typist::Facts{"http://" + installation.address(), workspace_, live_path, person,
                                         17 + index * 500, folders_.path() / std::string(1, person)});
    typists_[index]->start();
  }
  new_terminal();
  expect_together();
}

void PeopleAtWork::type(int mean_milliseconds) {
  for (auto& typist : typists_) typist->type(mean_milliseconds);
}

void PeopleAtWork::new_terminal() {
  ++terminals_;
  for (auto& typist : typists_) typist->use_terminal(terminal_name(), 0);
}

void PeopleAtWork::expect_together(std::chrono::seconds limit) {
  for (auto& typist : typists_) typist->rest();
  std::string why;
  const auto together = [&] {
    TypedTogether typed;
    for (std::size_t index = 0; index < 2; ++index) typed.reports[index] = typists_[index]->report();
    typed.document = bytes_of(home_ / live_path);
    typed.terminal = bytes_of(home_ / terminal_name());
    why = apart(typed);
    return why.empty();
  };
  EXPECT_TRUE(server::local::eventually(together, limit)) << why << "\n" << story();
  for (auto& typist : typists_) EXPECT_EQ(typist->broken(), "") << story();
}

std::size_t PeopleAtWork::typed() {
  std::size_t keys = 0;
  for (auto& typist : typists_) keys += typist->report().at("typed").get<std::size_t>();
  return keys;
}

int PeopleAtWork::connections() { return typists_[0]->connections() + typists_[1]->connections(); }

int PeopleAtWork::resumptions() { return typists_[0]->resumptions() + typists_[1]->resumptions(); }

std::string PeopleAtWork::text() { return typists_[0]->report().at("text"); }

std::string PeopleAtWork::story() const { return typists_[0]->story() + typists_[1]->story(); }

Visitor::Visitor(const Installation& installation, std::string workspace)
    : installation_(installation), workspace_(std::move(workspace)) {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      turn(++account_.turns);
      std::this_thread::sleep_for(between_turns);
    }
  });
}

void Visitor::turn(int number) {
  const auto text = "turn " + std::to_string(number);
  const auto target = "/workspaces/" + workspace_ + "/file?path=project/visitor.txt";
  ask(text + " PUT", [&] {
    const auto put = installation_.call("PUT", target, text);
    return put.status == 200 ? "" : put.head + put.body;
  });
  ask(text + " GET", [&] {
    const auto got = installation_.call("GET", target);
    return got.status == 200 && got.body == text ? "" : got.head + got.body;
  });
}

void Visitor::ask(const std::string& what, const std::function<std::string()>& once) {
  const auto until = std::chrono::steady_clock::now() + visitors_patience;
  for (;;) {
    std::string why;
    try {
      why = once();
    } catch (const std::exception& error) {
      why = error.what();
    }
    if (why.empty()) return;
    const bool last = std::chrono::steady_clock::now() >= until;
    (last ? account_.failures : account_.repeated).push_back(what + " " + why);
    if (last) return;
    std::this_thread::sleep_for(between_turns);
  }
}

Visitor::Account Visitor::account() {
  thread_.request_stop();
  thread_.join();
  return std::move(account_);
}

}  // namespace berth::test
