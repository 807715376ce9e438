// SPDX-License-Identifier: GPL-3.0-or-later
#include "durable_place.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "protocol/codec.hpp"

namespace berth::test {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using server::testing::BerthdProcess;
using server::testing::json_of;
using std::chrono::steady_clock;

namespace {

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The next message of the runner, with its own deadline; throws when the connection ends.
Json next_message(WebSocket& socket) {
  for (;;) {
    const auto message = socket.receive();
    if (!message || message->opcode == 8) throw std::runtime_error("the connection ended");
    if (message->opcode != 1) continue;
    if (auto json = protocol::parse_json(message->payload)) return *json;
  }
}

}  // namespace

DurablePlace::DurablePlace(std::vector<std::string> arguments, StoreKind kind)
    : store_(kind, place_.path()), arguments_(std::move(arguments)) {
  for (auto& argument : store_.arguments()) arguments_.push_back(std::move(argument));
  server_ = std::make_unique<BerthdProcess>(place_, arguments_);
  // The first account is the administrator's, who sets quotas.
  const auto set_up = call(*server_, "POST", "/api/v1/setup", {},
                           {{"token", server_->setup_token()},
                            {"email", "ann@example.org"},
                            {"name", "Ann"},
                            {"password", server::testing::test_password}});
  if (set_up.status != 200) throw std::runtime_error(set_up.body);
  start_server();
}

DurablePlace::~DurablePlace() {
  try {
    if (!store_.lives()) store_.start();
    if (!server_lives()) start_server();
    if (!workspace_.empty()) ask("DELETE", at());
  } catch (const std::exception&) {
    // The server's end is judged by its own destructor.
  }
  // Workspaces outlive a server that could not be asked.
  for (const auto runner : runners()) ::kill(runner, SIGKILL);
}

bool DurablePlace::server_lives() const {
  siginfo_t ended{};
  return server_ &&
         ::waitid(P_PID, static_cast<id_t>(server_->pid()), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         ended.si_pid == 0;
}

bool DurablePlace::start_server(const FaultPoints& fault_points) {
  kill_server();
  if (!fault_points.server.empty()) ::setenv("BERTH_FAULT_POINT", fault_points.server.c_str(), 1);
  if (!fault_points.runner.empty()) ::setenv("BERTH_RUNNER_FAULT_POINT", fault_points.runner.c_str(), 1);
  const auto disarm = [] {
    ::unsetenv("BERTH_FAULT_POINT");
    ::unsetenv("BERTH_RUNNER_FAULT_POINT");
  };
  try {
    server_ = std::make_unique<BerthdProcess>(place_, arguments_);
    disarm();
    const auto reply = call(*server_, "POST", "/api/v1/auth/sign_in", {},
                            {{"email", "ann@example.org"}, {"password", server::testing::test_password}});
    if (reply.status != 200) throw std::runtime_error(reply.body);
    token_ = json_of(reply).at("access_token");
    return true;
  } catch (const std::exception&) {
    disarm();
    if (fault_points.server.empty()) throw;
    kill_server();  // it met its fault point already
    return false;
  }
}

void DurablePlace::kill_server() {
  if (!server_) return;
  server_->crash();
  server_.reset();
}

std::vector<pid_t> DurablePlace::runners() const {
  std::vector<pid_t> found;
  if (workspace_.empty()) return found;
  // Its home is mounted from a folder of its name, on whatever disk that lies.
  const auto mark = "/" + workspace_ + "/";
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const auto name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != name.npos) continue;
    if (!text_of(entry.path() / "comm").starts_with("berth-runner")) continue;
    if (text_of(entry.path() / "mountinfo").contains(mark)) found.push_back(std::stoi(name));
  }
  return found;
}

bool DurablePlace::kill_runner() {
  const auto found = runners();
  for (const auto runner : found) ::kill(runner, SIGKILL);
  return !found.empty();
}

server::testing::Reply DurablePlace::ask(const std::string& method, const std::string& target,
                                         const Json& body) {
  if (!server_) throw std::runtime_error("there is no server");
  return call(*server_, method, target, token_, body);
}

Json DurablePlace::good(const std::string& method, const std::string& target, const Json& body) {
  const auto reply = ask(method, target, body);
  if (reply.status != 200) throw std::runtime_error(method + " " + target + " " + reply.body);
  return json_of(reply);
}

Json DurablePlace::workspace() { return good("GET", at()); }

bool DurablePlace::reaches(const std::string& state, std::chrono::seconds limit) {
  return eventually([&] { return workspace().at("state") == state; }, limit);
}

const std::string& DurablePlace::run_workspace() {
  for (const auto until = steady_clock::now() + 60s; steady_clock::now() < until;)
    if (start_workspace_once()) return workspace_;
  throw std::runtime_error("the workspace does not run: " + workspace().dump());
}

bool DurablePlace::start_workspace_once() {
  if (workspace_.empty())
    workspace_ = good("POST", "/api/v1/workspaces", {{"name", "durable"}, {"template_id", "empty"}}).at("id");
  const auto settled = [&] {
    const auto state = workspace().at("state");
    return state != "starting" && state != "stopping";
  };
  (void)eventually(settled, 30s);
  if (workspace().at("state") == "running") {
    try {
      connect();
      return true;
    } catch (const std::exception&) {
      // One whose runner was killed is shown as running until the server has looked.
      ask("POST", at("/stop"));
      (void)eventually(settled, 30s);
    }
  }
  ask("POST", at("/start"));
  (void)eventually(settled, 30s);
  if (workspace().at("state") != "running") return false;
  try {
    connect();
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

Json DurablePlace::stop_workspace() {
  // With a store that is away it is answered when patience with that has ended.
  auto wire = Wire::connect_tcp(server_->port());
  wire.set_deadline(90s);
  wire.send(request_text(
      "POST", at("/stop"),
      {{"Host", server_->host()}, {"Berth-Client", "native"}, {"Authorization", "Bearer " + token_}}));
  const auto reply = read_reply(wire);
  if (reply.status != 200) throw std::runtime_error("stop: " + reply.body);
  return json_of(reply);
}

void DurablePlace::lose_home() { fs::remove_all(data() / "workspaces" / workspace_); }

fs::path DurablePlace::home() const { return data() / "workspaces" / workspace_ / "home"; }

WebSocket DurablePlace::connect() {
  if (!server_) throw std::runtime_error("there is no server");
  auto wire = Wire::connect_tcp(server_->port());
  wire.send(request_text("GET", at("/connect"),
                         websocket_fields(server_->host(), {{"Authorization", "Bearer " + token_},
                                                            {"Sec-WebSocket-Protocol", "berth.v1"}})));
  const auto reply = read_reply(wire);
  if (reply.status != 101) throw std::runtime_error(reply.head + reply.body);
  WebSocket socket(std::move(wire));
  hello(socket);
  return socket;
}

Json DurablePlace::storage() {
  auto socket = connect();
  for (;;) {
    const auto message = next_message(socket);
    if (message.value("method", "") == "workspace/storage") return message.at("params");
  }
}

std::string DurablePlace::problem_told(std::chrono::seconds limit) {
  std::string problem;
  const auto waits = [&] {
    const auto now = storage();
    problem = now.at("problem");
    return now.at("progress") == "waiting";
  };
  return eventually(waits, limit) ? problem : "";
}

std::vector<Json> DurablePlace::versions() {
  std::vector<Json> all;
  std::string cursor;
  do {
    const auto page = good("GET", at("/versions?limit=200" + (cursor.empty() ? "" : "&cursor=" + cursor)));
    for (const auto& version : page.at("versions")) all.push_back(version);
    cursor = page.value("cursor", "");
  } while (!cursor.empty());
  return all;
}

std::string DurablePlace::keep(const std::string& name) {
  return good("POST", at("/versions"), {{"name", name}}).at("id");
}

server::testing::Ended DurablePlace::check_store(std::chrono::seconds limit) {
  std::vector<std::string> words{"fsck", "--data", data().string()};
  words.insert(words.end(), arguments_.begin(), arguments_.end());
  return server::testing::run_berthd(words, limit);
}

void DurablePlace::restore(const std::string& version) {
  const auto restored = good("POST", at("/versions/" + version + "/restore"), Json::object());
  if (!restored.at("problems").empty()) throw std::runtime_error(restored.dump());
}

bool DurablePlace::all_stored(std::chrono::seconds limit) {
  // Written last, so that a version that has it has all that was written before.
  const auto mark = std::to_string(++marks_);
  const auto put = ask("PUT", at("/file?path=project/mark"), mark);
  if (put.status != 200) throw std::runtime_error(put.body);
  return eventually(
      [&] {
        (void)eventually([] { return false; }, 30ms);  // the server has other work, too
        if (!runner_lives()) throw std::runtime_error("the runner has ended");
        const auto page = good("GET", at("/versions?limit=1"));
        if (page.at("versions").empty() || page.at("versions").front().at("problems") != 0) return false;
        const std::string newest = page.at("versions").front().at("id");
        return ask("GET", at("/versions/" + newest + "/file?path=project/mark")).body == Json(mark).dump();
      },
      limit);
}

void run_in_terminal(DurablePlace& place, const std::string& command) {
  auto socket = place.connect();
  const auto opened = call(socket, "terminal/open", {{"columns", 80}, {"rows", 24}, {"command", command}});
  const std::string terminal = opened.at("terminal").at("terminal");
  const auto ended = [&] {
    const auto listed = call(socket, "terminal/list", Json::object());
    for (const auto& one : listed.at("terminals")) {
      if (one.at("terminal") != terminal || one.at("running")) continue;
      if (one.value("exit_code", -1) != 0)
        throw std::runtime_error("it failed: " + command + " " + one.dump());
      call(socket, "terminal/close", {{"terminal", terminal}});
      return true;
    }
    return false;
  };
  if (!eventually(ended, 120s)) throw std::runtime_error("it does not end: " + command);
}

void wait_for_terminals(DurablePlace& place) {
  auto socket = place.connect();
  const auto quiet = [&] {
    bool running = false;
    const auto listed = call(socket, "terminal/list", Json::object());
    for (const auto& one : listed.at("terminals")) {
      running = running || one.at("running");
      if (!one.at("running")) call(socket, "terminal/close", {{"terminal", one.at("terminal")}});
    }
    return !running;
  };
  if (!eventually(quiet, 60s)) throw std::runtime_error("a program does not end");
}

void type_and_wait_until_stored(DurablePlace& place, const std::string& path, const std::string& text,
                                const std::function<void()>& on_acknowledged, std::chrono::seconds limit) {
  static std::atomic<int> next_operation = 1;
  auto socket = place.connect();
  const auto document = call(socket, "document/open", {{"path", path}, {"create", true}});
  const std::uint64_t length = document.at("length");
  Json operation = Json::array({text});
  if (length > 0) operation.push_back(length);
  const std::uint64_t version = call(socket, "document/edit",
                                     {{"document", document.at("document")},
                                      {"base_version", document.at("version")},
                                      {"operation_id", "durability-" + std::to_string(::getpid()) + "-" +
                                                           std::to_string(next_operation++)},
                                      {"operation", operation}})
                                    .at("version");
  on_acknowledged();
  socket.wire().set_deadline(limit);
  const auto until = steady_clock::now() + limit;
  while (steady_clock::now() < until) {
    const auto message = next_message(socket);
    if (message.value("method", "") != "document/state") continue;
    const auto& state = message["params"];
    if (state["document"] == document["document"] &&
        state.value("stored_version", std::uint64_t{0}) >= version)
      return;
  }
  throw std::runtime_error(path + " was not stored in time");
}

}  // namespace berth::test
