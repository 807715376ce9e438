// SPDX-License-Identifier: GPL-3.0-or-later
// berthd is killed and started again at any moment, round after round, while workspaces run: they are
// adopted, nothing that was acknowledged is lost, and no container is left behind.
#include <gmock/gmock.h>

#include <map>
#include <thread>

#include "berthd_process.hpp"
#include "tests/integration/gateway/gateway_fixture.hpp"
#include "tests/soak.hpp"

namespace berth::server::testing {
namespace {

using protocol::Json;
using test::eventually;
using test::Soak;
namespace fs = std::filesystem;

std::string file_text(const fs::path& file) {
  std::string text;
  std::FILE* in = std::fopen(file.c_str(), "r");
  if (!in) return text;
  char part[4096];
  for (std::size_t got; (got = std::fread(part, 1, sizeof part, in)) > 0;) text.append(part, got);
  std::fclose(in);
  return text;
}

/// How many runners of this workspace the kernel knows.
int runners_of(const std::string& workspace) {
  int count = 0;
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator("/proc", gone)) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (file_text(entry.path() / "cmdline").starts_with("/.berth/berth-runner") &&
        file_text(entry.path() / "mountinfo").find(workspace) != std::string::npos)
      ++count;
  }
  return count;
}

class BerthdSoak : public ::testing::Test {
 protected:
  /// A file whose last acknowledged content must be there; or the one whose answer did not come.
  struct File {
    std::string content;
    std::optional<std::string> unanswered;
  };
  struct Work {
    std::string id;
    Json started;  // null when it may have been stopped since
    std::map<std::string, File> files;
    std::uint64_t ticks = 0;
    bool restless = false;  // also stopped and started
  };

  void start_server() {
    server_ = std::make_unique<BerthdProcess>(place_);
    const auto reply = call(*server_, "POST", "/api/v1/auth/sign_in", {},
                            {{"email", "ann@example.org"}, {"password", test_password}});
    ASSERT_EQ(reply.status, 200) << reply.body;
    token_ = json_of(reply)["access_token"];
  }
  Reply ask(const std::string& method, const std::string& target, const Json& body = nullptr) {
    return call(*server_, method, target, token_, body);
  }
  Reply file(const std::string& method, const Work& work, const std::string& name,
             const std::string& body = {}) {
    return fetch(server_->port(), method, "/api/v1/workspaces/" + work.id + "/file?path=project/" + name,
                 {{"Host", server_->host()}, {"Authorization", "Bearer " + token_}}, body);
  }
  Json state_of(const Work& work) { return json_of(ask("GET", "/api/v1/workspaces/" + work.id)); }

  Work make_workspace(bool restless) {
    const auto made =
        ask("POST", "/api/v1/workspaces",
            {{"name", restless ? "restless" : "steady"}, {"template_id", "empty"}, {"start", true}});
    EXPECT_EQ(made.status, 200) << made.body;
    Work work{json_of(made)["id"], json_of(made)["started"], {}, 0, restless};
    if (!restless) start_clock(work);
    return work;
  }

  /// A program in a terminal that nobody watches, which tells by a growing file that it still runs.
  void start_clock(const Work& work) {
    auto wire = Wire::connect_tcp(server_->port());
    wire.send(test::request_text(
        "GET", "/api/v1/workspaces/" + work.id + "/connect",
        test::websocket_fields(server_->host(), {{"Authorization", "Bearer " + token_},
                                                 {"Sec-WebSocket-Protocol", "berth.v1"}})));
    ASSERT_EQ(test::read_reply(wire).status, 101);
    test::WebSocket socket(std::move(wire));
    test::hello(socket);
    test::call(socket, "terminal/open",
               {{"columns", 80}, {"rows", 24}, {"command", "while sleep 0.05; do echo >> ticks; done"}});
  }

  /// What must hold after every start.
  void expect_nothing_lost(Work& work) {
    const auto now = state_of(work);
    if (!work.started.is_null()) {
      ASSERT_EQ(now["state"], "running") << now << server_->log();
      ASSERT_EQ(now["started"], work.started) << "started anew, not adopted";
    } else if (now["state"] != "running") {
      ASSERT_EQ(ask("POST", "/api/v1/workspaces/" + work.id + "/start").status, 200) << now;
    }
    ASSERT_TRUE(eventually([&] { return runners_of(work.id) == 1; })) << runners_of(work.id);
    work.started = state_of(work)["started"];
    for (auto& [name, one] : work.files) {
      const auto got = file("GET", work, name);
      if (one.unanswered && got.status == 200 && got.body == *one.unanswered) one.content = *one.unanswered;
      one.unanswered.reset();
      if (one.content.empty() && got.status == 404) continue;  // never acknowledged
      ASSERT_EQ(got.status, 200) << name << " " << got.body;
      ASSERT_TRUE(got.body == one.content) << name;
    }
    if (work.restless) return;
    const auto before = work.ticks;
    ASSERT_TRUE(eventually([&] {
      work.ticks = file("GET", work, "ticks").body.size();
      return work.ticks > before;
    })) << "its programs no longer run";
  }

  /// Random requests until one is not answered.
  void work_until_it_dies(std::vector<Work>& all, Soak& soak) {
    const std::jthread kill([this, after = soak.time_below(std::chrono::milliseconds(500))] {
      std::this_thread::sleep_for(after);
      server_->crash();
    });
    try {
      for (;;) {
        auto& work = all[soak.below(all.size())];
        if (work.restless && soak.one_in(3)) {
          work.started = nullptr;
          (void)ask("POST", "/api/v1/workspaces/" + work.id + (soak.one_in(2) ? "/stop" : "/start"));
          continue;
        }
        const auto name = "file-" + std::to_string(soak.below(5));
        auto& one = work.files[name];
        std::string content(soak.below(200'000) + 1, static_cast<char>('a' + soak.below(26)));
        one.unanswered = content;
        const auto put = file("PUT", work, name, content);
        // While it stops or starts there is nobody to take a file, and the answer says so.
        if (put.status == 200)
          one.content = std::move(content);
        else
          ASSERT_TRUE(work.restless) << put.status << put.body;
        one.unanswered.reset();
      }
    } catch (const std::runtime_error&) {
      // The server is gone.
    }
  }

  DataPlace place_;
  std::unique_ptr<BerthdProcess> server_;
  std::string token_;
};

TEST_F(BerthdSoak, kills_of_the_server_lose_nothing_and_leave_no_container) {
  Soak soak(5, 400);
  server_ = std::make_unique<BerthdProcess>(place_);
  token_ = register_account(*server_, "ann@example.org")["access_token"];
  std::vector<Work> all;
  all.push_back(make_workspace(false));
  all.push_back(make_workspace(true));
  for (int round = 0; round < soak.rounds() && !HasFatalFailure(); ++round) {
    SCOPED_TRACE(soak.where(round));
    soak.tell(round);
    work_until_it_dies(all, soak);
    if (HasFatalFailure()) break;
    start_server();
    for (auto& work : all)
      if (!HasFatalFailure()) expect_nothing_lost(work);
  }
  for (const auto& work : all) {
    EXPECT_EQ(ask("DELETE", "/api/v1/workspaces/" + work.id).status, 200);
    EXPECT_TRUE(eventually([&] { return runners_of(work.id) == 0; })) << "an orphan";
    EXPECT_FALSE(fs::exists(place_.path() / "data/workspaces" / work.id));
    EXPECT_FALSE(fs::exists(place_.path() / "data/run/ws" / work.id));
  }
}

}  // namespace
}  // namespace berth::server::testing
