// SPDX-License-Identifier: GPL-3.0-or-later
#include "replicas_fixture.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

namespace berth::server::testing {
namespace {

std::filesystem::path new_folder() {
  std::string name = std::filesystem::temp_directory_path() / "berth-replicas-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return name;
}

std::string read_all(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

SharedPlace::SharedPlace() : folder_(new_folder()) {
  std::filesystem::create_directories(workspaces());
  std::filesystem::create_directories(folder_ / "templates/empty/files");
  std::ofstream(folder_ / "templates/empty/template.json")
      << R"({"id":"empty","name":"Empty","description":"Nothing","run_command":"","open_file":"project"})";
  database_.make_database("berth");
}

SharedPlace::~SharedPlace() {
  for (const auto& entry : std::filesystem::directory_iterator(workspaces())) {
    if (entry.path().extension() != ".running") continue;
    std::ifstream note(entry.path());
    pid_t process = 0;
    if (note >> process; process > 0) ::kill(process, SIGKILL);
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::vector<std::string> SharedPlace::environment() const {
  const auto& s3 = storage_.settings();
  return {"BERTH_DATABASE=" + database_.settings("berth").url,
          "BERTH_STORAGE_KIND=s3",
          "BERTH_STORAGE_ENDPOINT=" + s3.endpoint,
          "BERTH_STORAGE_REGION=" + s3.region,
          "BERTH_STORAGE_BUCKET=" + s3.bucket,
          "BERTH_STORAGE_ACCESS_KEY=" + s3.access_key,
          "BERTH_STORAGE_SECRET_KEY=" + s3.secret_key,
          "BERTH_STORAGE_PATH_STYLE=true"};
}

ReplicaProcess::ReplicaProcess(const SharedPlace& place, const std::string& name,
                               std::vector<std::string> more) {
  const auto data = place.folder() / name;
  std::filesystem::create_directories(data);
  log_ = place.folder() / (name + ".log");
  int out[2];
  if (::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, log_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const auto templates = (place.folder() / "templates").string(), workspaces = place.workspaces().string();
  const char* arguments[] = {REPLICA_SERVER,    data.c_str(), workspaces.c_str(),
                             templates.c_str(), BERTH_RUNNER, nullptr};
  auto variables = place.environment();
  variables.insert(variables.end(), more.begin(), more.end());
  std::vector<char*> environment;
  for (auto** one = environ; *one != nullptr; ++one) environment.push_back(*one);
  for (auto& one : variables) environment.push_back(one.data());
  environment.push_back(nullptr);
  if (::posix_spawn(&process_, REPLICA_SERVER, &actions, nullptr, const_cast<char**>(arguments),
                    environment.data()) != 0)
    throw std::runtime_error("the server can't be started");
  posix_spawn_file_actions_destroy(&actions);
  ::close(out[1]);
  std::string text;
  char piece[512];
  while (text.find("listening on") == text.npos || !text.ends_with('\n')) {
    const auto size = ::read(out[0], piece, sizeof piece);
    if (size <= 0) break;
    text.append(piece, static_cast<std::size_t>(size));
  }
  ::close(out[0]);
  if (!text.starts_with("listening on http://")) throw std::runtime_error("the server said: " + text + log());
  port_ = static_cast<std::uint16_t>(std::stoi(text.substr(text.find(':', 19) + 1)));
  if (const auto token = text.find("token="); token != text.npos)
    setup_token_ = text.substr(token + 6, text.find('\n', token) - token - 6);
}

ReplicaProcess::~ReplicaProcess() {
  if (process_ != 0) kill();
}

std::string ReplicaProcess::log() const { return read_all(log_); }

void ReplicaProcess::signal(int number) const { ::kill(process_, number); }

int ReplicaProcess::terminate() {
  signal(SIGTERM);
  int status = 0;
  if (!eventually([&] { return ::waitpid(process_, &status, WNOHANG) == process_; },
                  std::chrono::seconds(20))) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, &status, 0);
  }
  process_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void ReplicaProcess::kill() {
  signal(SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = 0;
}

Reply ReplicaProcess::call(std::string_view method, const std::string& path, const std::string& token,
                           const Json& body) const {
  test::Fields fields{{"Host", host()}, {"Berth-Client", "native"}};
  if (!token.empty()) fields.emplace_back("Authorization", "Bearer " + token);
  const bool raw = body.is_string();
  if (!body.is_null() && !raw) fields.emplace_back("Content-Type", "application/json");
  return test::fetch(port_, method, "/api/v1" + path, fields,
                     body.is_null() ? ""
                     : raw          ? body.get<std::string>()
                                    : body.dump());
}

WebSocket ReplicaProcess::connect(const std::string& workspace, const std::string& token) const {
  auto wire = test::Wire::connect_tcp(port_);
  wire.send(test::request_text("GET", "/api/v1/workspaces/" + workspace + "/connect",
                               test::websocket_fields(host(), {{"Authorization", "Bearer " + token},
                                                               {"Sec-WebSocket-Protocol", "berth.v1"}})));
  const auto reply = test::read_reply(wire);
  if (reply.status != 101) throw std::runtime_error(reply.head + reply.body);
  return WebSocket(std::move(wire));
}

std::string ReplicaProcess::sign_in(const std::string& email) const {
  return json_of(call("POST", "/auth/sign_in", {}, {{"email", email}, {"password", password}}))
      .at("access_token");
}

std::string ReplicaProcess::register_account(const std::string& email) const {
  return json_of(call("POST", "/auth/register", {},
                      {{"email", email}, {"name", "Somebody"}, {"password", password}}))
      .at("access_token");
}

Json json_of(const Reply& reply) {
  const auto json = protocol::parse_json(reply.body);
  if (!json) throw std::runtime_error("not JSON: " + reply.head + reply.body);
  if (reply.status >= 300) throw std::runtime_error(reply.head + reply.body);
  return *json;
}

}  // namespace berth::server::testing
