// SPDX-License-Identifier: GPL-3.0-or-later
// PostgreSQL across a network as it should be: TLS whose certificate is checked, and passwords by SCRAM.
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "protocol/net/file_descriptor.hpp"
#include "server/stores/postgresql_database.hpp"
#include "store_places.hpp"

namespace berth::server {
namespace {

using namespace std::chrono_literals;
using Purpose = PostgresqlDatabase::Purpose;

int free_port() {
  const net::FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    return 0;
  return ntohs(address.sin_port);
}

class PostgresqlSecureTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    port_ = free_port();
    server_ = std::make_unique<testing::PostgresqlProcess>(port_);
    server_->make_database("secure");
    server_->run("postgres", "CREATE ROLE guest LOGIN PASSWORD 'swordfish'");
    server_->run("secure", "GRANT ALL ON SCHEMA public TO guest");
    ::chmod(server_->folder().c_str(), 0755);
  }
  static void TearDownTestSuite() { server_.reset(); }

  PostgresqlSettings settings(const std::string& mode = "verify-full") const {
    PostgresqlSettings made;
    made.url = "postgresql://guest@localhost:" + std::to_string(port_) +
               "/secure?hostaddr=127.0.0.1&sslmode=" + mode + "&sslrootcert=" + certificate().string();
    made.patience = 200ms;
    return made;
  }
  PostgresqlSettings with_password(const std::string& mode = "verify-full") const {
    auto made = settings(mode);
    made.password = "swordfish";
    return made;
  }
  /// The server's, where whoever runs the tests may read it.
  static std::filesystem::path certificate() {
    const auto copy = server_->folder() / "trusted.crt";
    if (!std::filesystem::exists(copy)) std::filesystem::copy_file(server_->certificate(), copy);
    return copy;
  }
  std::filesystem::path file_with(const std::string& name, const std::string& text) const {
    const auto path = folder_.path / name;
    std::ofstream(path, std::ios::trunc) << text;
    ::chmod(path.c_str(), 0600);
    return path;
  }
  static Result<std::string> asked(SqlDatabase& database, const std::string& question) {
    return database.read<std::string>([&](SqlSession& sql) -> Result<std::string> {
      std::string answer;
      sql.run(question, soci::into(answer));
      return answer;
    });
  }
  static constexpr const char* protocol_in_use =
      "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl";

  struct Folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / ("berth-secure-" + random_id(8));
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
  } folder_;
  static inline std::unique_ptr<testing::PostgresqlProcess> server_;
  static inline int port_ = 0;
};

TEST_F(PostgresqlSecureTest, APasswordOverCheckedTlsOpensIt) {
  auto database = PostgresqlDatabase::open(with_password(), Purpose::serve);
  ASSERT_TRUE(database) << database.error().message << " " << database.error().detail;
  const auto version = asked(**database, protocol_in_use);
  ASSERT_TRUE(version) << version.error().detail;
  EXPECT_TRUE(version->starts_with("TLSv1.")) << *version;
  EXPECT_EQ(server_->run("postgres",
                         "SELECT rolpassword LIKE 'SCRAM-SHA-256%' FROM pg_authid WHERE rolname = "
                         "'guest'"),
            "t");
}

TEST_F(PostgresqlSecureTest, APasswordComesFromItsFileAndFromPgpass) {
  auto by_file = settings();
  by_file.password_file = file_with("password", "swordfish\n");
  EXPECT_TRUE(PostgresqlDatabase::open(by_file, Purpose::serve));
  const auto pgpass = file_with("pgpass", "localhost:*:secure:guest:swordfish\n");
  ::setenv("PGPASSFILE", pgpass.c_str(), 1);
  const auto by_pgpass = PostgresqlDatabase::open(settings(), Purpose::serve);
  ::setenv("PGPASSFILE", file_with("other", "nowhere:*:*:*:x\n").c_str(), 1);
  const auto by_none = PostgresqlDatabase::open(settings(), Purpose::serve);
  ::unsetenv("PGPASSFILE");
  EXPECT_TRUE(by_pgpass) << by_pgpass.error().detail;
  EXPECT_FALSE(by_none);
}

TEST_F(PostgresqlSecureTest, AWrongPasswordIsToldAndNeverShown) {
  auto wrong = settings();
  wrong.password = "hunter2";
  const auto opened = PostgresqlDatabase::open(wrong, Purpose::serve);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
  EXPECT_NE(opened.error().detail.find("password authentication failed"), std::string::npos)
      << opened.error().detail;
  EXPECT_EQ((opened.error().message + opened.error().detail).find("hunter2"), std::string::npos);
}

TEST_F(PostgresqlSecureTest, AStrangersCertificateAndAPlainConnectionAreRefused) {
  auto stranger = with_password();
  stranger.url += "&connect_timeout=3";
  stranger.url.replace(stranger.url.find(certificate().string()), certificate().string().size(),
                       file_with("none.crt", "").string());
  const auto unknown = PostgresqlDatabase::open(stranger, Purpose::serve);
  EXPECT_FALSE(unknown);
  const auto plain = PostgresqlDatabase::open(with_password("disable"), Purpose::serve);
  ASSERT_FALSE(plain);
  EXPECT_NE(plain.error().detail.find("no encryption"), std::string::npos) << plain.error().detail;
  auto other_name = with_password();
  other_name.url.replace(other_name.url.find("localhost"), 9, "db.example");
  EXPECT_FALSE(PostgresqlDatabase::open(other_name, Purpose::serve)) << "its certificate names another host";
}

/// The password's file changes, as mounted secrets do; connections that are opened later use the new one.
TEST_F(PostgresqlSecureTest, APasswordThatChangesInItsFileIsTakenUp) {
  auto by_file = settings();
  by_file.patience = 5s;
  by_file.password_file = file_with("password", "swordfish\n");
  auto database = PostgresqlDatabase::open(by_file, Purpose::serve);
  ASSERT_TRUE(database) << database.error().detail;
  server_->run("postgres", "ALTER ROLE guest PASSWORD 'changed'");
  file_with("password", "changed\n");
  server_->run("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'guest'");
  EXPECT_TRUE(asked(**database, protocol_in_use));
  server_->run("postgres", "ALTER ROLE guest PASSWORD 'swordfish'");
}

TEST_F(PostgresqlSecureTest, AnnouncementsComeOverTlsToo) {
  auto database = PostgresqlDatabase::open(with_password(), Purpose::serve),
       other = PostgresqlDatabase::open(with_password(), Purpose::serve);
  ASSERT_TRUE(database && other);
  std::atomic<int> begun{0}, heard{0};
  const auto listener =
      (*other)->listen({.heard = [&](const Announcement&) { ++heard; }, .missed = [&] { ++begun; }});
  const auto becomes = [](const std::atomic<int>& count) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (count == 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(5ms);
    return count > 0;
  };
  ASSERT_TRUE(becomes(begun));
  ASSERT_TRUE((*database)->transaction<void>([&](SqlSession& sql) -> Result<void> {
    (*database)->announce(
        sql, {.kind = AnnouncementKind::leases_free, .subject = "x", .except = {}, .reason = {}});
    return {};
  }));
  EXPECT_TRUE(becomes(heard));
}

/// A repair holds the database by one connection; when that is lost, others may be writing already.
TEST_F(PostgresqlSecureTest, WhoHasTheDatabaseAloneWritesNothingOnceThatIsLost) {
  auto alone = PostgresqlDatabase::open(with_password(), Purpose::alone);
  ASSERT_TRUE(alone) << alone.error().message << " " << alone.error().detail;
  const auto write = [&] {
    return (*alone)->transaction<void>([](SqlSession& sql) -> Result<void> {
      sql.run("INSERT INTO settings (name, value) VALUES ('x', 'y') ON CONFLICT (name) DO NOTHING");
      return {};
    });
  };
  EXPECT_TRUE(write());
  server_->run("secure", "DELETE FROM settings");
  server_->run("postgres",
               "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND mode = "
               "'ExclusiveLock'");
  auto serving = PostgresqlDatabase::open(with_password(), Purpose::serve);
  ASSERT_TRUE(serving) << "the lock is free";
  const auto written = write();
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::conflict);
  EXPECT_EQ(server_->run("secure", "SELECT COUNT(*) FROM settings"), "0");
}

/// What the kernel is told about a node that vanishes without a word.
TEST_F(PostgresqlSecureTest, ConnectionsGiveUpOnASilentNode) {
  const auto text = postgresql_connect_string(with_password());
  ASSERT_TRUE(text);
  for (const auto* option : {"keepalives_idle='10'", "keepalives_interval='5'", "keepalives_count='3'",
                             "tcp_user_timeout='25000'", "connect_timeout='5'"})
    EXPECT_NE(text->find(option), std::string::npos) << option;
}

}  // namespace
}  // namespace berth::server
