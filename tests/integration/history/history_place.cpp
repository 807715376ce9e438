// SPDX-License-Identifier: GPL-3.0-or-later
#include "history_place.hpp"

#include <cstdio>
#include <fstream>
#include <sstream>

namespace berth::server::testing {

using protocol::Json;

HistoryPlace::HistoryPlace(std::vector<std::string> arguments)
    : server(std::make_unique<BerthdProcess>(place, std::move(arguments))),
      token(register_account(*server, "ann@example.org")["access_token"]) {}

void HistoryPlace::TearDown() {
  const auto left = json_of(ask("GET", "/api/v1/workspaces"));
  for (const auto& one : left["workspaces"])
    EXPECT_EQ(ask("DELETE", at(one["id"].get<std::string>())).status, 200);
  if (HasFailure()) std::fputs(server->log().c_str(), stderr);
}

Reply HistoryPlace::ask(const std::string& method, const std::string& target, const Json& body) {
  return call(*server, method, target, token, body);
}

Reply HistoryPlace::raw(const std::string& method, const std::string& target, Fields fields,
                        const std::string& body) {
  fields.insert(fields.begin(), {{"Host", server->host()}, {"Authorization", "Bearer " + token}});
  return fetch(server->port(), method, target, fields, body);
}

Json HistoryPlace::good(const std::string& method, const std::string& target, const Json& body) {
  const auto reply = ask(method, target, body);
  EXPECT_EQ(reply.status, 200) << method << " " << target << " " << reply.body;
  return json_of(reply);
}

std::string HistoryPlace::create(const std::string& template_id) {
  const auto made = good("POST", "/api/v1/workspaces", {{"name", "work"}, {"template_id", template_id}});
  EXPECT_EQ(made["state"], "running") << made.dump();
  return made["id"];
}

void HistoryPlace::put(const std::string& workspace, const std::string& path, const std::string& bytes) {
  const auto reply = raw("PUT", at(workspace, "/file?path=" + path), {}, bytes);
  ASSERT_EQ(reply.status, 200) << path << " " << reply.body;
}

std::string HistoryPlace::get(const std::string& workspace, const std::string& path) {
  const auto reply = raw("GET", at(workspace, "/file?path=" + path));
  return reply.status == 200 ? reply.body : "status " + std::to_string(reply.status);
}

std::string HistoryPlace::keep(const std::string& workspace, const std::string& name) {
  const auto made = good("POST", at(workspace, "/versions"), {{"name", name}});
  EXPECT_EQ(made["kind"], "named");
  return made["id"];
}

std::string HistoryPlace::old(const std::string& workspace, const std::string& version,
                              const std::string& path) {
  const auto reply = raw("GET", at(workspace, "/versions/" + version + "/file?path=" + path));
  return reply.status == 200 ? reply.body : "status " + std::to_string(reply.status);
}

test::WebSocket HistoryPlace::connect(const std::string& workspace) {
  auto wire = Wire::connect_tcp(server->port());
  wire.send(test::request_text(
      "GET", at(workspace, "/connect"),
      test::websocket_fields(
          server->host(), {{"Authorization", "Bearer " + token}, {"Sec-WebSocket-Protocol", "berth.v1"}})));
  const auto head = wire.receive_until("\r\n\r\n");
  EXPECT_NE(head.find(" 101 "), std::string::npos) << head;
  test::WebSocket socket(std::move(wire));
  test::hello(socket);
  return socket;
}

std::string HistoryPlace::import_problem(const std::string& workspace) {
  auto socket = connect(workspace);
  socket.send(1, protocol::request_text(99, "file/list", {{"path", ""}}));
  std::string problem;
  while (const auto message = socket.receive()) {
    if (message->opcode != 1) continue;
    const auto json = protocol::parse_json(message->payload);
    if (!json) continue;
    if (json->contains("id") && json->at("id") == 99) return problem;
    if (json->value("method", "") == "workspace/import" && json->at("params").contains("problem"))
      problem = json->at("params").at("problem");
  }
  throw std::runtime_error("the connection ended before the answer");
}

std::string HistoryPlace::run(const std::string& command) {
  std::string output;
  FILE* pipe = ::popen(("LC_ALL=C.UTF-8; export LC_ALL; { " + command + "; } 2>&1").c_str(), "r");
  char piece[4096];
  for (std::size_t got; (got = std::fread(piece, 1, sizeof piece, pipe)) > 0;) output.append(piece, got);
  EXPECT_EQ(::pclose(pipe), 0) << command << "\n" << output;
  return output;
}

std::string HistoryPlace::text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

void HistoryPlace::write(const std::filesystem::path& file, const std::string& bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

}  // namespace berth::server::testing
