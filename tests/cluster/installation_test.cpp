// SPDX-License-Identifier: GPL-3.0-or-later
// overlays/dev on the real node, as people use it: a day's work through it, and the same while its replicas
// are killed, become more and fewer, and are replaced.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "people_at_work.hpp"
#include "server/backends/kubernetes/pod_spec.hpp"
#include "tests/integration/local/local_fixture.hpp"

namespace berth::test {
namespace {

using namespace std::chrono_literals;
using namespace protocol;
using server::local::eventually;
using testing::HasSubstr;
using testing::IsEmpty;
namespace k8s = server::kubernetes;

constexpr int key_pause = 20;  // ms between keys, in the middle

class InstallationTest : public testing::Test {
 protected:
  static void TearDownTestSuite() { people_.reset(); }
  void TearDown() override {
    if (HasFailure()) std::cerr << installation().story() << std::endl;
  }

  static Installation& installation() { return Installation::get(); }
  /// The same in all cases that ask.
  static PeopleAtWork& people() {
    if (!people_) people_ = std::make_unique<PeopleAtWork>(installation());
    return *people_;
  }
  static std::string at(const std::string& workspace, const std::string& rest = {}) {
    return "/workspaces/" + workspace + rest;
  }

  static RunnerClient open_window(const std::string& workspace) {
    return RunnerClient(installation().window(workspace));
  }
  static DocumentOpen::Result open_document(RunnerClient& window) {
    return window.must<DocumentOpen>({"project/main.py", {}, {}, {}, {}, {}, {}});
  }
  /// What a browser shows that follows the link into a preview.
  static std::string preview(const std::string& link, const std::string& page) {
    const auto entered = installation().visit(link);
    const auto cookie = entered.field("Set-Cookie");
    if (entered.status != 303 || cookie.empty()) return entered.head + entered.body;
    const auto shown =
        installation().visit(link.substr(0, link.find('/', 8)) + page, cookie.substr(0, cookie.find(';')));
    return shown.status == 200 ? shown.body : shown.head + shown.body;
  }

  /// Both type for this long and do not come to a stop meanwhile.
  static void expect_typing(std::chrono::milliseconds time) {
    const auto before = people().typed();
    std::this_thread::sleep_for(time);
    EXPECT_GT(people().typed(), before) << people().story();
  }
  /// The one pod of before, and nothing else of that workspace or another.
  static void expect_one_pod(const std::string& uid) {
    EXPECT_EQ(installation().pod_uid(people().workspace()), uid) << "not a second pod";
    EXPECT_EQ(installation().objects(k8s::pods, people().workspace()).size(), 1u);
    EXPECT_EQ(installation().run("kubectl -n berth-workspaces get pods -o name | wc -l"), "1\n")
        << "no orphan";
    EXPECT_EQ(installation().state(people().workspace()), "running");
  }
  /// Somebody living looks after it within the time of a handover.
  static void expect_holder() {
    std::string holder;
    const auto lives = [&] {
      holder = installation().holder(people().workspace());
      return std::ranges::any_of(installation().replicas(), [&](const ReplicaPod& replica) {
        return replica.address + ":7070" == holder;
      });
    };
    EXPECT_TRUE(eventually(lives, 30s)) << holder;
  }
  /// What both have is in the newest version.
  static void expect_stored() {
    const auto text = people().text();
    const auto stored = [&] {
      const auto versions = installation().good("GET", at(people().workspace(), "/versions")).at("versions");
      if (versions.empty()) return false;
      const std::string newest = versions.front().at("id");
      const auto file = installation().call(
          "GET", at(people().workspace(), "/versions/" + newest + "/file?path=project/live.txt"));
      return file.status == 200 && file.body == text;
    };
    EXPECT_TRUE(eventually(stored, 60s));
  }

  static void expect_served(const Visitor::Account& account) {
    EXPECT_THAT(account.failures, IsEmpty());
    EXPECT_GT(account.turns, 20);
    std::cout << account.repeated.size() << " of " << 2 * account.turns << " requests were made again"
              << std::endl;
    for (const auto& why : account.repeated) std::cout << "  " << why << std::endl;
  }

  static void kill_while_they_type(const ReplicaPod& victim, bool has_windows) {
    const auto uid = installation().pod_uid(people().workspace());
    const auto connections = people().connections(), resumptions = people().resumptions();
    people().type(key_pause);
    expect_typing(1s);
    installation().kill(victim);
    expect_typing(3s);
    people().expect_together();
    if (has_windows) {
      EXPECT_GT(people().connections(), connections) << "nobody noticed\n" << people().story();
    }
    EXPECT_EQ(people().connections() - connections, people().resumptions() - resumptions)
        << "a session began anew\n"
        << people().story();
    expect_holder();
    people().type(key_pause);
    expect_typing(1s);
    people().expect_together();
    expect_one_pod(uid);
    EXPECT_TRUE(installation().has_replicas(2));
    const auto replicas = installation().replicas();
    EXPECT_TRUE(std::ranges::any_of(replicas, [&](const ReplicaPod& replica) {
      return replica.name == victim.name && replica.restarts == victim.restarts + 1;
    })) << "it was not killed";
  }

 private:
  static inline std::unique_ptr<PeopleAtWork> people_;
};

TEST_F(InstallationTest, APersonMakesEditsRunsSeesStopsStartsAndDeletesAWorkspace) {
  EXPECT_EQ(installation().replicas().size(), 2u);
  for (const auto& replica : installation().replicas())
    EXPECT_EQ(replica.restarts, 0) << replica.name << " did not wait for its database";
  const auto id = installation().make_workspace("python");
  const auto first = installation().pod_uid(id);
  std::string edited;
  {
    auto window = open_window(id);
    const auto document = open_document(window);
    const auto text = document.text.value_or("");
    ASSERT_THAT(text, HasSubstr("greeting"));
    const auto edit = TextOperation::difference(text, text + "print(6 * 7)\n");
    edited = *edit.apply(text);
    window.must<DocumentEdit>({document.document, document.version, "author-1", edit});
    window.must<DocumentSave>({document.document});
    TestTerminal terminal(window);
    terminal.type("cd ~/project && python3 main.py\n");
    EXPECT_TRUE(terminal.see("42", 30s)) << terminal.output();
    terminal.type("echo preview''ed >page.txt; python3 -m http.server 8000\n");
    EXPECT_TRUE(terminal.see("Serving HTTP", 30s)) << terminal.output();
    const std::string link =
        installation().good("POST", at(id, "/previews"), {{"port", 8000}, {"to", "/page.txt"}}).at("url");
    EXPECT_EQ(preview(link, "/page.txt"), "previewed\n");
  }
  installation().good("POST", at(id, "/stop"));
  ASSERT_TRUE(installation().becomes(id, "stopped"));
  EXPECT_EQ(installation().pod_uid(id), "");
  EXPECT_EQ(installation().file(id, "project/main.py"), edited) << "read from what is stored";
  installation().good("POST", at(id, "/start"));
  ASSERT_TRUE(installation().becomes(id, "running"));
  EXPECT_NE(installation().pod_uid(id), first) << "a fresh pod";
  {
    auto window = open_window(id);
    EXPECT_EQ(open_document(window).text.value_or(""), edited);
    TestTerminal terminal(window);
    terminal.type("cat ~/project/page.txt\n");
    EXPECT_TRUE(terminal.see("previewed", 30s)) << terminal.output();
  }
  installation().good("DELETE", at(id));
  EXPECT_TRUE(eventually([&] { return installation().call("GET", at(id)).status == 404; }, 180s));
  for (const auto& kind : {k8s::pods, k8s::secrets, k8s::volume_claims})
    EXPECT_TRUE(eventually([&] { return installation().objects(kind, id).empty(); }, 120s)) << kind.plural;
}

TEST_F(InstallationTest, AReplicaKilledWhilePeopleTypeLosesNothingAndNoWorkspaceEnds) {
  people();
  const auto busiest = std::ranges::max(installation().replicas(), {}, [](const ReplicaPod& replica) {
    return installation().windows(replica);
  });
  ASSERT_GT(installation().windows(busiest), 0) << "two people are at two replicas";
  kill_while_they_type(busiest, true);

  const auto holder = installation().holder(people().workspace());
  const auto replicas = installation().replicas();
  const auto tending = std::ranges::find_if(
      replicas, [&](const ReplicaPod& replica) { return replica.address + ":7070" == holder; });
  ASSERT_NE(tending, replicas.end()) << holder;
  kill_while_they_type(*tending, installation().windows(*tending) > 0);
  expect_stored();
}

TEST_F(InstallationTest, ReplicasBecomeMoreAndFewerUnderUse) {
  const auto uid = installation().pod_uid(people().workspace());
  Visitor visitor(installation(), people().workspace());
  people().type(key_pause);
  installation().run("kubectl -n berth scale deployment berthd --replicas=5");
  EXPECT_TRUE(installation().has_replicas(5));
  expect_typing(1s);
  installation().run("kubectl -n berth scale deployment berthd --replicas=2");
  EXPECT_TRUE(installation().has_replicas(2));
  expect_typing(1s);
  people().expect_together();
  expect_holder();
  expect_one_pod(uid);
  expect_served(visitor.account());
}

TEST_F(InstallationTest, ARollingUpdateDropsNoWorkspace) {
  const auto uid = installation().pod_uid(people().workspace());
  const auto before = installation().replicas();
  Visitor visitor(installation(), people().workspace());
  people().type(key_pause);
  installation().run("kubectl -n berth rollout restart deployment berthd");
  installation().run("kubectl -n berth rollout status --timeout=120s deployment berthd");
  EXPECT_TRUE(installation().has_replicas(2));
  expect_typing(1s);
  people().expect_together();
  expect_holder();
  expect_one_pod(uid);
  for (const auto& replica : installation().replicas())
    for (const auto& old : before) EXPECT_NE(replica.name, old.name) << "none of before";
  expect_served(visitor.account());
  expect_stored();
}

/// As `kubectl drain` does: the API's own eviction.
TEST_F(InstallationTest, AWorkspaceWhosePodIsEvictedStartsAgainByItselfWithWhatWasTyped) {
  people().type(key_pause);
  expect_typing(1s);
  const auto uid = installation().pod_uid(people().workspace());
  const auto pod = k8s::pod_name(people().workspace());
  installation().run("kubectl create --raw /api/v1/namespaces/berth-workspaces/pods/" + pod +
                     "/eviction -f - <<'JSON'\n" +
                     Json{{"apiVersion", "policy/v1beta1"},
                          {"kind", "Eviction"},
                          {"metadata", {{"name", pod}, {"namespace", "berth-workspaces"}}}}
                         .dump() +
                     "\nJSON");
  const auto again = [&] {
    const auto now = installation().pod_uid(people().workspace());
    return !now.empty() && now != uid && installation().state(people().workspace()) == "running";
  };
  ASSERT_TRUE(eventually(again, 180s)) << "this kubelet may need a minute to let the old pod go";
  people().new_terminal();
  people().expect_together();
  people().type(key_pause);
  expect_typing(1s);
  people().expect_together();
  expect_one_pod(installation().pod_uid(people().workspace()));
}

}  // namespace
}  // namespace berth::test
