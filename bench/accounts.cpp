// SPDX-License-Identifier: GPL-3.0-or-later
// bench_accounts [sign_in | rest] [--json] [--quick] --programs DIR --templates DIR --work DIR: how many
// people a berthd with 10,000 accounts signs in a second, and how often it answers with the list of
// somebody's workspaces, over SQLite and over a real PostgreSQL. Beside the first stands argon2id alone, on
// as many threads as the server hashes on; beside the second the server's own answer to /healthz, which asks
// nobody.
#include <curl/curl.h>
#include <pwd.h>
#include <sodium.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <iostream>
#include <thread>

#include "bench/options.hpp"
#include "protocol/codec.hpp"
#include "tests/contract/postgresql_process.hpp"

namespace berth::bench {
namespace {

using protocol::Json;

constexpr int people = 10'000, workspaces_each = 3, clients = 4, hashing_threads = 2;
constexpr const char* password = "measured, not guessed";

std::string email_of(int person) { return "p" + std::to_string(person) + "@example.org"; }

std::string hash_of_password() {
  std::string hash(crypto_pwhash_STRBYTES, '\0');
  if (crypto_pwhash_str(hash.data(), password, std::strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
    throw Failure("no memory for a password's hash");
  hash.resize(std::strlen(hash.c_str()));
  return hash;
}

/// SQL of either database.
std::string population(const std::string& hash) {
  const auto numbers = [](int count) {
    return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
           std::to_string(count) + ") ";
  };
  const std::string id = "'person' || i", workspace =
                                              "'w' || REPLACE(REPLACE(REPLACE(REPLACE("
                                              "SUBSTR(CAST(1000000000 + i AS TEXT), 2), '0', 'a'), "
                                              "'1', 'b'), '8', 'i'), '9', 'j')";
  return numbers(people) +
         "INSERT INTO accounts (id, email, name, password_hash, administrator, created) SELECT " + id +
         ", 'p' || i || '@example.org', 'Person ' || i, '" + hash + "', 0, 1 FROM n; " +
         numbers(people * workspaces_each) +
         "INSERT INTO workspaces (id, account, name, template_id, state, reason, created, last_used, home) "
         "SELECT " +
         workspace + ", 'person' || (1 + i % " + std::to_string(people) +
         "), 'Workspace ' || i, 'python', 'stopped', '', i, i, 'behind' FROM n";
}

/// A berthd with all these people, over a database that is there.
class PopulatedServer {
 public:
  PopulatedServer(const Places& places, const std::string& name, std::vector<std::string> database)
      : places_(places),
        database_(std::move(database)),
        data_(places.work / name),
        log_(places.work / "logs" / (name + ".log")) {
    std::filesystem::create_directories(log_.parent_path());
  }

  void start() {
    std::vector<std::string> command{places_.programs / "berthd",
                                     "serve",
                                     "--listen",
                                     "127.0.0.1:0",
                                     "--preview-listen",
                                     "off",
                                     "--data",
                                     data_,
                                     "--templates",
                                     places_.templates,
                                     "--runner",
                                     places_.programs / "berth-runner",
                                     "--rate-limit",
                                     "0",
                                     "--rate-limit-anonymous",
                                     "0",
                                     "--allow-unlimited",
                                     "--log-level",
                                     "warning"};
    command.insert(command.end(), database_.begin(), database_.end());
    process_.emplace(Process::Start{std::move(command), places_.work, log_});
    const auto address = process_->wait_for_line("listening on http://", std::chrono::seconds(60));
    origin_ = "http://127.0.0.1:" + address.substr(address.rfind(':') + 1);
  }
  void stop() { process_.reset(); }
  const std::string& origin() const { return origin_; }
  std::filesystem::path file() const { return data_ / "berth.sqlite"; }

 private:
  Places places_;
  std::vector<std::string> database_;
  std::filesystem::path data_;
  std::filesystem::path log_;
  std::optional<Process> process_;
  std::string origin_;
};

/// One keep-alive connection.
class Client {
 public:
  Client() : curl_(curl_easy_init()) {}
  Client(const Client&) = delete;
  ~Client() {
    curl_slist_free_all(headers_);
    curl_easy_cleanup(curl_);
  }
  void carry(const std::string& header) { headers_ = curl_slist_append(headers_, header.c_str()); }
  std::string call(const std::string& url, const std::string& body = {}) {
    std::string answer;
    curl_easy_reset(curl_);
    curl_easy_setopt(curl_, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers_);
    curl_easy_setopt(curl_, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl_, CURLOPT_TIMEOUT, 60L);
    curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl_, CURLOPT_WRITEDATA, &answer);
    if (!body.empty()) curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, body.c_str());
    long status = 0;
    if (curl_easy_perform(curl_) == CURLE_OK) curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200)
      throw Failure(url + " was answered with " + std::to_string(status) + ": " + answer.substr(0, 300));
    return answer;
  }
  Json sign_in(const std::string& origin, int person) {
    const auto body = protocol::to_text(Json{{"email", email_of(person)}, {"password", password}});
    return *protocol::parse_json(call(origin + "/api/v1/auth/sign_in", body));
  }

 private:
  static std::size_t collect(const char* bytes, std::size_t size, std::size_t count, void* text) {
    static_cast<std::string*>(text)->append(bytes, size * count);
    return size * count;
  }
  CURL* curl_;
  curl_slist* headers_ = nullptr;
};

/// How often all of them together did `work` in a second; it is given the thread's number and the count so
/// far.
double rate(int threads, std::chrono::milliseconds time, const std::function<void(int, int)>& work) {
  std::atomic<int> done = 0;
  std::exception_ptr failed;
  std::atomic<bool> over = false;
  const auto begin = Clock::now();
  {
    std::vector<std::jthread> all;
    for (int thread = 0; thread < threads; ++thread)
      all.emplace_back([&, thread] {
        try {
          for (int count = 0; !over && Clock::now() - begin < time; ++count) {
            work(thread, count);
            ++done;
          }
        } catch (...) {
          if (!over.exchange(true)) failed = std::current_exception();
        }
      });
  }
  if (failed) std::rethrow_exception(failed);
  return done / std::chrono::duration<double>(Clock::now() - begin).count();
}

void measure_sign_in(const std::string& name, const std::string& origin, const std::string& hash,
                     std::chrono::milliseconds time, Report& report) {
  std::vector<Client> all(clients);
  for (auto& client : all) {
    client.carry("Berth-Client: native");
    client.carry("Content-Type: application/json");
  }
  const auto signed_in = rate(clients, time, [&](int thread, int count) {
    all[static_cast<std::size_t>(thread)].sign_in(origin, 1 + (count * clients + thread) % people);
  });
  const auto alone = rate(hashing_threads, time, [&](int, int) {
    if (crypto_pwhash_str_verify(hash.c_str(), password, std::strlen(password)) != 0)
      throw Failure("a wrong hash");
  });
  report.add({.name = "sign_in." + name,
              .value = signed_in,
              .unit = "a second",
              .peer = "argon2id",
              .peer_value = alone});
}

void measure_rest(const std::string& name, const std::string& origin, std::chrono::milliseconds time,
                  Report& report) {
  std::vector<Client> all(clients);
  for (int i = 0; i < clients; ++i) {
    Client guest;
    guest.carry("Berth-Client: native");
    guest.carry("Content-Type: application/json");
    const std::string token = guest.sign_in(origin, 100 + i).at("access_token");
    all[static_cast<std::size_t>(i)].carry("Authorization: Bearer " + token);
  }
  const auto client = [&](int thread) -> Client& { return all[static_cast<std::size_t>(thread)]; };
  const auto listed = protocol::parse_json(client(0).call(origin + "/api/v1/workspaces"));
  if (listed->at("workspaces").size() != workspaces_each) throw Failure("not all workspaces are listed");
  const auto list =
      rate(clients, time, [&](int thread, int) { client(thread).call(origin + "/api/v1/workspaces"); });
  const auto health = rate(clients, time, [&](int thread, int) { client(thread).call(origin + "/healthz"); });
  report.add({.name = "rest." + name + ".list",
              .value = list,
              .unit = "a second",
              .peer = "healthz",
              .peer_value = health});
}

/// Where root starts both, berthd becomes the user whose PostgreSQL it is: nobody else reaches its socket.
std::vector<std::string> as_owner_of(const std::filesystem::path& folder) {
  struct stat facts{};
  if (::geteuid() != 0 || ::stat(folder.c_str(), &facts) != 0) return {};
  const auto* owner = ::getpwuid(facts.st_uid);
  if (!owner) throw Failure("the owner of " + folder.string() + " has no name");
  return {"--user", owner->pw_name};
}

void put_into_sqlite(const std::filesystem::path& file, const std::string& statements) {
  sqlite3* database = nullptr;
  char* problem = nullptr;
  const bool good = sqlite3_open(file.c_str(), &database) == SQLITE_OK &&
                    sqlite3_exec(database, ("BEGIN; " + statements + "; COMMIT").c_str(), nullptr, nullptr,
                                 &problem) == SQLITE_OK;
  const std::string said = problem ? problem : "it can't be opened";
  sqlite3_free(problem);
  sqlite3_close(database);
  if (!good) throw Failure("SQLite: " + said);
}

int run_accounts(const Options& options) {
  auto report = make_report(options);
  if (!options.name.empty() && options.name != "sign_in" && options.name != "rest")
    throw Failure("there is no subject '" + options.name + "'");
  const auto hash = hash_of_password();
  const std::chrono::milliseconds time(options.quick ? 1'000 : 10'000);
  const auto measure = [&](const std::string& name, PopulatedServer& server) {
    server.start();
    if (options.name != "rest") measure_sign_in(name, server.origin(), hash, time, report);
    if (options.name != "sign_in") measure_rest(name, server.origin(), time, report);
    server.stop();
  };

  PopulatedServer embedded(options.places, "sqlite", {});
  embedded.start();  // it makes the tables
  embedded.stop();
  put_into_sqlite(embedded.file(), population(hash));
  measure("sqlite", embedded);

  server::testing::PostgresqlProcess postgresql;
  postgresql.make_database("bench");
  std::vector<std::string> database{"--database", postgresql.settings("bench").url, "--replica-address",
                                    "127.0.0.1:1"};
  std::ranges::copy(as_owner_of(postgresql.folder()), std::back_inserter(database));
  PopulatedServer shared(options.places, "postgresql", database);
  shared.start();
  shared.stop();
  postgresql.run("bench", population(hash));
  measure("postgresql", shared);
  return 0;
}

}  // namespace
}  // namespace berth::bench

int main(int argc, char** argv) {
  try {
    if (sodium_init() < 0) throw berth::bench::Failure("libsodium does not start");
    return berth::bench::run_accounts(berth::bench::parse_options(argc, argv));
  } catch (const std::exception& error) {
    std::cerr << "bench: " << error.what() << std::endl;
    return 1;
  }
}
