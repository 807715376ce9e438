// SPDX-License-Identifier: GPL-3.0-or-later
// Who uses an installation while a test does something to it: two people who type into one document and one
// terminal, through whichever replicas the service gives them, and a third who asks and writes over HTTP.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "installation.hpp"
#include "tests/integration/server/berthd_process.hpp"
#include "tests/network/typist.hpp"

namespace berth::test {

class PeopleAtWork {
 public:
  /// In a new workspace; both have the text and the terminal, and rest. Throws.
  explicit PeopleAtWork(const Installation& installation);

  const std::string& workspace() const { return workspace_; }
  /// A key every so many ms.
  void type(int mean_milliseconds);
  /// Another terminal, as the last one went with its runner.
  void new_terminal();
  /// Waits until both are connected and rest, have one text without a key lost or doubled, the file on the
  /// volume holds it, and the terminal has every key and showed every byte; fails the test where that does
  /// not come about.
  void expect_together(std::chrono::seconds limit = std::chrono::seconds(60));
  /// Keys of the document that both have typed.
  std::size_t typed();
  /// How often they have been connected, and how often of these the session of before went on.
  int connections();
  int resumptions();
  /// What both have, once they are together.
  std::string text();
  std::string story() const;

 private:
  std::string terminal_name() const { return "keys-" + std::to_string(terminals_); }

  const Installation& installation_;
  const std::string workspace_;
  const std::filesystem::path home_;
  server::testing::DataPlace folders_;
  std::array<std::unique_ptr<Typist>, 2> typists_;
  int terminals_ = 0;
};

/// Writes a file and reads it again, some times a second, until it is asked how that went. What fails is
/// asked again for some seconds, as clients do while a workspace changes hands.
class Visitor {
 public:
  Visitor(const Installation& installation, std::string workspace);
  /// Ends it.
  struct Account {
    int turns = 0;
    std::vector<std::string> repeated;  // what was asked again, and why
    std::vector<std::string> failures;  // what did not succeed for all that
  };
  Account account();

 private:
  void turn(int number);
  void ask(const std::string& what, const std::function<std::string()>& once);

  const Installation& installation_;
  const std::string workspace_;
  Account account_;
  std::jthread thread_;
};

}  // namespace berth::test
