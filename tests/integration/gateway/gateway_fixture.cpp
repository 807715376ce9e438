// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_fixture.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace berth::test {

namespace {

using protocol::Json;

constexpr const char* password = "correct horse battery";

std::filesystem::path new_folder() {
  std::string name = std::filesystem::temp_directory_path() / "berth-gateway-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return name;
}

void write_template(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder / "empty" / "files");
  std::ofstream(folder / "empty" / "template.json")
      << R"({"id":"empty","name":"Empty","description":"Nothing","run_command":"","open_file":"project"})";
}

Json parsed(const Reply& reply) {
  const auto json = protocol::parse_json(reply.body);
  if (!json) throw std::runtime_error("not JSON: " + reply.head + reply.body);
  return *json;
}

std::string cookies_of(const Reply& reply) {
  std::string all;
  for (const auto& cookie : reply.fields("Set-Cookie"))
    all += (all.empty() ? "" : "; ") + cookie.substr(0, cookie.find(';'));
  return all;
}

/// As a browser and as a native client.
Person signed_in(const ServerProcess& server, const Json& credentials) {
  Person person;
  const Fields browser{
      {"Host", server.host()}, {"Origin", server.origin()}, {"Content-Type", "application/json"}};
  const auto by_cookie = fetch(server.port(), "POST", "/api/v1/auth/sign_in", browser, credentials.dump());
  if (by_cookie.status >= 300) throw std::runtime_error("sign-in failed: " + by_cookie.head + by_cookie.body);
  person.cookies = cookies_of(by_cookie);
  const Fields native{
      {"Host", server.host()}, {"Berth-Client", "native"}, {"Content-Type", "application/json"}};
  person.token = parsed(fetch(server.port(), "POST", "/api/v1/auth/sign_in", native, credentials.dump()))
                     .at("access_token");
  return person;
}

}  // namespace

ServerProcess::ServerProcess(const std::string& preview_host) : folder_(new_folder()) {
  write_template(folder_ / "templates");
  int out[2];
  if (::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  const auto log = (folder_ / "berthd.log").string();
  posix_spawn_file_actions_addopen(&actions, 2, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const auto templates = (folder_ / "templates").string();
  const char* arguments[] = {DIRECT_SERVER,
                             folder_.c_str(),
                             templates.c_str(),
                             BERTH_RUNNER,
                             preview_host.empty() ? nullptr : preview_host.c_str(),
                             nullptr};
  if (::posix_spawn(&process_, DIRECT_SERVER, &actions, nullptr, const_cast<char**>(arguments), environ) != 0)
    throw std::runtime_error("the server can't be started");
  posix_spawn_file_actions_destroy(&actions);
  ::close(out[1]);
  std::string text;
  char piece[512];
  while (text.find("setup?token=") == text.npos || !text.ends_with('\n')) {
    const auto size = ::read(out[0], piece, sizeof piece);
    if (size <= 0) break;
    text.append(piece, static_cast<std::size_t>(size));
  }
  ::close(out[0]);
  if (!text.starts_with("listening on http://")) {
    std::ifstream file(log);
    throw std::runtime_error("the server said: " + text +
                             std::string{std::istreambuf_iterator<char>(file), {}});
  }
  port_ = static_cast<std::uint16_t>(std::stoi(text.substr(text.find(':', 19) + 1)));
  const auto token = text.find("token=") + 6;
  setup_token_ = text.substr(token, text.find('\n', token) - token);
  const auto info = parsed(fetch(port_, "GET", "/api/v1/server", {{"Host", host()}}));
  const std::string fallback = info.at("preview_fallback");
  preview_port_ = static_cast<std::uint16_t>(std::stoi(fallback.substr(fallback.rfind(':') + 1)));
}

ServerProcess::~ServerProcess() {
  if (process_ != 0) stop();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::filesystem::path ServerProcess::socket_of(const std::string& workspace) const {
  return folder_ / "workspaces" / (workspace + ".socket");
}

std::uint64_t ServerProcess::memory() const {
#ifdef BERTH_SANITIZED
  return 0;  // a sanitizer's own bookkeeping would be measured
#endif
  std::ifstream file("/proc/" + std::to_string(process_) + "/smaps_rollup");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("Pss_Anon:")) return std::stoull(line.substr(9));
  ADD_FAILURE() << "The server's memory can't be read.";
  return 0;
}

int ServerProcess::stop() {
  ::kill(process_, SIGTERM);
  int status = 0;
  if (!eventually([&] { return ::waitpid(process_, &status, WNOHANG) == process_; })) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, &status, 0);
  }
  process_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void GatewayTest::SetUpTestSuite() {
  server_ = std::make_unique<ServerProcess>();
  const Fields fields{
      {"Host", server_->host()}, {"Berth-Client", "native"}, {"Content-Type", "application/json"}};
  const Json owner{{"token", server_->setup_token()},
                   {"email", "owner@example.test"},
                   {"name", "Owner"},
                   {"password", password}};
  const auto set_up = fetch(server_->port(), "POST", "/api/v1/setup", fields, owner.dump());
  ASSERT_LT(set_up.status, 300) << set_up.body;
  const Json other{{"email", "stranger@example.test"}, {"name", "Stranger"}, {"password", password}};
  const auto registered = fetch(server_->port(), "POST", "/api/v1/auth/register", fields, other.dump());
  ASSERT_LT(registered.status, 300) << registered.body;
  owner_ = sign_in("owner@example.test");
  stranger_ = sign_in("stranger@example.test");
  workspace_ = make_workspace(owner_);
}

void GatewayTest::TearDownTestSuite() {
  EXPECT_EQ(server_->stop(), 0) << "SIGTERM ends it in order";
  server_.reset();
}

Reply GatewayTest::api(std::string_view method, const std::string& path, const Person& who,
                       const Json& body) {
  const Fields fields{{"Host", server_->host()},
                      {"Authorization", "Bearer " + who.token},
                      {"Content-Type", "application/json"}};
  return fetch(server_->port(), method, "/api/v1" + path, fields, body.is_null() ? "" : body.dump());
}

Person GatewayTest::sign_in(const std::string& email) {
  return signed_in(*server_, {{"email", email}, {"password", password}});
}

std::string GatewayTest::make_workspace(const Person& who) {
  const auto made = api("POST", "/workspaces", who, {{"name", "Test"}, {"template_id", "empty"}});
  if (made.status >= 300) throw std::runtime_error(made.body);
  const std::string id = parsed(made).at("id");
  if (!eventually([&] { return parsed(api("GET", "/workspaces/" + id, who)).at("state") == "running"; }))
    throw std::runtime_error("the workspace does not start: " + api("GET", "/workspaces/" + id, who).body);
  return id;
}

WebSocket GatewayTest::connect(const Person& who, const std::string& workspace) {
  auto wire = Wire::connect_tcp(server_->port());
  wire.send(request_text("GET", connect_path(workspace),
                         websocket_fields(server_->host(), {{"Origin", server_->origin()},
                                                            {"Cookie", who.cookies},
                                                            {"Sec-WebSocket-Protocol", "berth.v1"}})));
  const auto reply = read_reply(wire);
  if (reply.status != 101) throw std::runtime_error(reply.head + reply.body);
  return WebSocket(std::move(wire));
}

Json call(WebSocket& socket, const std::string& method, const Json& params) {
  static std::int64_t next = 1;
  const auto id = next++;
  socket.send(1, protocol::request_text(id, method, params));
  while (const auto message = socket.receive()) {
    if (message->opcode != 1) continue;
    const auto json = protocol::parse_json(message->payload);
    if (!json || !json->contains("id") || json->at("id") != id) continue;
    if (json->contains("error")) throw std::runtime_error(message->payload);
    return json->at("result");
  }
  throw std::runtime_error("the connection ended before the answer to " + method);
}

Json hello(WebSocket& socket) {
  return call(socket, "session/hello", {{"protocol_major", 1}, {"protocol_minor", 0}, {"client", "test"}});
}

}  // namespace berth::test
