// SPDX-License-Identifier: GPL-3.0-or-later
// Pods that wait for people: how many there are, which are good, and that each is given once.
#include "server/backends/kubernetes/ready_pods.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>

#include "server/backends/kubernetes/pod_spec.hpp"

namespace berth::server::kubernetes {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::chrono::milliseconds unwished = 24h;
constexpr const char* noon = "2026-11-22T12:00:00Z";
const auto noon_time = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h;

PodState pod_of(const std::string& workspace, BackendState state = BackendState::running,
                const std::string& mark = "now") {
  PodState pod;
  pod.state = state;
  pod.workspace = workspace;
  pod.uid = "uid-" + workspace;
  pod.ready = "python";
  pod.mark = mark;
  pod.revision = "1";
  pod.created = noon;
  return pod;
}

ReadyPool pool_of(std::size_t count, const std::string& id = "python") {
  ReadyPool pool;
  pool.request.template_id = id;
  pool.wish = {.count = count, .longest = 60min};
  pool.mark = "now";
  return pool;
}

std::vector<std::string> names(const std::vector<PodState>& pods) {
  std::vector<std::string> all;
  for (const auto& pod : pods) all.push_back(pod.workspace);
  return all;
}

TEST(PlanReadyTest, WhatIsMissingIsCountedWithWhatStarts) {
  const auto work = plan_ready({pod_of("a"), pod_of("b", BackendState::starting)}, {{"python", pool_of(3)}},
                               unwished, noon_time + 1min);
  EXPECT_THAT(work.end, IsEmpty());
  EXPECT_THAT(work.missing, ElementsAre(std::pair("python", 1u)));
}

TEST(PlanReadyTest, WhatIsOldEndedOrMadeOtherwiseIsReplaced) {
  auto old = pod_of("old");
  old.created = "2026-11-22T11:00:00Z";
  const auto work = plan_ready({old, pod_of("ended", BackendState::failed),
                                pod_of("other", BackendState::running, "before"), pod_of("good")},
                               {{"python", pool_of(2)}}, unwished, noon_time + 5min);
  EXPECT_THAT(names(work.end), ElementsAre("old", "ended", "other"));
  EXPECT_THAT(work.missing, ElementsAre(std::pair("python", 1u)));
}

TEST(PlanReadyTest, WhatAnotherServerJustMadeOfSomethingElseIsLeftAlone) {
  const auto work = plan_ready({pod_of("other", BackendState::running, "before")}, {{"python", pool_of(1)}},
                               unwished, noon_time + 1min);
  EXPECT_THAT(work.end, IsEmpty());
  EXPECT_THAT(work.missing, ElementsAre(std::pair("python", 1u))) << "nor is it counted";
}

TEST(PlanReadyTest, OfTooManyThoseThatRunStayAndEachServerChoosesTheSame) {
  const std::vector pods{pod_of("c"), pod_of("a", BackendState::starting), pod_of("b")};
  EXPECT_THAT(names(plan_ready(pods, {{"python", pool_of(2)}}, unwished, noon_time + 2min).end),
              ElementsAre("a"));
  EXPECT_THAT(names(plan_ready(pods, {{"python", pool_of(1)}}, unwished, noon_time + 2min).end),
              ElementsAre("c", "a"));
  EXPECT_THAT(names(plan_ready(pods, {{"python", pool_of(0)}}, unwished, noon_time + 2min).end),
              ElementsAre("b", "c", "a"));
}

TEST(PlanReadyTest, WhatStartsIsEndedOnceItRunsOrTakesLong) {
  auto starting = pod_of("a", BackendState::starting);
  const std::map<std::string, ReadyPool> none{{"python", pool_of(0)}};
  EXPECT_THAT(plan_ready({starting}, none, unwished, noon_time + 30s).end, IsEmpty());
  EXPECT_THAT(names(plan_ready({pod_of("a")}, none, unwished, noon_time + 30s).end), ElementsAre("a"));
  EXPECT_THAT(names(plan_ready({starting}, none, unwished, noon_time + 60s).end), ElementsAre("a"));
  starting.hopeless = true;
  EXPECT_THAT(names(plan_ready({starting}, none, unwished, noon_time + 30s).end), ElementsAre("a"));
}

TEST(PlanReadyTest, WhatIsGoingIsNeitherCountedNorEndedTwice) {
  const auto work =
      plan_ready({pod_of("a", BackendState::stopping)}, {{"python", pool_of(1)}}, unwished, noon_time);
  EXPECT_THAT(work.end, IsEmpty());
  EXPECT_THAT(work.missing, ElementsAre(std::pair("python", 1u)));
}

/// Another server may wish for them; while berthd is updated, or where each has settings of its own.
TEST(PlanReadyTest, WhatNobodyHereWishesForIsLeftToWhoDoesForADay) {
  const std::vector pods{pod_of("theirs")};
  EXPECT_THAT(plan_ready(pods, {}, unwished, noon_time + 23h).end, IsEmpty());
  EXPECT_THAT(plan_ready(pods, {{"node", pool_of(1, "node")}}, unwished, noon_time + 23h).end, IsEmpty());
  EXPECT_THAT(names(plan_ready(pods, {}, unwished, noon_time + 24h).end), ElementsAre("theirs"));
}

TEST(PlanReadyTest, WhatSomebodyIsTakingIsNeitherCountedNorEnded) {
  auto taking = pod_of("taking");
  taking.ready = ready_taking;
  const auto work = plan_ready({taking}, {{"python", pool_of(1)}}, unwished, noon_time + 48h);
  EXPECT_THAT(work.end, IsEmpty());
  EXPECT_THAT(work.missing, ElementsAre(std::pair("python", 1u)));
}

/// Pods of a pool that several servers look at; a claim and an end take the pod's revision as they knew it.
class SharedPods {
 public:
  ReadyPods::Place place() {
    return {.fresh =
                [this] {
                  ++looks;
                  return fresh.load();
                },
            .pods = [this] { return shows ? all() : std::vector<PodState>(); },
            .knows = [this](const std::string&) { return shows.load(); },
            .make = [this](const ReadyPool& pool) { return make(pool); },
            .claim = [this](const PodState& pod) -> Result<bool> {
              if (silent) return failure(ErrorCode::unavailable, "Nobody answers.");
              return swap(pod, true);
            },
            .end = [this](const PodState& pod) { return swap(pod, false); },
            .answers = [](const PodState&) { return true; }};
  }
  std::vector<PodState> all() {
    const std::scoped_lock lock(mutex_);
    return pods_;
  }
  std::size_t running() {
    const auto pods = all();
    return static_cast<std::size_t>(std::ranges::count(pods, BackendState::running, &PodState::state));
  }
  void add(PodState pod) {
    const std::scoped_lock lock(mutex_);
    pods_.push_back(std::move(pod));
  }
  std::atomic<bool> refuses = false, silent = false, fresh = true, shows = true;
  std::atomic<int> attempts = 0, ends = 0, looks = 0;
  std::vector<std::chrono::steady_clock::time_point> tried() {
    const std::scoped_lock lock(mutex_);
    return tried_;
  }

 private:
  Result<std::string> make(const ReadyPool& pool) {
    ++attempts;
    {
      const std::scoped_lock lock(mutex_);
      tried_.push_back(std::chrono::steady_clock::now());
    }
    if (refuses) return failure(ErrorCode::limit_exceeded, "There is a quota.");
    auto pod = pod_of("w" + std::to_string(attempts));
    pod.mark = pool.mark;
    pod.created = {};  // just now
    auto workspace = pod.workspace;
    add(std::move(pod));
    return workspace;
  }
  Result<bool> swap(const PodState& known, bool claims) {
    const std::scoped_lock lock(mutex_);
    const auto found = std::ranges::find(pods_, known.uid, &PodState::uid);
    if (found == pods_.end() || found->revision != known.revision) return false;
    pods_.erase(found);
    if (!claims) ++ends;
    return true;
  }

  std::mutex mutex_;
  std::vector<PodState> pods_;
  std::vector<std::chrono::steady_clock::time_point> tried_;
};

bool eventually(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

constexpr ReadyPods::Pace quick{.look = 2ms, .longest_pause = 50ms, .unwished = 20ms};

/// After so many more looks whatever the first of them decided is done.
bool looks_go_by(SharedPods& pods, int count = 5) {
  return eventually([&pods, until = pods.looks + count] { return pods.looks >= until; });
}

TEST(ReadyPodsTest, APoolIsFilledAndFilledAgain) {
  SharedPods pods;
  ReadyPods pool(pods.place(), quick);
  pool.wish(pool_of(2));
  ASSERT_TRUE(eventually([&] { return pods.running() == 2; }));
  ASSERT_TRUE(eventually([&] { return pool.claim("python").value().has_value(); }));
  EXPECT_TRUE(eventually([&] { return pods.running() == 2 && pods.attempts == 3; }));
  EXPECT_FALSE(pool.claim("node").value()) << "another template's";
}

TEST(ReadyPodsTest, AClaimThatFailsTakesNothing) {
  SharedPods pods;
  ReadyPods pool(pods.place(), quick);
  pool.wish(pool_of(1));
  pods.silent = true;
  ASSERT_TRUE(eventually([&] { return !pool.claim("python"); }));
  EXPECT_FALSE(pool.claim("python")) << "it is tried again";
  pods.silent = false;
  const auto claimed = pool.claim("python");
  EXPECT_TRUE(claimed && *claimed);
}

TEST(ReadyPodsTest, NoneIsGivenTwiceByTwoServers) {
  SharedPods pods;
  for (int i = 0; i < 20; ++i) pods.add(pod_of("p" + std::to_string(i)));
  ReadyPool wanted = pool_of(20);
  wanted.wish.longest = 1000000h;
  ReadyPods here(pods.place(), quick), there(pods.place(), quick);
  here.wish(wanted);
  there.wish(wanted);
  const auto claim_ten = [](ReadyPods& pool) {
    std::vector<std::string> got;
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (got.size() < 10 && std::chrono::steady_clock::now() < deadline)
      if (auto id = pool.claim("python"); id && *id) got.push_back(**id);
    return got;
  };
  auto first = std::async(std::launch::async, [&] { return claim_ten(here); });
  auto got = claim_ten(there);
  for (auto& id : first.get()) got.push_back(std::move(id));
  ASSERT_EQ(got.size(), 20u);
  std::ranges::sort(got);
  EXPECT_TRUE(std::ranges::adjacent_find(got) == got.end());
}

TEST(ReadyPodsTest, WhatNobodyWishesForAnyMoreGoes) {
  SharedPods pods;
  auto left = pod_of("left");
  left.created = "2026-11-20T12:00:00Z";
  pods.add(left);
  const ReadyPods pool(pods.place(), quick);
  EXPECT_TRUE(eventually([&] { return pods.ends == 1; }));
}

TEST(ReadyPodsTest, WhoWishesForNothingLeavesOthersPodsAlone) {
  SharedPods pods;
  auto theirs = pod_of("theirs");
  theirs.created = {};  // just now
  pods.add(theirs);
  ReadyPods pool(pods.place(), {.look = 2ms, .longest_pause = 50ms});
  ASSERT_TRUE(looks_go_by(pods));
  EXPECT_EQ(pods.ends, 0);
}

/// Its claimer died before there was a workspace of it: home and all.
TEST(ReadyPodsTest, WhatWasClaimedAndNeverStartedGoes) {
  SharedPods pods;
  auto taking = pod_of("taking");
  taking.ready = ready_taking;
  pods.add(taking);
  {
    const ReadyPods patient(pods.place(), {.look = 2ms, .longest_pause = 50ms});
    ASSERT_TRUE(looks_go_by(pods));
    EXPECT_EQ(pods.ends, 0) << "it may be started yet";
  }
  const ReadyPods pool(pods.place(), {.look = 2ms, .longest_pause = 50ms, .unused = 20ms});
  EXPECT_TRUE(eventually([&] { return pods.ends == 1; }));
}

TEST(ReadyPodsTest, WhileNothingIsHeardNothingIsDone) {
  SharedPods pods;
  pods.fresh = false;
  auto left = pod_of("left");
  left.ready = "node";
  left.created = "2026-11-20T12:00:00Z";
  pods.add(left);
  ReadyPods pool(pods.place(), quick);
  pool.wish(pool_of(3));
  ASSERT_TRUE(looks_go_by(pods));
  EXPECT_EQ(pods.attempts, 0);
  EXPECT_EQ(pods.ends, 0);
  pods.fresh = true;
  EXPECT_TRUE(eventually([&] { return pods.attempts == 3 && pods.ends == 1; }));
}

TEST(ReadyPodsTest, WhatWasMadeAndIsNotKnownYetIsCounted) {
  SharedPods pods;
  pods.shows = false;
  ReadyPods pool(pods.place(), quick);
  pool.wish(pool_of(2));
  ASSERT_TRUE(eventually([&] { return pods.attempts == 2; }));
  ASSERT_TRUE(looks_go_by(pods));
  EXPECT_EQ(pods.attempts, 2);
  pods.shows = true;
  ASSERT_TRUE(eventually([&] { return pool.claim("python").value().has_value(); }));
  EXPECT_TRUE(eventually([&] { return pods.attempts == 3; })) << "what was given is not counted";
}

TEST(ReadyPodsTest, AClusterThatRefusesIsAskedMoreAndMoreSeldom) {
  SharedPods pods;
  pods.refuses = true;
  std::atomic<int> troubles = 0;
  ReadyPods pool(pods.place(), {.look = 2ms, .longest_pause = 10s}, [&](const Error&) { ++troubles; });
  pool.wish(pool_of(1));
  ASSERT_TRUE(eventually([&] { return troubles >= 6; }));
  const auto tried = pods.tried();
  auto least = 4ms;
  for (std::size_t i = 1; i < 6; ++i, least *= 2) EXPECT_GE(tried[i] - tried[i - 1], least) << i;
}

}  // namespace
}  // namespace berth::server::kubernetes
