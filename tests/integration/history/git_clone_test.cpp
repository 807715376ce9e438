// SPDX-License-Identifier: GPL-3.0-or-later
// A git URL becomes a workspace: over a real network, from a real git daemon.
#include "git_neighbour.hpp"
#include "history_place.hpp"

namespace berth::server::testing {
namespace {

using protocol::Json;
using ::testing::HasSubstr;

/// The network comes before any thread, and stays as long as the process.
class WithNeighbour {
 public:
  WithNeighbour() : neighbour_(repositories()) {}
  static DataPlace& place() {
    static DataPlace repositories;
    return repositories;
  }

 private:
  static std::filesystem::path repositories() {
    const auto command = "cd '" + place().path().string() +
                         "' && git init -q -b main work && cd work && echo hello > hello.txt && mkdir sub && "
                         "printf '#!/bin/sh\\n' > sub/run && chmod +x sub/run && git add . && "
                         "git -c user.name=t -c user.email=t@example.org commit -q -m first";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("no repository");
    return place().path();
  }
  GitNeighbour neighbour_;
};

class GitCloneTest : public HistoryPlace {
 protected:
  GitCloneTest() : HistoryPlace({"--workspace-allow", GitNeighbour::address}) {}
  Reply clone(const std::string& url) {
    return ask("POST", "/api/v1/workspaces",
               {{"name", "clone"}, {"template_id", "python"}, {"git_url", url}});
  }
};

TEST_F(GitCloneTest, ARepositoryIsClonedIntoTheProject) {
  const auto reply = clone(std::string(GitNeighbour::url) + "work");
  ASSERT_EQ(reply.status, 200) << reply.body;
  const std::string id = json_of(reply)["id"];
  EXPECT_TRUE(
      test::eventually([&] { return get(id, "project/hello.txt") == "hello\n"; }, std::chrono::seconds(30)));
  EXPECT_EQ(get(id, "project/sub/run"), "#!/bin/sh\n");
  EXPECT_NE(get(id, "project/.git/HEAD"), "status 404");
  EXPECT_EQ(get(id, "project/main.py"), "status 404") << "the template's files are not mixed in";
  const auto version = keep(id, "cloned");
  EXPECT_EQ(old(id, version, "project/hello.txt"), "hello\n");
}

TEST_F(GitCloneTest, WhyACloneFailedIsTold) {
  const auto reply = clone(std::string(GitNeighbour::url) + "no-such-repository");
  ASSERT_EQ(reply.status, 200) << reply.body;
  const std::string id = json_of(reply)["id"];
  EXPECT_TRUE(test::eventually([&] { return !import_problem(id).empty(); }, std::chrono::seconds(30)));
  EXPECT_THAT(import_problem(id), HasSubstr("The import failed"));
  EXPECT_EQ(json_of(ask("GET", at(id)))["state"], "running");
}

TEST_F(GitCloneTest, WhatIsNoRepositorysUrlMakesNothing) {
  for (const std::string url : {"file:///etc", "/etc", "-oProxyCommand=id", "ext::sh -c id",
                                "ssh://-oProxyCommand=id/x", "https://person:secret@example.org/x", ""}) {
    const auto reply = clone(url);
    EXPECT_EQ(reply.status, 400) << url;
    EXPECT_THAT(reply.body, HasSubstr("body.git_url")) << url;
  }
  EXPECT_TRUE(good("GET", "/api/v1/workspaces")["workspaces"].empty());
}

}  // namespace
}  // namespace berth::server::testing

int main(int argc, char** argv) {
  ::testing::InitGoogleMock(&argc, argv);
  if (::testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();
  const berth::server::testing::WithNeighbour network;
  return RUN_ALL_TESTS();
}
