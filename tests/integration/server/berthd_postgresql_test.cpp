// SPDX-License-Identifier: GPL-3.0-or-later
// The real berthd on a real PostgreSQL: while it answers, while it does not, two of them on one, and moving
// there and back.
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <future>
#include <thread>

#include "berthd_process.hpp"
#include "server/random_id.hpp"
#include "tests/contract/postgresql_process.hpp"
#include "tests/integration/gateway/gateway_fixture.hpp"

namespace berth::server::testing {
namespace {

using namespace std::chrono_literals;
using protocol::Json;

class BerthdPostgresql : public ::testing::Test {
 protected:
  void SetUp() override {
    ::chmod(database_.folder().c_str(), 0755);  // berthd is another user than the tests
    database_.make_database(name_);
  }

  std::string url() const { return database_.settings(name_).url; }
  std::vector<std::string> on_postgresql() const { return {"--database", url()}; }
  static int status(const BerthdProcess& server, const std::string& target) {
    return call(server, "GET", target).status;
  }
  static bool becomes(const BerthdProcess& server, const std::string& target, int wanted) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (status(server, target) != wanted) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(20ms);
    }
    return true;
  }
  static Reply sign_in(const BerthdProcess& server, const std::string& email) {
    return call(server, "POST", "/api/v1/auth/sign_in", {}, {{"email", email}, {"password", test_password}});
  }
  /// berthd's other commands, as the user of the data folder.
  static Ended command(const DataPlace& place, std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--data", (place.path() / "data").string()});
    if (::geteuid() == 0)  // as BerthdProcess
      arguments.insert(arguments.end(), {"--user", ::getpwnam("berth") != nullptr ? "berth" : "nobody"});
    return run_berthd(arguments);
  }

  PostgresqlProcess database_;
  const std::string name_ = "berth-" + random_id(8);
};

TEST_F(BerthdPostgresql, IsReadyOnlyWhileItsDatabaseAnswers) {
  const DataPlace place;
  BerthdProcess server(place, on_postgresql());
  register_account(server, "ann@example.org");
  EXPECT_EQ(status(server, "/readyz"), 200);
  EXPECT_FALSE(std::filesystem::exists(place.path() / "data/berth.sqlite"));
  database_.crash();
  EXPECT_EQ(status(server, "/readyz"), 503);
  EXPECT_EQ(status(server, "/healthz"), 200) << "restarting berthd would not help";
  const auto refused = sign_in(server, "ann@example.org");
  EXPECT_EQ(refused.status, 503) << refused.body;
  EXPECT_NE(refused.body.find("database"), std::string::npos) << refused.body;
  database_.start();
  EXPECT_TRUE(becomes(server, "/readyz", 200));
  EXPECT_EQ(sign_in(server, "ann@example.org").status, 200);
  EXPECT_EQ(server.terminate(), 0);
}

/// As where a cluster, or a machine, starts both at once.
TEST_F(BerthdPostgresql, ADatabaseThatStartsLaterIsWaitedFor) {
  const DataPlace place;
  database_.crash();
  auto started = std::async(std::launch::async, [&] {
    BerthdProcess server(place, on_postgresql());
    EXPECT_EQ(status(server, "/readyz"), 200);
    EXPECT_EQ(server.terminate(), 0);
  });
  const auto waits = [&] {
    std::ifstream log(place.path() / "berthd.log");
    return std::string(std::istreambuf_iterator<char>(log), {}).contains("it is waited for");
  };
  EXPECT_TRUE(test::eventually(waits, 15s));
  database_.start();
  started.get();
}

/// Containers belong to one machine, so the servers can't share them; one that crashed is followed at once by
/// another on its data folder.
TEST_F(BerthdPostgresql, OneServerWithContainersOfItsOwnHasTheDatabase) {
  const DataPlace first_place, second_place;
  auto arguments = on_postgresql();
  arguments.insert(arguments.end(), {"--storage-path", (first_place.path() / "data/blobs").string()});
  {
    BerthdProcess first(first_place, arguments);
    register_account(first, "ann@example.org");
    auto serve = arguments;
    serve.insert(serve.begin(), {"serve", "--listen", "127.0.0.1:0", "--preview-listen", "off"});
    const auto refused = command(second_place, serve);
    EXPECT_EQ(refused.status, 1) << refused.output;
    EXPECT_NE(refused.output.find("Another berthd serves"), std::string::npos) << refused.output;
    EXPECT_EQ(status(first, "/readyz"), 200);
    first.crash();
  }
  {
    BerthdProcess again(first_place, arguments);
    EXPECT_EQ(sign_in(again, "ann@example.org").status, 200);
    EXPECT_EQ(again.terminate(), 0);
  }
  // Moved to another machine: it takes the others' key from the database.
  BerthdProcess second(second_place, arguments);
  EXPECT_EQ(sign_in(second, "ann@example.org").status, 200);
  EXPECT_EQ(call(second, "POST", "/api/v1/auth/register", {},
                 {{"email", "ann@example.org"}, {"name", "Ann"}, {"password", test_password}})
                .status,
            409);
}

TEST_F(BerthdPostgresql, MetadataMovesThereAndBack) {
  const DataPlace place;
  {
    BerthdProcess server(place);
    register_account(server, "ann@example.org");
    const auto refused = command(place, {"migrate", "--from", "sqlite", "--to", url()});
    EXPECT_EQ(refused.status, 1) << refused.output;
    EXPECT_NE(refused.output.find("stop it"), std::string::npos) << refused.output;
    EXPECT_EQ(server.terminate(), 0);
  }
  const auto there = command(place, {"migrate", "--from", "sqlite", "--to", url()});
  EXPECT_EQ(there.status, 0) << there.output;
  EXPECT_NE(there.output.find("accounts: 1\n"), std::string::npos) << there.output;
  {
    BerthdProcess server(place, on_postgresql());
    EXPECT_EQ(sign_in(server, "ann@example.org").status, 200);
    register_account(server, "bob@example.org");
    EXPECT_EQ(
        command(place, {"migrate", "--from", url(), "--to", "sqlite:" + place.path().string() + "/data/b"})
            .status,
        1)
        << "it serves";
    EXPECT_EQ(server.terminate(), 0);
  }
  EXPECT_EQ(command(place, {"migrate", "--from", url(), "--to", "sqlite"}).status, 1)
      << "there is one already";
  std::filesystem::rename(place.path() / "data/berth.sqlite", place.path() / "data/before.sqlite");
  const auto back = command(place, {"migrate", "--from", url(), "--to", "sqlite"});
  EXPECT_EQ(back.status, 0) << back.output;
  BerthdProcess server(place);
  EXPECT_EQ(sign_in(server, "bob@example.org").status, 200);
}

TEST_F(BerthdPostgresql, ABackupOfItComesBackIntoAnotherDatabase) {
  const DataPlace place, other;
  const auto backup = (place.path() / "data/backup.tar").string();
  {
    BerthdProcess server(place, on_postgresql());
    register_account(server, "ann@example.org");
    const auto made = command(place, {"backup", backup, "--database", url()});
    EXPECT_EQ(made.status, 0) << made.output;
    EXPECT_EQ(server.terminate(), 0);
  }
  database_.make_database(name_ + "-2");
  const auto second = database_.settings(name_ + "-2").url;
  const auto restored = command(other, {"restore", backup, "--database", second});
  EXPECT_EQ(restored.status, 0) << restored.output;
  const auto again = command(other, {"restore", backup, "--replace", "--database", second});
  EXPECT_EQ(again.status, 0) << again.output;
  BerthdProcess server(other, {"--database", second});
  EXPECT_EQ(sign_in(server, "ann@example.org").status, 200);
}

TEST_F(BerthdPostgresql, StartingWithoutADatabaseSaysWhichAndNotThePassword) {
  const DataPlace place;
  std::filesystem::create_directories(place.path() / "data");
  ::setenv("BERTH_DATABASE", "postgresql://berth:hunter2@/berth?host=/nowhere", 1);
  const auto ended = command(place, {"fsck"});
  ::unsetenv("BERTH_DATABASE");
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(ended.output.find("hunter2"), std::string::npos) << ended.output;
  EXPECT_NE(ended.output.find("postgresql://berth@/nowhere/berth"), std::string::npos) << ended.output;
  const auto flagged = command(place, {"fsck", "--database", "postgresql://berth:hunter2@/berth"});
  EXPECT_EQ(flagged.status, 1);
  EXPECT_EQ(flagged.output.find("hunter2"), std::string::npos) << flagged.output;
  EXPECT_NE(flagged.output.find("--database-password-file"), std::string::npos) << flagged.output;
}

}  // namespace
}  // namespace berth::server::testing
