// SPDX-License-Identifier: GPL-3.0-or-later
// A real berthd with a real OpenID provider, a person who signed in by it through a browser, and their
// machine, on which berthctl is signed in.
#pragma once

#include <gmock/gmock.h>

#include "program.hpp"
#include "tests/accounts/sign_in_fixture.hpp"

namespace berth::test {

class World {
 public:
  World();
  ~World();

  /// Signs a browser in by the provider.
  void enter(server::testing::Browser& browser, const std::string& login = "ann");
  /// Agrees in `browser` to what berthctl's page asks, as by a click, and goes where that leads.
  void decide(server::testing::Browser& browser, const std::string& page, bool allow);
  /// Signs `machine` in, by the browser.
  void sign_in(const Machine& machine, const std::string& login = "ann");
  const std::string& origin() const { return origin_; }

  server::testing::DataPlace place;
  server::testing::NodeProgram provider{"openid_provider.mjs", {"RS256"}};
  std::unique_ptr<server::testing::BerthdProcess> berthd;
  Machine ann;

 private:
  std::string origin_;
};

/// The page that berthctl printed.
std::string page_in(const std::string& text);

/// One world for all tests of the program; each makes what it needs in it.
class CliTest : public ::testing::Test {
 public:
  static void SetUpTestSuite();

 protected:
  static World& world() { return *world_; }
  static Ended ctl(std::vector<std::string> arguments, std::string_view input = {}) {
    return run(world().ann, std::move(arguments), input);
  }
  /// With --json; fails the test unless it ends well.
  static protocol::Json json(std::vector<std::string> arguments);
  /// A running workspace that the tests of a kind share.
  static const std::string& running();

 private:
  friend class WorldEnd;
  static inline std::unique_ptr<World> world_;
  static inline std::string running_;
};

}  // namespace berth::test
