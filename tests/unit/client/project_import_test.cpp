// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/project_import.hpp"

#include <gtest/gtest.h>

#include "client/core/workspace_connection.hpp"
#include "fake_runner.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using client::ProjectImport;

class ProjectImportTest : public testing::Test {
 protected:
  void SetUp() override {
    link.open();
    ASSERT_TRUE(wait_for([this] { return link.online(); }));
  }
  void tell(const std::string& text, std::optional<double> percent, bool finished,
            std::optional<std::string> problem = {}) {
    runner.notify<protocol::WorkspaceImport>({text, percent, finished, std::move(problem)});
  }

  FakeRunner runner;
  client::WorkspaceConnection link{runner.dialSource()};
  ProjectImport progress{&link};
};

TEST_F(ProjectImportTest, GoesOnUntilItsGoodEnd) {
  EXPECT_FALSE(progress.now());
  tell("Receiving objects: 40%", 40, false);
  ASSERT_TRUE(wait_for([this] { return progress.now().has_value(); }));
  EXPECT_EQ(progress.now()->percent, 40);
  tell("Cloned", 100, true);
  EXPECT_TRUE(wait_for([this] { return !progress.now(); }));
}

TEST_F(ProjectImportTest, AFailureStaysUntilItWasSeen) {
  tell("", {}, true, "The import failed: there is no such repository.");
  ASSERT_TRUE(wait_for([this] { return progress.now() && progress.now()->problem; }));
  progress.dismiss();
  EXPECT_FALSE(progress.now());
}

TEST_F(ProjectImportTest, OneThatEndedWhileNobodyWasConnectedIsForgotten) {
  tell("Unpacking", {}, false);
  ASSERT_TRUE(wait_for([this] { return progress.now().has_value(); }));
  runner.drop();
  EXPECT_TRUE(wait_for([this] { return !link.online(); }));
  EXPECT_TRUE(wait_for([this] { return link.online() && !progress.now(); }));
}

}  // namespace
}  // namespace berth::test
