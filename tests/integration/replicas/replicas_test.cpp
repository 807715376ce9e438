// SPDX-License-Identifier: GPL-3.0-or-later
// Two and three servers as one: a workspace is reached through any of them; who dies, sleeps or leaves loses
// its work to the others, and people lose nothing.
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <future>
#include <iostream>
#include <mutex>
#include <thread>

#include "protocol/net/file_descriptor.hpp"
#include "replicas_fixture.hpp"

namespace berth::server::testing {
namespace {

using namespace std::chrono_literals;
using test::call;
using test::hello;

constexpr auto handover = 20s;  // of these, a dead server's time is 8

class ReplicasTest : public ::testing::Test {
 protected:
  void SetUp() override {
    first_ = std::make_unique<ReplicaProcess>(place_, "first");
    second_ = std::make_unique<ReplicaProcess>(place_, "second");
    token_ = first_->register_account("ann@example.org");
  }

  void TearDown() override {
    if (!HasFailure()) return;
    for (const auto* server : {first_.get(), second_.get(), third_.get()})
      if (server) std::cerr << "--- a server's log\n" << server->log();
  }

  std::string make_workspace(const ReplicaProcess& server) {
    const std::string id =
        json_of(server.call("POST", "/workspaces", token_, {{"name", "Test"}, {"template_id", "empty"}}))
            .at("id");
    EXPECT_TRUE(becomes(server, id, "running")) << server.log();
    return id;
  }
  std::string state(const ReplicaProcess& server, const std::string& id) {
    return json_of(server.call("GET", "/workspaces/" + id, token_)).at("state");
  }
  bool becomes(const ReplicaProcess& server, const std::string& id, const std::string& wanted) {
    return eventually([&] { return state(server, id) == wanted; }, handover);
  }
  int put(const ReplicaProcess& server, const std::string& id, const std::string& name,
          const std::string& text) {
    return server.call("PUT", "/workspaces/" + id + "/file?path=project/" + name, token_, Json(text)).status;
  }
  std::string get(const ReplicaProcess& server, const std::string& id, const std::string& name) {
    const auto reply = server.call("GET", "/workspaces/" + id + "/file?path=project/" + name, token_);
    return reply.status == 200 ? reply.body : "status " + std::to_string(reply.status) + reply.body;
  }
  /// "127.0.0.1:port" of the server that looks after it; "" while nobody living does.
  std::string holder(const std::string& id) {
    try {
      return place_.ask(
          "SELECT r.address FROM leases l JOIN replicas r ON r.id = l.holder AND r.until > "
          "EXTRACT(EPOCH FROM clock_timestamp()) * 1000 WHERE l.name = 'workspace/" +
          id + "'");
    } catch (const std::runtime_error&) {
      return {};
    }
  }
  int versions(const std::string& id) {
    return std::stoi(place_.ask("SELECT COUNT(*) FROM versions WHERE workspace = '" + id + "'"));
  }
  /// The file is in the newest version, which `server` shows.
  bool stored(const ReplicaProcess& server, const std::string& id, const std::string& name,
              const std::string& text) {
    return eventually(
        [&] {
          const auto list = server.call("GET", "/workspaces/" + id + "/versions", token_);
          if (list.status != 200) return false;
          const auto versions = json_of(list).at("versions");
          if (versions.empty()) return false;
          const std::string newest = versions.front().at("id");
          const auto file = server.call(
              "GET", "/workspaces/" + id + "/versions/" + newest + "/file?path=project/" + name, token_);
          return file.status == 200 && file.body == text;
        },
        handover);
  }

  SharedPlace place_;
  std::unique_ptr<ReplicaProcess> first_, second_, third_;
  std::string token_;
};

TEST_F(ReplicasTest, AWorkspaceIsReachedThroughEveryServer) {
  const auto id = make_workspace(*first_);
  EXPECT_EQ(holder(id), first_->address());
  EXPECT_EQ(state(*second_, id), "running");
  EXPECT_EQ(json_of(second_->call("GET", "/workspaces", token_)).at("workspaces").size(), 1u);
  EXPECT_EQ(put(*second_, id, "a.txt", "through the second"), 200);
  EXPECT_EQ(get(*first_, id, "a.txt"), "through the second");
  EXPECT_EQ(get(*second_, id, "a.txt"), "through the second");
  auto window = second_->connect(id, token_);
  hello(window);
  const auto opened = call(window, "document/open", {{"path", "project/a.txt"}});
  EXPECT_EQ(opened.at("text"), "through the second");
  // Stopped and started by the one that does not look after it.
  EXPECT_EQ(second_->call("POST", "/workspaces/" + id + "/stop", token_).status, 200);
  EXPECT_TRUE(becomes(*second_, id, "stopped"));
  EXPECT_TRUE(becomes(*first_, id, "stopped"));
  EXPECT_TRUE(window.wire().ends_within(10s));
  EXPECT_EQ(second_->call("POST", "/workspaces/" + id + "/start", token_).status, 200);
  EXPECT_TRUE(becomes(*second_, id, "running"));
  EXPECT_EQ(get(*second_, id, "a.txt"), "through the second");
  // A stranger is one everywhere, and what is not there is nowhere.
  const auto stranger = second_->register_account("bob@example.org");
  for (const auto* server : {first_.get(), second_.get()}) {
    EXPECT_EQ(server->call("POST", "/workspaces/" + id + "/stop", stranger).status, 404);
    EXPECT_EQ(server->call("GET", "/workspaces/" + id, stranger).status, 404);
    EXPECT_EQ(server->call("POST", "/workspaces/nothing/stop", token_).status, 404);
    EXPECT_EQ(server->call("GET", "/workspaces/nothing", token_).status, 404);
    EXPECT_EQ(server->call("POST", "/workspaces/" + id + "/stop", "").status, 401);
  }
  // Made from another one: by the server that has that one.
  const auto fork = json_of(second_->call(
      "POST", "/workspaces", token_, {{"name", "Fork"}, {"template_id", "empty"}, {"from_workspace", id}}));
  EXPECT_TRUE(becomes(*second_, fork.at("id"), "running"));
  const auto same =
      second_->call("POST", "/workspaces?again", token_,
                    {{"name", "Fork"}, {"template_id", "empty"}, {"from_workspace", id}, {"start", false}});
  EXPECT_EQ(same.status, 200) << "however the address is written: " << same.body;
  EXPECT_EQ(get(*second_, fork.at("id"), "a.txt"), "through the second");
  EXPECT_EQ(second_->call("DELETE", "/workspaces/" + id, token_).status, 200);
  EXPECT_EQ(first_->call("GET", "/workspaces/" + id, token_).status, 404);
  EXPECT_EQ(first_->terminate(), 0);
  EXPECT_EQ(second_->terminate(), 0);
}

TEST_F(ReplicasTest, AKilledServersWorkspacesGoOnAtAnotherAndNothingAcknowledgedIsLost) {
  const auto id = make_workspace(*first_);
  auto through_first = first_->connect(id, token_), through_second = second_->connect(id, token_);
  hello(through_first);
  hello(through_second);
  EXPECT_EQ(put(*first_, id, "a.txt", "begin"), 200);
  const auto opened = call(through_first, "document/open", {{"path", "project/a.txt"}});
  const std::string document = opened.at("document");
  const auto edited = call(through_first, "document/edit",
                           {{"document", document},
                            {"base_version", opened.at("version")},
                            {"operation_id", "author-1"},
                            {"operation", Json::array({5, " acknowledged"})}});
  first_->kill();
  EXPECT_TRUE(through_first.wire().ends_within(handover));
  // Whoever is connected through another one goes on as if nothing had happened.
  EXPECT_EQ(call(through_second, "document/open", {{"path", "project/a.txt"}}).at("text"),
            "begin acknowledged");
  // Who was cut off comes back there; what is asked of the workspace waits for its new server at most.
  auto again = second_->connect(id, token_);
  hello(again);
  EXPECT_EQ(call(again, "document/open", {{"path", "project/a.txt"}}).at("version"), edited.at("version"));
  call(again, "document/edit",
       {{"document", document},
        {"base_version", edited.at("version")},
        {"operation_id", "author-2"},
        {"operation", Json::array({18, " and more"})}});
  EXPECT_TRUE(eventually([&] { return holder(id) == second_->address(); }, handover)) << second_->log();
  EXPECT_EQ(put(*second_, id, "b.txt", "afterwards"), 200);
  EXPECT_TRUE(stored(*second_, id, "b.txt", "afterwards")) << second_->log();
  EXPECT_EQ(call(again, "document/open", {{"path", "project/a.txt"}}).at("text"),
            "begin acknowledged and more");
  EXPECT_EQ(second_->call("POST", "/workspaces/" + id + "/stop", token_).status, 200);
  EXPECT_TRUE(becomes(*second_, id, "stopped"));
  EXPECT_EQ(get(*second_, id, "a.txt"), "begin acknowledged and more");
  EXPECT_EQ(second_->terminate(), 0);
}

/// Asked at once after the death, a request waits for the handover instead of failing.
TEST_F(ReplicasTest, ARequestThatMeetsADeadServersWorkspaceWaitsForTheHandover) {
  const auto id = make_workspace(*first_);
  first_->kill();
  EXPECT_EQ(put(*second_, id, "a.txt", "waited"), 200);
  EXPECT_EQ(get(*second_, id, "a.txt"), "waited");
  EXPECT_EQ(holder(id), second_->address());
}

TEST_F(ReplicasTest, AServerThatSleptWritesNothingAboutWhatItLost) {
  const auto id = make_workspace(*first_);
  EXPECT_EQ(put(*first_, id, "a.txt", "one"), 200);
  EXPECT_TRUE(stored(*first_, id, "a.txt", "one"));
  const auto before = place_.ask("SELECT number FROM leases WHERE name = 'workspace/" + id + "'");
  first_->signal(SIGSTOP);
  EXPECT_EQ(put(*second_, id, "a.txt", "two"), 200);
  EXPECT_TRUE(stored(*second_, id, "a.txt", "two"));
  EXPECT_EQ(second_->call("POST", "/workspaces/" + id + "/stop", token_).status, 200);
  EXPECT_TRUE(becomes(*second_, id, "stopped"));
  const auto kept = versions(id);
  first_->signal(SIGCONT);
  // It takes part again under another name, and knows that the workspace is not its own any more.
  EXPECT_TRUE(eventually(
      [&] {
        return place_.ask(
                   "SELECT COUNT(*) FROM replicas WHERE until > EXTRACT(EPOCH FROM clock_timestamp()) "
                   "* 1000") == "2";
      },
      handover))
      << first_->log();
  EXPECT_EQ(state(*first_, id), "stopped");
  EXPECT_EQ(holder(id), second_->address());
  EXPECT_NE(place_.ask("SELECT number FROM leases WHERE name = 'workspace/" + id + "'"), before);
  EXPECT_EQ(get(*first_, id, "a.txt"), "two") << "the other answers";
  EXPECT_EQ(versions(id), kept);
  EXPECT_EQ(place_.ask("SELECT state FROM workspaces WHERE id = '" + id + "'"), "stopped");
  EXPECT_EQ(first_->call("POST", "/workspaces/" + id + "/start", token_).status, 200);
  EXPECT_TRUE(becomes(*first_, id, "running"));
  EXPECT_EQ(get(*first_, id, "a.txt"), "two");
  EXPECT_EQ(first_->terminate(), 0);
}

TEST_F(ReplicasTest, AServerThatIsToldToEndHandsOverAtOnceAndNoWorkspaceEnds) {
  const auto id = make_workspace(*first_);
  auto window = second_->connect(id, token_);
  hello(window);
  EXPECT_EQ(first_->terminate(), 0) << first_->log();
  EXPECT_EQ(place_.ask("SELECT COUNT(*) FROM replicas"), "1") << "nobody waits until it counts as dead";
  EXPECT_TRUE(eventually([&] { return holder(id) == second_->address(); }, handover));
  EXPECT_EQ(state(*second_, id), "running");
  EXPECT_EQ(put(*second_, id, "a.txt", "on"), 200);
  EXPECT_TRUE(stored(*second_, id, "a.txt", "on"));
  // A new one takes part, and is handed to in turn: a rolling update.
  third_ = std::make_unique<ReplicaProcess>(place_, "third");
  EXPECT_EQ(get(*third_, id, "a.txt"), "on");
  EXPECT_EQ(second_->terminate(), 0);
  EXPECT_TRUE(eventually([&] { return holder(id) == third_->address(); }, handover));
  EXPECT_EQ(state(*third_, id), "running");
  EXPECT_EQ(get(*third_, id, "a.txt"), "on");
  auto later = third_->connect(id, token_);
  hello(later);
  EXPECT_EQ(call(later, "document/open", {{"path", "project/a.txt"}}).at("text"), "on");
}

TEST_F(ReplicasTest, ASignOutOnOneServerEndsWindowsOnAnotherWithinASecond) {
  const auto id = make_workspace(*first_);
  auto stays = second_->connect(id, token_);
  hello(stays);
  auto best = std::chrono::steady_clock::duration::max();
  for (int round = 0; round < 8 && best > 1s;
       ++round) {  // a busy machine is slow now and then, a fault always
    const auto leaving = first_->sign_in("ann@example.org");
    auto ends = second_->connect(id, leaving);
    hello(ends);
    EXPECT_EQ(first_->call("POST", "/auth/sign_out", leaving).status, 200);
    const auto out = std::chrono::steady_clock::now();
    EXPECT_TRUE(ends.wire().ends_within(handover));
    best = std::min(best, std::chrono::steady_clock::now() - out);
    EXPECT_EQ(second_->call("GET", "/me", leaving).status, 401);
  }
  EXPECT_LT(best, 1s);
  EXPECT_EQ(call(stays, "file/list", {{"path", "project"}}).at("entries").size(), 0u);
}

TEST_F(ReplicasTest, SettingsAndKeysAndThrottlesAreOnes) {
  // The set-up link of either works on either.
  EXPECT_EQ(first_->setup_token(), second_->setup_token());
  const auto admin = json_of(second_->call("POST", "/setup", {},
                                           {{"token", first_->setup_token()},
                                            {"email", "root@example.org"},
                                            {"name", "Root"},
                                            {"password", "correct horse battery"}}));
  const std::string token = admin.at("access_token");
  EXPECT_EQ(first_->call("GET", "/me", token).status, 200) << "one key signs for all";
  EXPECT_EQ(first_->call("PATCH", "/settings", token, {{"running_per_account", 1}}).status, 200);
  EXPECT_TRUE(eventually(
      [&] { return json_of(second_->call("GET", "/settings", token)).at("running_per_account") == 1; },
      handover));
  make_workspace(*first_);
  EXPECT_EQ(
      second_->call("POST", "/workspaces", token_, {{"name", "Second"}, {"template_id", "empty"}}).status,
      429)
      << "one runs already, at the other";
  // Guesses at one and at the other add up: five are free.
  int refused = 0;
  for (int i = 0; i < 8 && refused == 0; ++i) {
    const auto& server = i % 2 ? *first_ : *second_;
    const auto said = server.call("POST", "/auth/sign_in", {},
                                  {{"email", "root@example.org"}, {"password", "wrong horse battery"}});
    if (said.status == 429) refused = i;
  }
  EXPECT_EQ(refused, 5);
}

TEST_F(ReplicasTest, ThreeServersShareTheWorkAndOneCollects) {
  third_ = std::make_unique<ReplicaProcess>(place_, "third");
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(make_workspace(i == 0 ? *first_ : i == 1 ? *second_ : *third_));
  EXPECT_EQ(holder(ids[0]), first_->address());
  EXPECT_EQ(holder(ids[2]), third_->address());
  EXPECT_TRUE(eventually(
      [&] {
        return place_.ask("SELECT COUNT(*) FROM leases WHERE name = 'cluster' AND holder <> ''") == "1";
      },
      handover));
  first_->kill();
  third_->kill();
  for (const auto& id : ids)
    EXPECT_TRUE(eventually([&] { return holder(id) == second_->address(); }, handover)) << second_->log();
  for (const auto& id : ids) EXPECT_EQ(put(*second_, id, "x", "y"), 200);
}

/// Whoever knows an id, or guesses, makes no server look for it, nor take it over.
TEST_F(ReplicasTest, WhoIsNotSignedInMovesNothing) {
  const auto id = make_workspace(*first_);
  EXPECT_EQ(first_->call("POST", "/workspaces/" + id + "/stop", token_).status, 200);
  ASSERT_TRUE(becomes(*first_, id, "stopped"));
  EXPECT_EQ(first_->terminate(), 0);
  ASSERT_EQ(holder(id), "");
  for (const auto* credential : {"", "wrong"})
    EXPECT_EQ(second_->call("POST", "/workspaces/" + id + "/start", credential).status, 401);
  EXPECT_EQ(holder(id), "");
  EXPECT_EQ(second_->call("POST", "/workspaces/" + id + "/start", token_).status, 200);
  EXPECT_EQ(holder(id), second_->address());
}

/// Takes connections and answers everything with success; keeps what it was sent.
class Impostor {
 public:
  Impostor() {
    thread_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        pollfd ready{listener_.get(), POLLIN, 0};
        if (::poll(&ready, 1, 20) != 1) continue;
        const net::FileDescriptor one(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        char piece[4096];
        while (!stop.stop_requested()) {
          pollfd readable{one.get(), POLLIN, 0};
          if (::poll(&readable, 1, 20) != 1) continue;
          const auto got = ::recv(one.get(), piece, sizeof piece, 0);
          if (got <= 0) break;
          const std::lock_guard lock(mutex_);
          heard_.append(piece, static_cast<std::size_t>(got));
          const std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
          (void)::send(one.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
        }
      }
    });
  }
  std::string heard() {
    const std::lock_guard lock(mutex_);
    return heard_;
  }
  std::uint16_t port() const { return port_; }

 private:
  net::FileDescriptor listen() {
    net::FileDescriptor made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(made.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(made.get(), 8) != 0 ||
        ::getsockname(made.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error("no port");
    port_ = ntohs(address.sin_port);
    return made;
  }
  std::uint16_t port_ = 0;
  net::FileDescriptor listener_ = listen();
  std::mutex mutex_;
  std::string heard_;
  std::jthread thread_;
};

/// A server's address may be somebody else's by now: a pod's, for one.
TEST_F(ReplicasTest, WhoeverListensAtAServersAddressIsSentNobodysCredentials) {
  const auto id = make_workspace(*first_);
  Impostor impostor;
  const auto put_address = [&](const std::string& address) {
    place_.ask("UPDATE replicas SET address = '" + address + "' WHERE address <> '" + second_->address() +
               "'");
  };
  put_address("127.0.0.1:" + std::to_string(impostor.port()));
  auto putting = std::async(std::launch::async, [&] { return put(*second_, id, "a.txt", "secret words"); });
  EXPECT_TRUE(eventually([&] { return !impostor.heard().empty(); }, handover));
  put_address(first_->address());
  EXPECT_EQ(putting.get(), 200) << "it goes to the right one as soon as that is known";
  EXPECT_EQ(get(*first_, id, "a.txt"), "secret words");
  const auto heard = impostor.heard();
  EXPECT_EQ(heard.find(token_), heard.npos);
  EXPECT_EQ(heard.find("secret words"), heard.npos);
}

TEST_F(ReplicasTest, ARequestWhoseServerFallsAsleepEnds) {
  const auto id = make_workspace(*first_);
  auto wire = test::Wire::connect_tcp(second_->port());
  wire.send("PUT /api/v1/workspaces/" + id + "/file?path=project/a.txt HTTP/1.1\r\nHost: " + second_->host() +
            "\r\nBerth-Client: native\r\nAuthorization: Bearer " + token_ +
            "\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n");
  wire.receive_until("100 Continue");
  first_->signal(SIGSTOP);
  EXPECT_TRUE(wire.ends_within(handover)) << "it would wait for ever";
  first_->signal(SIGCONT);
}

TEST_F(ReplicasTest, ASecondServerWithAnotherKeyIsRefused) {
  const auto other = place_.folder() / "other";
  std::filesystem::create_directories(other);
  std::ofstream(other / "server.key") << std::string(32, 'k');
  std::filesystem::permissions(other / "server.key", std::filesystem::perms::owner_read);
  try {
    const ReplicaProcess refused(place_, "other");
    FAIL() << "it started";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("another key"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace berth::server::testing
