// SPDX-License-Identifier: GPL-3.0-or-later
#include "berthd_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace berth::server::testing {
namespace {

using std::chrono::steady_clock;

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Root gives berthd an ordinary user to become: the one that packages make, else whoever is there.
std::string ordinary_user() {
  for (const char* name : {"berth", "nobody"})
    if (::getpwnam(name)) return name;
  throw std::runtime_error("there is no ordinary user to run berthd as");
}

pid_t spawn(const std::vector<std::string>& arguments, int out, int error) {
  std::vector<char*> raw;
  for (const auto& argument : arguments) raw.push_back(const_cast<char*>(argument.c_str()));
  raw.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(out, 1);
    ::dup2(error, 2);
    ::execv(raw[0], raw.data());
    ::_exit(127);
  }
  return pid;
}

/// The status, or -1 when it has not ended within `limit`.
int wait_for_end(pid_t pid, std::chrono::seconds limit) {
  const auto until = steady_clock::now() + limit;
  while (steady_clock::now() < until) {
    int status = 0;
    if (::waitpid(pid, &status, WNOHANG) == pid)
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    ::poll(nullptr, 0, 5);
  }
  return -1;
}

std::uint16_t number_after(const std::string& text, const std::string& begin) {
  const auto at = text.find(begin);
  return at == text.npos ? 0 : static_cast<std::uint16_t>(std::stoi(text.substr(at + begin.size())));
}

}  // namespace

DataPlace::DataPlace() {
  std::string name = std::filesystem::temp_directory_path() / "berthd-test-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
  ::chmod(name.c_str(), 0755);
}

DataPlace::~DataPlace() {
  // Homes may hold files of subordinate ids; as root that is no obstacle.
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

BerthdProcess::BerthdProcess(const DataPlace& place, std::vector<std::string> arguments)
    : log_(place.path() / "berthd.log") {
  std::vector<std::string> all{BERTHD,
                               "serve",
                               "--listen",
                               "127.0.0.1:0",
                               "--preview-listen",
                               "127.0.0.1:0",
                               "--runner",
                               BERTH_RUNNER,
                               "--templates",
                               BERTH_TEMPLATES,
                               "--data",
                               place.path() / "data",
                               "--allow-unlimited"};
  if (::geteuid() == 0) all.insert(all.end(), {"--user", ordinary_user()});
  all.insert(all.end(), arguments.begin(), arguments.end());
  int out[2];
  if (::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const int log = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  const auto begun = steady_clock::now();
  pid_ = spawn(all, out[1], log);
  ::close(out[1]);
  ::close(log);
  // "listening on", and the set-up link on the next line while there is no administrator, come in one write.
  std::string text;
  char piece[512];
  pollfd ready{out[0], POLLIN, 0};
  while (text.find("listening on") == text.npos && ::poll(&ready, 1, 20'000) == 1) {
    const auto size = ::read(out[0], piece, sizeof piece);
    if (size <= 0) break;
    text.append(piece, static_cast<std::size_t>(size));
  }
  start_time_ = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - begun);
  ::close(out[0]);
  port_ = number_after(text, "listening on http://127.0.0.1:");
  if (port_ == 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    throw std::runtime_error("berthd did not start: " + text + this->log());
  }
  if (const auto at = text.find("setup?token="); at != text.npos)
    setup_token_ = text.substr(at + 12, text.find('\n', at) - at - 12);
  preview_port_ =
      number_after(json_of(call(*this, "GET", "/api/v1/server"))["preview_fallback"], "http://localhost:");
}

BerthdProcess::~BerthdProcess() {
  if (pid_ <= 0) return;
  EXPECT_EQ(terminate(), 0) << log();
}

std::string BerthdProcess::log() const { return text_of(log_); }

int BerthdProcess::terminate() {
  ::kill(pid_, SIGTERM);
  const int status = wait_for_end(pid_, std::chrono::seconds(60));
  if (status < 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  pid_ = -1;
  return status;
}

void BerthdProcess::crash() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

Ended run_berthd(const std::vector<std::string>& arguments, std::chrono::seconds limit) {
  const DataPlace place;
  const auto file = place.path() / "output";
  std::vector<std::string> all{BERTHD};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  const pid_t pid = spawn(all, out, out);
  ::close(out);
  const int status = wait_for_end(pid, limit);
  if (status < 0) ::kill(pid, SIGKILL);
  return {status, text_of(file)};
}

protocol::Json json_of(const Reply& reply) {
  auto json = protocol::parse_json(reply.body);
  if (!json) throw std::runtime_error("not JSON: " + reply.head + reply.body);
  return *json;
}

Reply call(const BerthdProcess& server, const std::string& method, const std::string& target,
           const std::string& token, const protocol::Json& body) {
  Fields fields{{"Host", server.host()}, {"Berth-Client", "native"}};
  if (!token.empty()) fields.emplace_back("Authorization", "Bearer " + token);
  if (!body.is_null()) fields.emplace_back("Content-Type", "application/json");
  return fetch(server.port(), method, target, fields, body.is_null() ? "" : body.dump());
}

protocol::Json register_account(const BerthdProcess& server, const std::string& email) {
  const auto reply = call(server, "POST", "/api/v1/auth/register", {},
                          {{"email", email}, {"name", "Test"}, {"password", test_password}});
  EXPECT_EQ(reply.status, 200) << reply.body;
  return json_of(reply);
}

}  // namespace berth::server::testing
