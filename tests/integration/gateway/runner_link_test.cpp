// SPDX-License-Identifier: GPL-3.0-or-later
// The server's control link, as the file routes and stopping a workspace use it: a real runner at the other
// end.
#include <gtest/gtest.h>

#include <thread>

#include "gateway_fixture.hpp"

namespace berth::test {
namespace {

using protocol::Json;
using namespace std::chrono_literals;

class RunnerLink : public GatewayTest {
 protected:
  static Reply file(std::string_view method, const std::string& path, std::string_view body = {},
                    Fields more = {}) {
    more.insert(more.begin(), {{"Host", server().host()}, {"Authorization", "Bearer " + owner().token}});
    if (method == "PUT" && body.empty()) more.emplace_back("Content-Length", "0");
    return fetch(server().port(), method, "/api/v1/workspaces/" + workspace() + "/file?path=" + path, more,
                 body);
  }
  static std::string pattern(std::size_t size) {
    std::string out(size, '\0');
    std::uint32_t state = 1;
    for (auto& byte : out) byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
    return out;
  }
};

TEST_F(RunnerLink, WritesReadsListsAndDeletesFiles) {
  const auto put = file("PUT", "project/a.txt", "some text");
  ASSERT_LT(put.status, 300) << put.body;
  const auto got = file("GET", "project/a.txt");
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, "some text");
  EXPECT_FALSE(got.field("ETag").empty());
  const auto list = api("GET", "/workspaces/" + workspace() + "/files?path=project", owner());
  EXPECT_TRUE(list.body.contains("\"a.txt\"")) << list.body;
  EXPECT_EQ(file("GET", "project/a.txt", {}, {{"Range", "bytes=5-8"}}).body, "text");
  EXPECT_LT(file("DELETE", "project/a.txt").status, 300);
  EXPECT_EQ(file("GET", "project/a.txt").status, 404);
}

TEST_F(RunnerLink, MovesLargeFilesInConstantMemory) {
  const auto bytes = pattern(48u << 20);
  const auto before = server().memory();
  // Where nothing is stored as a version: packs under way would be measured with it.
  const auto put = file("PUT", ".cache/large.bin", bytes);
  ASSERT_LT(put.status, 300) << put.body;
  const auto got = file("GET", ".cache/large.bin");
  EXPECT_TRUE(got.body == bytes) << got.head << got.body.size();
  EXPECT_LT(server().memory(), before + 8192) << "KiB";
}

TEST_F(RunnerLink, EmptyFilesAndStaleEtagsAreNoSpecialCases) {
  ASSERT_LT(file("PUT", "project/empty.txt").status, 300);
  const auto got = file("GET", "project/empty.txt");
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, "");
  const auto refused = file("PUT", "project/empty.txt", "x", {{"If-Match", "\"stale\""}});
  EXPECT_GE(refused.status, 400);
  EXPECT_EQ(file("GET", "project/empty.txt").body, "");
  EXPECT_GE(file("PUT", "project/empty.txt", "x", {{"If-None-Match", "*"}}).status, 400);
}

TEST_F(RunnerLink, PathsOutsideHomeAreRefusedByTheRunner) {
  for (const auto* path : {"../../../../etc/passwd", "/etc/passwd", "project/../../x", "%00"}) {
    const auto got = file("GET", path);
    EXPECT_GE(got.status, 400) << path;
    EXPECT_FALSE(got.body.contains("root:")) << path;
    EXPECT_GE(file("PUT", path, "x").status, 400) << path;
  }
}

TEST_F(RunnerLink, AnAbandonedWriteLeavesTheOldFile) {
  ASSERT_LT(file("PUT", "project/kept.txt", "old").status, 300);
  {
    auto wire = Wire::connect_tcp(server().port());
    wire.send(request_text("PUT", "/api/v1/workspaces/" + workspace() + "/file?path=project/kept.txt",
                           {{"Host", server().host()},
                            {"Authorization", "Bearer " + owner().token},
                            {"Content-Length", "100000000"}}));
    wire.send(std::string(1u << 20, 'n'));
  }
  EXPECT_TRUE(eventually([&] { return file("GET", "project/kept.txt").body == "old"; }));
  ASSERT_LT(file("PUT", "project/kept.txt", "new").status, 300) << "the link goes on";
  EXPECT_EQ(file("GET", "project/kept.txt").body, "new");
}

TEST_F(RunnerLink, ComesBackAfterAStopAndAStart) {
  ASSERT_LT(file("PUT", "project/stays.txt", "here").status, 300);
  ASSERT_LT(api("POST", "/workspaces/" + workspace() + "/stop", owner()).status, 300);
  EXPECT_EQ(file("GET", "project/stays.txt").body, "here") << "from the home while it is stopped";
  ASSERT_LT(api("POST", "/workspaces/" + workspace() + "/start", owner()).status, 300);
  EXPECT_EQ(file("GET", "project/stays.txt").body, "here");
}

TEST_F(RunnerLink, ManyTransfersShareIt) {
  const auto bytes = pattern(2u << 20);
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      const auto path = "project/shared" + std::to_string(i);
      if (file("PUT", path, bytes).status < 300 && file("GET", path).body == bytes) ++good;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 8);
}

}  // namespace
}  // namespace berth::test
