// SPDX-License-Identifier: GPL-3.0-or-later
// Imports over the death of berthd: what had not begun begins, what can't is said, nothing half passes for
// the whole.
#include <cstdlib>

#include "history_place.hpp"

namespace berth::server::testing {
namespace {

using protocol::Json;
using ::testing::HasSubstr;

class ImportInterruptedTest : public HistoryPlace {
 protected:
  void restart() { server = std::make_unique<BerthdProcess>(place); }
  /// Ends the server and starts one that dies at `point`.
  void restart_to_die_at(const std::string& point) {
    server.reset();
    ::setenv("BERTH_FAULT_POINT", point.c_str(), 1);
    restart();
    ::unsetenv("BERTH_FAULT_POINT");
  }
  /// The one workspace there is; null while there is none.
  Json only_workspace() {
    const auto all = good("GET", "/api/v1/workspaces")["workspaces"];
    return all.empty() ? Json() : all.front();
  }
  bool becomes(const std::string& state) {
    return test::eventually(
        [&] {
          const auto now = only_workspace();
          return !now.is_null() && now["state"] == state;
        },
        std::chrono::seconds(30));
  }
  /// Files so named, in every home.
  std::string on_disk(const std::string& pattern) {
    return run("find '" + place.path().string() + "' -path '*/trash' -prune -o -name '" + pattern +
               "' -print");
  }
  std::string archive() {
    const auto folder = place.path() / "source";
    write(folder / "a.txt", "whole");
    for (int i = 0; i < 300; ++i) write(folder / "many" / std::to_string(i), std::to_string(i));
    run("cd '" + folder.string() + "' && tar -czf ../a.tgz *");
    return text_of(place.path() / "a.tgz");
  }
  /// Begins a request that its server does not live to answer.
  void ask_and_lose(const std::string& method, const std::string& target, const std::string& body,
                    const std::string& type) {
    auto wire = Wire::connect_tcp(server->port());
    wire.send(method + " " + target + " HTTP/1.1\r\nHost: " + server->host() + "\r\nAuthorization: Bearer " +
              token + "\r\nContent-Type: " + type + "\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\n\r\n" + body);
    try {
      (void)wire.receive_until("\r\n\r\n");
      ADD_FAILURE() << "it was answered";
    } catch (const std::exception&) {
    }
    server->crash();
  }
};

TEST_F(ImportInterruptedTest, AnUploadThatDidNotComeWholeIsSaidToBeBrokenAndCanBeDeleted) {
  {
    auto wire = Wire::connect_tcp(server->port());
    wire.send("POST /api/v1/workspaces/import?name=cut&template_id=python&format=zip HTTP/1.1\r\nHost: " +
              server->host() + "\r\nAuthorization: Bearer " + token +
              "\r\nContent-Length: 1000000\r\n\r\nPK");
    ASSERT_TRUE(becomes("running"));
    server->crash();
  }
  restart();
  ASSERT_TRUE(becomes("stopped")) << only_workspace().dump();
  const auto broken = only_workspace();
  EXPECT_THAT(broken["reason"].get<std::string>(), HasSubstr("upload of its files was interrupted"));
  const auto again = good("POST", at(broken["id"], "/start"));
  EXPECT_EQ(again["state"], "failed") << "it would be an empty project that looks whole";
  EXPECT_THAT(again["reason"].get<std::string>(), HasSubstr("Delete this workspace and upload them again"));
  EXPECT_EQ(ask("DELETE", at(broken["id"])).status, 200);
}

TEST_F(ImportInterruptedTest, AnUploadThatFindsFilesInTheProjectIsRemovedAndItIsSaid) {
  const auto bytes = archive();
  auto wire = Wire::connect_tcp(server->port());
  wire.send("POST /api/v1/workspaces/import?name=up&template_id=python&format=tar.gz HTTP/1.1\r\nHost: " +
            server->host() + "\r\nAuthorization: Bearer " + token + "\r\nContent-Length: " +
            std::to_string(bytes.size()) + "\r\n\r\n" + bytes.substr(0, bytes.size() - 1));
  ASSERT_TRUE(becomes("running"));
  const std::string id = only_workspace()["id"];
  put(id, "project/x", "mine");
  ASSERT_THAT(on_disk("x"), HasSubstr("project/x")) << "homes are looked through";
  wire.send(bytes.substr(bytes.size() - 1));
  EXPECT_THAT(wire.receive_until("\r\n\r\n"), HasSubstr(" 200 ")) << "the workspace stays: it has a file";
  EXPECT_THAT(import_problem(id), HasSubstr("not empty"));
  EXPECT_EQ(get(id, "project/x"), "mine");
  EXPECT_EQ(get(id, "project/a.txt"), "status 404");
  EXPECT_EQ(on_disk(".berth-write-*"), "") << "it would take its room for ever, and nobody sees it";
}

TEST_F(ImportInterruptedTest, AnUploadThatCameWholeIsUnpackedByTheNextServer) {
  const auto bytes = archive();
  for (const std::string point : {"import.begin:1", "import.begun:1"}) {
    restart_to_die_at(point);
    ask_and_lose("POST", "/api/v1/workspaces/import?name=up&template_id=python&format=tar.gz", bytes,
                 "application/octet-stream");
    restart();
    ASSERT_TRUE(becomes("running")) << point << " " << only_workspace().dump();
    const std::string id = only_workspace()["id"];
    EXPECT_TRUE(
        test::eventually([&] { return get(id, "project/a.txt") == "whole"; }, std::chrono::seconds(30)))
        << point << " " << only_workspace().dump();
    EXPECT_EQ(get(id, "project/many/299"), "299") << "it appears whole";
    EXPECT_EQ(get(id, "project/main.py"), "status 404") << "without the template's files";
    EXPECT_EQ(good("GET", at(id, "/files"))["entries"].size(), 1u) << "the upload is deleted";
    ASSERT_EQ(ask("DELETE", at(id)).status, 200);
  }
}

TEST_F(ImportInterruptedTest, ACloneBeginsWithTheNextServer) {
  // Nothing listens there: that the clone fails for that reason shows that it was tried.
  const Json body{{"name", "clone"}, {"template_id", "python"}, {"git_url", "http://127.0.0.1:9/x.git"}};
  restart_to_die_at("import.begin:1");
  ask_and_lose("POST", "/api/v1/workspaces", body.dump(), "application/json");
  restart();
  ASSERT_TRUE(becomes("running")) << only_workspace().dump();
  const std::string id = only_workspace()["id"];
  EXPECT_TRUE(test::eventually([&] { return !import_problem(id).empty(); }, std::chrono::seconds(30)));
  EXPECT_THAT(import_problem(id), HasSubstr("127.0.0.1"));
  EXPECT_EQ(get(id, "project/main.py"), "status 404") << "without the template's files";
  // Also after the workspace itself was started anew.
  ASSERT_EQ(good("POST", at(id, "/stop"))["state"], "stopped");
  ASSERT_EQ(good("POST", at(id, "/start"))["state"], "running");
  EXPECT_TRUE(test::eventually([&] { return !import_problem(id).empty(); }, std::chrono::seconds(10)));
}

}  // namespace
}  // namespace berth::server::testing
