// SPDX-License-Identifier: GPL-3.0-or-later
// Kill -9 of the server, of the runner and of the store, at any moment and at fault points between write,
// fsync, upload, commit and acknowledgement, while editors, shells, git and npm write: whatever was
// acknowledged is there afterwards, also when the machine is lost and everything comes from the store, and
// every version comes back bit for bit.
#include <gtest/gtest.h>

#include <signal.h>

#include <atomic>
#include <thread>

#include "mixed_writes.hpp"
#include "tests/integration/history/git_neighbour.hpp"

namespace berth::test {
namespace {

using namespace std::chrono_literals;
using server::testing::DataPlace;
using server::testing::GitNeighbour;

/// Where somebody kills himself, and how often he passes there in a round at the most.
struct Blow {
  const char* point;
  std::size_t passes;
};
constexpr Blow server_blows[] = {
    {"blob.written", 3},   {"blob.synced", 3},       {"blob.named", 3},         {"pack.built", 3},
    {"pack.put", 3},       {"index.insert", 3},      {"index.committed", 3},    {"version.put", 2},
    {"version.insert", 2}, {"version.committed", 2}, {"stored.acknowledge", 2}, {"sync.fetched", 3},
    {"sync.added", 3},     {"restore.begun", 1},     {"restore.brought", 1},
};
constexpr Blow runner_blows[] = {
    {"journal.begun", 1},        {"journal.written", 3},  {"journal.synced", 3},
    {"save.written", 2},         {"save.synced", 2},      {"save.recorded", 2},
    {"save.placed", 2},          {"snapshot.scanned", 3}, {"snapshot.offered", 3},
    {"objects.read", 30},        {"index.written", 3},    {"mark.written", 5},
    {"mark.named", 5},           {"stored.heard", 3},     {"stored.marked", 3},
    {"restore.begun", 1},        {"restore.chunk", 12},   {"restore.file_written", 9},
    {"restore.page_written", 1}, {"restore.synced", 1},   {"restore.marked", 1},
};
constexpr Blow store_blows[] = {
    {"put.received", 3}, {"put.written", 3}, {"put.synced", 3}, {"put.named", 3}, {"put.stored", 3},
};

constexpr int acts_in_round = 3;

/// The network comes before any thread, and stays as long as the process.
class Neighbour {
 public:
  Neighbour() : neighbour_(repositories()) {}

 private:
  static DataPlace& place() {
    static DataPlace folder;
    return folder;
  }
  static std::filesystem::path repositories() {
    const auto command = "cd '" + place().path().string() +
                         "' && git init -q -b main work && cd work && for i in $(seq 60); do mkdir -p d$((i "
                         "% 7)); seq $i $((i * 40)) "
                         "> d$((i % 7))/f$i; done && ln -sf d1/f1 link && chmod 755 d2/f2 && git add . && "
                         "git -c user.name=t -c user.email=t@example.org commit -q -m first";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("no repository");
    return place().path();
  }
  GitNeighbour neighbour_;
};

class KillRounds : public ::testing::TestWithParam<StoreKind> {
 protected:
  DurablePlace place{{"--workspace-allow", GitNeighbour::address}, GetParam()};
  MixedWrites writes{place, std::string(GitNeighbour::url) + "work"};
  std::atomic<bool> struck = false;
  int met = 0, asked = 0;  // fault points

  void SetUp() override {
    place.run_workspace();
    writes.prepare();
  }

  bool all_live() { return place.server_lives() && place.store().lives() && place.runner_lives(); }

  /// Writes until the blow, or a few times.
  void write_until_killed(Soak soak, const std::string& first) {
    try {
      for (int i = 0; i < acts_in_round && place.server_lives(); ++i) writes.act(soak, i == 0 ? first : "");
    } catch (const std::exception& error) {
      // What was in the middle was not acknowledged; without a blow there is nothing to excuse it.
      // Somebody who dies closes connections a moment before being seen as dead.
      if (!struck && !eventually([&] { return !all_live(); }, std::chrono::seconds(2)))
        ADD_FAILURE() << "with nobody killed: " << error.what();
    }
  }

  /// What makes somebody pass the point.
  static std::string act_for(const std::string& point) {
    return point.starts_with("restore")                                        ? "restore"
           : point.starts_with("journal") || point.starts_with("save")         ? "type"
           : point.starts_with("index.w") || point.starts_with("objects.read") ? "shell"
                                                                               : "";
  }

  template <std::size_t Count>
  static std::string any_of(const Blow (&blows)[Count], Soak& soak) {
    const auto& blow = blows[soak.below(Count)];
    return std::string(blow.point) + ":" + std::to_string(1 + soak.below(blow.passes));
  }

  /// The server or the runner kills itself where it is told to, maybe at its start already.
  void strike_at_point(Soak& soak, const FaultPoints& points) {
    ++asked;
    const auto first = act_for(points.server + points.runner);
    place.kill_runner();
    place.kill_server();
    // Half of the restores are those of a machine that has nothing.
    if (first == "restore" && soak.one_in(2)) lose_machine();
    if (!place.start_server(points)) {
      ++met;
      return;
    }
    try {
      if (place.start_workspace_once()) write_until_killed(soak.fork(), first);
    } catch (const std::exception&) {
      // It was met while the workspace started.
    }
    met += all_live() ? 0 : 1;
    place.kill_server();
    place.kill_runner();
  }

  /// The S3 server kills itself and comes back while people work.
  void strike_store(Soak& soak, const std::string& point) {
    place.store().start(point);
    ++asked;
    std::atomic<bool> done = false;
    std::jthread writer([&, luck = soak.fork()] {
      write_until_killed(luck, "");
      done = true;
    });
    struck = true;
    (void)eventually([&] { return done || !place.store().lives(); }, 60s);
    met += place.store().lives() ? 0 : 1;
    place.store().start();
  }

  /// Kills at a moment that nobody chose.
  void strike_at_random(Soak& soak, bool server, bool runner, bool store) {
    const auto when = soak.time_below(1500ms);
    {
      std::jthread writer([&, luck = soak.fork()] { write_until_killed(luck, ""); });
      std::this_thread::sleep_for(when);
      struck = true;
      if (store) place.store().kill();
      if (server) ::kill(place.server_pid(), SIGKILL);
      if (runner) place.kill_runner();
      if (store) place.store().start();
    }
    if (server) place.kill_server();  // and waits for its end
  }

  std::string strike(Soak& soak) {
    struck = false;
    const bool s3 = GetParam() == StoreKind::s3;
    const auto kind = soak.below(s3 ? 9 : 7);
    std::string what;
    if (kind < 2) {
      what = any_of(server_blows, soak);
      strike_at_point(soak, {what, ""});
    } else if (kind < 4) {
      what = any_of(runner_blows, soak);
      strike_at_point(soak, {"", what});
      what = "runner " + what;
    } else if (kind < 7) {
      what = kind == 4 ? "server" : kind == 5 ? "runner" : "server and runner";
      strike_at_random(soak, kind != 5, kind != 4, s3 && kind == 6 && soak.one_in(2));
    } else if (kind == 7) {
      what = "store " + any_of(store_blows, soak);
      strike_store(soak, what.substr(6));
    } else {
      what = "store";
      strike_at_random(soak, false, false, true);
    }
    return what;
  }

  void lose_machine() {
    place.kill_server();
    place.kill_runner();
    (void)eventually([&] { return !place.runner_lives(); });
    place.lose_home();
    writes.lose_what_was_not_stored();
  }

  void play_round(Soak& soak, int round) {
    const auto began = std::chrono::steady_clock::now();
    auto what = strike(soak);
    if (soak.one_in(4)) {
      lose_machine();
      what += ", machine lost";
    }
    SCOPED_TRACE(what);
    const auto recovering = std::chrono::steady_clock::now();
    if (!place.server_lives()) place.start_server();
    place.run_workspace();
    wait_for_terminals(place);  // whose runner was not killed
    writes.expect_acknowledged();
    writes.settle_restore();
    if (soak.one_in(3)) writes.remember_version(soak);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    const std::chrono::duration<double> under_blow = recovering - began;
    std::cout << round << " " << what << " " << took.count() << " s, " << under_blow.count()
              << " s of it under the blow" << std::endl;
  }
};

TEST_P(KillRounds, NothingAcknowledgedIsLostAndEveryVersionComesBack) {
  Soak soak(GetParam() == StoreKind::s3 ? 3 : 6, 300);
  for (int round = 0; round < soak.rounds() && !HasFailure(); ++round) {
    SCOPED_TRACE(soak.where(round));
    play_round(soak, round);
  }
  if (!HasFailure()) {
    wait_for_terminals(place);
    writes.remember_version(soak);
    const auto last = picture_of(place.home());
    // The machine is lost with everything on its disk but the store.
    ASSERT_EQ(place.stop_workspace().at("state"), "stopped") << place.workspace();
    place.lose_home();
    place.run_workspace();
    EXPECT_EQ(difference(last, picture_of(place.home())), "");
    writes.expect_acknowledged();
    writes.expect_every_version();
    const auto checked = place.check_store(std::chrono::seconds(60 + 5 * soak.rounds()));
    EXPECT_EQ(checked.status, 0) << checked.output;
    if (asked >= 20) EXPECT_GT(met, asked / 5) << "the fault points are not where people come by";
    std::cout << met << " of " << asked << " fault points were met, " << place.versions().size()
              << " versions" << std::endl;
  }
  if (HasFailure()) std::fputs(place.log().c_str(), stderr);
}

INSTANTIATE_TEST_SUITE_P(Stores, KillRounds, ::testing::Values(StoreKind::directory, StoreKind::s3),
                         [](const auto& kind) { return name_of(kind.param); });

}  // namespace
}  // namespace berth::test

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  if (::testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();
  const berth::test::Neighbour network;
  return RUN_ALL_TESTS();
}
