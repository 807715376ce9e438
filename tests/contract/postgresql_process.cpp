// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/postgresql_process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace berth::server::testing {
namespace {

using namespace std::chrono_literals;

/// The newest release's programs, where Debian puts them.
std::filesystem::path postgresql_programs() {
  std::filesystem::path newest;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", error))
    if (std::filesystem::exists(entry.path() / "bin/initdb") && entry.path() / "bin" > newest)
      newest = entry.path() / "bin";
  if (newest.empty()) throw std::runtime_error("PostgreSQL is not installed (package postgresql)");
  return newest;
}

}  // namespace

PostgresqlProcess& PostgresqlProcess::shared() {
  static PostgresqlProcess one;
  return one;
}

PostgresqlProcess::PostgresqlProcess(int secure_port)
    : secure_port_(secure_port), programs_(postgresql_programs()) {
  std::string name = std::filesystem::temp_directory_path() / "berth-pg-XXXXXX";  // a socket's path is short
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for PostgreSQL");
  folder_ = name;
  if (::geteuid() == 0) {  // which PostgreSQL refuses
    const auto* user = ::getpwnam("postgres");
    if (user == nullptr) user = ::getpwnam("nobody");
    if (user == nullptr) throw std::runtime_error("no user to run PostgreSQL");
    user_ = user->pw_uid;
    group_ = user->pw_gid;
    if (::chown(folder_.c_str(), user_, group_) != 0)
      throw std::runtime_error("chown of PostgreSQL's folder");
  }
  // Sorted as people do, so that nothing depends on a database that compares bytes.
  run_program({programs_ / "initdb", "-D", folder_ / "data", "-U", "berth", "--auth=trust", "--no-sync",
               "--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"});
  if (secure_port_ != 0) make_secure();
  start();
}

PostgresqlProcess::~PostgresqlProcess() {
  crash();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void PostgresqlProcess::make_secure() const {
  const auto data = folder_ / "data";
  run_program({"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
               "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
               "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", data / "server.key", "-out",
               data / "server.crt"});
  std::ofstream(data / "pg_hba.conf", std::ios::trunc)
      << "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n";
}

pid_t PostgresqlProcess::spawn(const std::vector<std::string>& words) const {
  std::vector<std::string> copies = words;
  std::vector<char*> arguments;
  for (auto& word : copies) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const auto log = (folder_ / "log").string();
  const pid_t child = ::fork();
  if (child != 0) return child;
  if (user_ != 0 && (::setgroups(0, nullptr) != 0 || ::setgid(group_) != 0 || ::setuid(user_) != 0))
    ::_exit(126);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  if (::chdir("/") != 0) ::_exit(126);
  ::setenv("LC_ALL", "C.UTF-8", 1);
  ::execv(arguments.front(), arguments.data());
  ::_exit(127);
}

void PostgresqlProcess::run_program(const std::vector<std::string>& words) const {
  int status = 0;
  const pid_t child = spawn(words);
  if (child < 0 || ::waitpid(child, &status, 0) != child || status != 0)
    throw std::runtime_error(words.front() + " failed: " + said());
}

std::string PostgresqlProcess::said() const {
  std::stringstream text;
  text << std::ifstream(folder_ / "log").rdbuf();
  return text.str();
}

void PostgresqlProcess::start() {
  pid_ = spawn({programs_ / "postgres",
                "-D",
                folder_ / "data",
                "-k",
                folder_,
                "-c",
                secure_port_ == 0 ? "listen_addresses=" : "listen_addresses=127.0.0.1",
                "-c",
                secure_port_ == 0 ? "ssl=off" : "ssl=on",
                "-p",
                std::to_string(secure_port_ == 0 ? 5432 : secure_port_),
                "-c",
                "fsync=off",
                "-c",
                "full_page_writes=off",
                "-c",
                "shared_buffers=32MB",
                "-c",
                "max_connections=100",
                "-c",
                "deadlock_timeout=100ms",
                "-c",
                "jit=off",
                "-c",
                "autovacuum=off"});
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  for (;;) {
    try {
      run("postgres", "SELECT 1");
      return;
    } catch (const std::runtime_error&) {
      int status = 0;
      const bool ended = ::waitpid(pid_, &status, WNOHANG) == pid_;
      if (ended) pid_ = -1;
      if (ended || std::chrono::steady_clock::now() > deadline)
        throw std::runtime_error("PostgreSQL does not start: " + said());
      std::this_thread::sleep_for(20ms);
    }
  }
}

void PostgresqlProcess::crash() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGQUIT);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::string PostgresqlProcess::run(const std::string& database, const std::string& statements) const {
  const std::unique_ptr<PGconn, decltype(&::PQfinish)> connection(
      ::PQconnectdb(("host=" + folder_.string() +
                     " port=" + std::to_string(secure_port_ == 0 ? 5432 : secure_port_) +
                     " user=berth dbname='" + database + "'")
                        .c_str()),
      &::PQfinish);
  ::PQsetNoticeProcessor(connection.get(), [](void*, const char*) {}, nullptr);
  const std::unique_ptr<PGresult, decltype(&::PQclear)> answer(::PQexec(connection.get(), statements.c_str()),
                                                               &::PQclear);
  const auto status = ::PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw std::runtime_error(::PQerrorMessage(connection.get()));
  return ::PQntuples(answer.get()) > 0 ? ::PQgetvalue(answer.get(), 0, 0) : "";
}

void PostgresqlProcess::make_database(const std::string& name, const std::string& options) {
  run("postgres", "CREATE DATABASE \"" + name + "\" " + options);
}

bool PostgresqlProcess::has_database(const std::string& name) {
  return run("postgres", "SELECT COUNT(*) FROM pg_database WHERE datname = '" + name + "'") != "0";
}

void PostgresqlProcess::drop_database(const std::string& name) {
  run("postgres", "DROP DATABASE IF EXISTS \"" + name + "\" WITH (FORCE)");
}

PostgresqlSettings PostgresqlProcess::settings(const std::string& database,
                                               const std::filesystem::path& socket_folder) const {
  PostgresqlSettings settings;
  settings.url = "postgresql://berth@/" + database +
                 "?host=" + (socket_folder.empty() ? folder_ : socket_folder).string();
  return settings;
}

}  // namespace berth::server::testing
