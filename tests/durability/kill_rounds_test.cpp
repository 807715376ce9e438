// SPDX-License-Identifier: GPL-3.0-or-later
// Kill -9 of the server, of the runner and of the store in the middle of it, between write, fsync, upload,
// commit and acknowledgement, while editors, shells, git and npm write: whatever was acknowledged as stored
// is there afterwards, and every version comes back bit for bit.
#include <gtest/gtest.h>

#include <signal.h>

#include <sstream>
#include <thread>

#include "durable_place.hpp"
#include "tests/integration/runner/soak.hpp"

namespace berth::test {
namespace {

using namespace std::chrono_literals;

/// Where the server kills itself, and how often it passes there in a round at the most.
struct FaultPoint {
  const char* name;
  std::size_t passes;
};
constexpr FaultPoint fault_points[] = {
    {"blob.written", 3},   {"blob.synced", 3},       {"blob.named", 3},         {"pack.built", 3},
    {"pack.put", 3},       {"index.insert", 3},      {"index.committed", 3},    {"version.put", 2},
    {"version.insert", 2}, {"version.committed", 2}, {"stored.acknowledge", 2}, {"sync.fetched", 3},
    {"sync.added", 3},
};

const std::string make_repository =
    "cd && mkdir -p origin && cd origin && git init -q && for i in $(seq 60); do mkdir -p d$((i % 7)); seq "
    "$i $((i * 40)) > d$((i % 7))/f$i; "
    "done && ln -sf d1/f1 link && git add . && git -c user.name=t -c user.email=t@t commit -qm one";

/// A package of many small files, as npm unpacks it.
const std::string make_package =
    "cd && mkdir -p pack/lib && cd pack && printf '{\"name\":\"pack\",\"version\":\"1.0.0\"}' > package.json "
    "&& "
    "for i in $(seq 400); do echo \"exports.n = $i;\" > lib/$i.js; done && npm pack --silent >/dev/null";

class KillRounds : public ::testing::Test {
 protected:
  DurablePlace place;
  std::map<std::string, std::string> acknowledged;  // path → what its text holds
  std::map<std::string, HomePicture> named;         // version id → what it holds
  int number = 0;

  void SetUp() override {
    place.run_workspace();
    run_in_terminal(place, make_repository);
    run_in_terminal(place, make_package);
  }

  std::string fresh(const std::string& stem) { return stem + std::to_string(++number); }

  void type(Soak& soak) {
    const auto path = "project/typed" + std::to_string(soak.below(4)) + ".txt";
    const auto text = fresh("line ") + "\n";
    type_and_wait_until_stored(place, path, text);
    acknowledged[path] += text;
  }

  /// One act of somebody at work; throws when what it stands on was killed.
  void act(Soak& soak) {
    switch (soak.below(8)) {
      case 0:
      case 1:
      case 2:
        return type(soak);
      case 3:
      case 4:
        return run_in_terminal(
            place, "cd ~/project && for i in $(seq 30); do head -c $((i * 700)) /dev/urandom > " +
                       fresh("shell") + "-$i; done; mv typed-gone-* old 2>/dev/null; rm -f shell*-7; true");
      case 5:
        return run_in_terminal(place, "cd ~/project && git clone -q ~/origin " + fresh("clone"));
      case 6:
        return run_in_terminal(
            place,
            "cd ~/project && rm -rf node_modules && npm install --silent --offline --no-audit "
            "--no-fund ~/pack/pack-1.0.0.tgz");
      default:
        return run_in_terminal(place,
                               "cd ~/project && head -c 3000000 /dev/urandom >> big && chmod 640 big && "
                               "ln -sfn big big-link && mkdir -p " +
                                   fresh("empty"));
    }
  }

  /// Writes until the blow, or a few times.
  void write_until_killed(Soak& soak) {
    try {
      for (int i = 0; i < 4 && place.server_lives(); ++i) act(soak);
    } catch (const std::exception&) {
      // What was in the middle was not acknowledged.
    }
  }

  void strike(Soak& soak) {
    const auto kind = soak.below(4);
    if (kind == 0) {
      const auto& point = fault_points[soak.below(std::size(fault_points))];
      const auto wanted = std::string(point.name) + ":" + std::to_string(1 + soak.below(point.passes));
      SCOPED_TRACE(wanted);
      if (place.start_server(wanted)) write_until_killed(soak);
      place.kill_server();
      return;
    }
    const auto when = std::chrono::duration_cast<std::chrono::milliseconds>(soak.time_below(1500ms));
    std::jthread killer([&, kind, when] {
      std::this_thread::sleep_for(when);
      if (kind != 1) place.kill_runner();
    });
    if (kind == 1) {
      // The server is killed from this thread, which uses it: between acts and in the middle of one's answer.
      std::jthread writer([&] { write_until_killed(soak); });
      std::this_thread::sleep_for(when);
      ::kill(place.server_pid(), SIGKILL);
    } else {
      write_until_killed(soak);
    }
    killer.join();
    if (kind != 2) place.kill_server();
  }

  void check_acknowledged() {
    for (const auto& [path, text] : acknowledged) {
      const auto reply = place.ask("GET", place.at("/file?path=" + path));
      ASSERT_EQ(reply.status, 200) << path << " " << reply.body;
      std::istringstream lines(text);
      for (std::string line; std::getline(lines, line);)
        EXPECT_TRUE(reply.body.contains(line + "\n"))
            << path << " has lost \"" << line << "\", acknowledged as stored";
    }
  }

  void name_what_is_there() {
    ASSERT_TRUE(place.all_stored());
    const auto before = picture_of(place.home());
    const auto version = place.keep(fresh("round "));
    const auto after = picture_of(place.home());
    if (difference(before, after).empty()) named[version] = after;
  }

  /// What a restore moves away lies in the trash, which is a part of the home.
  static HomePicture without_trash(HomePicture picture) {
    std::erase_if(picture, [](const auto& line) { return line.first.starts_with(".local"); });
    return picture;
  }

  void check_named() {
    for (const auto& [version, picture] : named) {
      place.restore(version);
      EXPECT_EQ(difference(without_trash(picture), without_trash(picture_of(place.home()))), "")
          << "version " << version;
    }
  }
};

TEST_F(KillRounds, NothingAcknowledgedIsLostAndEveryVersionComesBack) {
  Soak soak(12, 300);
  for (int round = 0; round < soak.rounds(); ++round) {
    SCOPED_TRACE(soak.where(round));
    soak.tell(round);
    strike(soak);
    if (!place.server_lives()) place.start_server();
    place.run_workspace();
    check_acknowledged();
    if (soak.one_in(3)) name_what_is_there();
    if (HasFatalFailure() || HasFailure()) break;
  }
  name_what_is_there();
  ASSERT_FALSE(named.empty());
  const auto last = picture_of(place.home());
  // The machine is lost with everything on its disk but the store.
  ASSERT_EQ(place.stop_workspace().at("state"), "stopped") << place.workspace();
  place.lose_home();
  place.run_workspace();
  EXPECT_EQ(difference(last, picture_of(place.home())), "");
  check_acknowledged();
  check_named();
  const auto checked = server::testing::run_berthd({"fsck", "--data", place.data()});
  EXPECT_EQ(checked.status, 0) << checked.output;
  if (HasFailure()) std::fputs(place.log().c_str(), stderr);
}

}  // namespace
}  // namespace berth::test
