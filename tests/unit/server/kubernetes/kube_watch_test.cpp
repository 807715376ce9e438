// SPDX-License-Identifier: GPL-3.0-or-later
// A watch: what it tells, and how it goes on whatever becomes of its connection.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>

#include "scripted_server.hpp"
#include "server/backends/kubernetes/kube_client.hpp"

namespace berth::server::kubernetes {
namespace {

using namespace std::chrono_literals;
using test::ScriptedConnection;
using test::ScriptedRequest;
using test::ScriptedServer;
using testing::ElementsAre;
using testing::HasSubstr;

std::string event_line(const char* type, const std::string& name, int version) {
  return protocol::to_text(
             {{"type", type},
              {"object", {{"metadata", {{"name", name}, {"resourceVersion", std::to_string(version)}}}}}}) +
         "\n";
}

std::string list_body(int version, std::initializer_list<const char*> names = {}) {
  Json items = Json::array();
  for (const char* name : names) items.push_back({{"metadata", {{"name", name}}}});
  return protocol::to_text({{"metadata", {{"resourceVersion", std::to_string(version)}}}, {"items", items}});
}

bool is_watch(const ScriptedRequest& request) {
  return request.target.find("watch=1") != request.target.npos;
}

std::string place_of(const ScriptedRequest& request) {
  const auto at = request.target.find("&resourceVersion=");
  return at == request.target.npos ? "" : request.target.substr(at + 17);
}

/// A watch on a thread of its own, and what it told.
class Watching {
 public:
  explicit Watching(const ScriptedServer& server, const std::function<void(KubeClientSettings&)>& change = {})
      : client_([&] {
          KubeClientSettings settings;
          settings.access.server = server.url();
          settings.access.direct = true;
          settings.first_delay = 10ms;
          settings.longest_delay = 20ms;
          settings.retry_for = 100ms;
          if (change) change(settings);
          return settings;
        }()) {
    thread_ = std::jthread([this](const std::stop_token& stop) {
      client_.watch(
          pods, "team", {},
          {.listed =
               [this](const ObjectList& list) {
                 std::string names = "listed";
                 for (const auto& item : list.items) names += " " + metadata_text(item, "name");
                 tell(names);
               },
           .changed = [this](const Json& object) { tell("changed " + metadata_text(object, "name")); },
           .removed = [this](const Json& object) { tell("removed " + metadata_text(object, "name")); },
           .trouble = [this](const Error& error) { tell("trouble " + error.message); }},
          stop);
    });
  }

  /// All but troubles, once `count` of them have come; fewer after 20 s.
  std::vector<std::string> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    told_more_.wait_for(lock, 20s, [&] { return told_.size() >= count; });
    return told_;
  }
  std::vector<std::string> troubles(std::size_t count) {
    std::unique_lock lock(mutex_);
    told_more_.wait_for(lock, 20s, [&] { return troubles_.size() >= count; });
    return troubles_;
  }
  void stop() {
    thread_.request_stop();
    thread_.join();
  }

 private:
  void tell(const std::string& text) {
    const std::lock_guard lock(mutex_);
    (text.starts_with("trouble") ? troubles_ : told_).push_back(text);
    told_more_.notify_all();
  }

  KubeClient client_;
  std::mutex mutex_;
  std::condition_variable told_more_;
  std::vector<std::string> told_, troubles_;
  std::jthread thread_;
};

TEST(KubeWatch, TellsAListAndThenItsChanges) {
  ScriptedServer server([](const ScriptedRequest& request, ScriptedConnection& connection) {
    if (!is_watch(request)) return connection.answer(200, list_body(5, {"a", "b"}));
    connection.begin_stream();
    const auto line = event_line("ADDED", "c", 6);
    connection.write(line.substr(0, 10));
    connection.write(line.substr(10) + event_line("MODIFIED", "a", 7) + event_line("DELETED", "b", 8));
    connection.wait_for_close();
  });
  Watching watching(server);
  EXPECT_THAT(watching.wait_for(4), ElementsAre("listed a b", "changed c", "changed a", "removed b"));
  watching.stop();
  const auto requests = server.requests();
  EXPECT_EQ(place_of(requests.at(1)), "5");
  EXPECT_THAT(requests.at(1).target, HasSubstr("allowWatchBookmarks=true"));
  EXPECT_THAT(requests.at(1).target, HasSubstr("timeoutSeconds="));
}

TEST(KubeWatch, ResumesWhereItWasAfterACut) {
  std::atomic<int> watches = 0;
  ScriptedServer server([&](const ScriptedRequest& request, ScriptedConnection& connection) {
    if (!is_watch(request)) return connection.answer(200, list_body(5));
    connection.begin_stream();
    switch (++watches) {
      case 1:
        connection.write(event_line("ADDED", "a", 6) + event_line("ADDED", "half", 7).substr(0, 20));
        return connection.reset();
      case 2:
        connection.write(event_line("BOOKMARK", "", 40));
        return;  // its time was over
      default:
        connection.write(event_line("ADDED", "b", 41));
        connection.wait_for_close();
    }
  });
  Watching watching(server);
  EXPECT_THAT(watching.wait_for(3), ElementsAre("listed", "changed a", "changed b"));
  watching.stop();
  const auto requests = server.requests();
  EXPECT_EQ(place_of(requests.at(2)), "6") << "not what was told by half";
  EXPECT_EQ(place_of(requests.at(3)), "40") << "as far as the bookmark says";
}

TEST(KubeWatch, ListsAnewOnceTheServerHasForgottenItsPlace) {
  std::atomic<int> lists = 0, watches = 0;
  ScriptedServer server([&](const ScriptedRequest& request, ScriptedConnection& connection) {
    if (!is_watch(request))
      return connection.answer(200, ++lists == 1 ? list_body(5, {"a"}) : list_body(90 + lists, {"z"}));
    switch (++watches) {
      case 1:  // as an event
        connection.begin_stream();
        connection.write(R"({"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}})"
                         "\n");
        return;
      case 2:  // as the answer itself
        return connection.answer(410, R"({"kind":"Status","code":410,"reason":"Gone"})");
      default:
        connection.begin_stream();
        connection.wait_for_close();
    }
  });
  Watching watching(server);
  EXPECT_THAT(watching.wait_for(3), ElementsAre("listed a", "listed z", "listed z"));
  watching.stop();
}

TEST(KubeWatch, ALineWithoutAnEndCostsAListAndNoMemory) {
  std::atomic<int> watches = 0;
  ScriptedServer server([&](const ScriptedRequest& request, ScriptedConnection& connection) {
    if (!is_watch(request)) return connection.answer(200, list_body(5));
    connection.begin_stream();
    if (++watches == 1) {
      const std::string part(64u << 10, 'x');
      while (connection.write(part)) {
      }
      return;
    }
    connection.write(event_line("ADDED", "a", 6));
    connection.wait_for_close();
  });
  Watching watching(server, [](KubeClientSettings& settings) { settings.longest_line = 1u << 20; });
  EXPECT_THAT(watching.wait_for(3), ElementsAre("listed", "listed", "changed a"));
  watching.stop();
}

TEST(KubeWatch, WhatMakesNoSenseCostsAListAndIsTold) {
  std::atomic<int> watches = 0;
  ScriptedServer server([&](const ScriptedRequest& request, ScriptedConnection& connection) {
    if (!is_watch(request)) return connection.answer(200, list_body(5));
    connection.begin_stream();
    if (++watches == 1) {
      connection.write("{\"type\":\"ADDED\",\"object\":17}\n");
      return;
    }
    connection.wait_for_close();
  });
  Watching watching(server);
  EXPECT_THAT(watching.wait_for(2), ElementsAre("listed", "listed"));
  EXPECT_THAT(watching.troubles(1).at(0), HasSubstr("no event"));
  watching.stop();
}

TEST(KubeWatch, ASilentConnectionIsCutAndResumed) {
  std::atomic<int> watches = 0;
  ScriptedServer server([&](const ScriptedRequest& request, ScriptedConnection& connection) {
    if (!is_watch(request)) return connection.answer(200, list_body(5));
    connection.begin_stream();
    if (++watches > 1) connection.write(event_line("ADDED", "a", 6));
    connection.wait_for_close();
  });
  Watching watching(server, [](KubeClientSettings& settings) { settings.watch_idle = 1s; });
  EXPECT_THAT(watching.wait_for(2), ElementsAre("listed", "changed a"));
  watching.stop();
  EXPECT_EQ(place_of(server.requests().at(2)), "5") << "without another list";
}

TEST(KubeWatch, AServerThatRefusesIsAskedAgainAndThePersonTold) {
  std::atomic<int> lists = 0;
  ScriptedServer server([&](const ScriptedRequest& request, ScriptedConnection& connection) {
    if (!is_watch(request)) {
      if (++lists <= 2)
        return connection.answer(403,
                                 R"({"kind":"Status","reason":"Forbidden","message":"pods is forbidden"})");
      return connection.answer(200, list_body(5, {"a"}));
    }
    connection.begin_stream();
    connection.wait_for_close();
  });
  Watching watching(server);
  EXPECT_THAT(watching.wait_for(1), ElementsAre("listed a"));
  const auto troubles = watching.troubles(2);
  ASSERT_EQ(troubles.size(), 2u);
  EXPECT_THAT(troubles[0], HasSubstr("pods is forbidden"));
  watching.stop();
}

TEST(KubeWatch, AServerThatEndsEachStreamAfterOneEventIsNotAskedWithoutAPause) {
  for (const bool forgets : {false, true}) {
    std::atomic<int> watches = 0;
    ScriptedServer server([&](const ScriptedRequest& request, ScriptedConnection& connection) {
      if (!is_watch(request)) return connection.answer(200, list_body(5));
      connection.begin_stream();
      connection.write(event_line("MODIFIED", "a", 6 + ++watches));
      if (forgets)
        connection.write(R"({"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}})"
                         "\n");
    });
    const auto begin = std::chrono::steady_clock::now();
    Watching watching(server, [](KubeClientSettings& settings) {
      settings.first_delay = 100ms;
      settings.longest_delay = 200ms;
    });
    ASSERT_GE(watching.wait_for(forgets ? 8 : 5).size(), 5u);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 350ms) << "half of 100, 200 and 400 ms at least";
    EXPECT_THAT(watching.troubles(1).at(0), HasSubstr("ended a watch at once"));
    watching.stop();
  }
}

TEST(KubeWatch, EndsAtOnceWhenAskedTo) {
  ScriptedServer server([](const ScriptedRequest& request, ScriptedConnection& connection) {
    if (!is_watch(request)) return connection.answer(200, list_body(5));
    connection.begin_stream();
    connection.wait_for_close();
  });
  Watching watching(server);
  watching.wait_for(1);
  const auto begin = std::chrono::steady_clock::now();
  watching.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 30s);
}

}  // namespace
}  // namespace berth::server::kubernetes
