// SPDX-License-Identifier: GPL-3.0-or-later
// A running workspace with an owner, an editor and a viewer; a stranger stands beside.
#pragma once

#include "protocol/frame.hpp"
#include "tests/integration/gateway/gateway_fixture.hpp"

namespace berth::test {

class SharedWorkspaceTest : public GatewayTest {
 protected:
  static void SetUpTestSuite() {
    GatewayTest::SetUpTestSuite();
    editor_ = make_person("editor");
    viewer_ = make_person("viewer");
    share(workspace(), "editor", "editor");
    share(workspace(), "viewer", "viewer");
  }

  static const Person& editor() { return editor_; }
  static const Person& viewer() { return viewer_; }

  static std::string address_of(const std::string& name) { return name + "@example.test"; }
  static Person make_person(const std::string& name) {
    const auto made = fetch(
        server().port(), "POST", "/api/v1/auth/register",
        {{"Host", server().host()}, {"Berth-Client", "native"}, {"Content-Type", "application/json"}},
        protocol::Json{{"email", address_of(name)}, {"name", name}, {"password", "correct horse battery"}}
            .dump());
    if (made.status >= 300) throw std::runtime_error(made.body);
    return sign_in(address_of(name));
  }
  static protocol::Json parsed(const Reply& reply) {
    const auto json = protocol::parse_json(reply.body);
    if (reply.status >= 300 || !json) throw std::runtime_error(reply.head + reply.body);
    return *json;
  }
  /// By the owner.
  static protocol::Json share(const std::string& id, const std::string& name, const std::string& role) {
    return parsed(api("POST", "/workspaces/" + id + "/members", owner(),
                      {{"email", address_of(name)}, {"role", role}}));
  }
  static std::string account_of(const Person& who) { return parsed(api("GET", "/me", who)).at("id"); }
  static std::string message_of(const Reply& reply) {
    const auto json = protocol::parse_json(reply.body);
    return json && json->contains("error") ? json->at("error").at("message").get<std::string>() : "";
  }
  static std::string make_stopped(const Person& who) {
    return parsed(api("POST", "/workspaces", who,
                      {{"name", "Stopped"}, {"template_id", "empty"}, {"start", false}}))
        .at("id");
  }
  /// The error's code, "" for an answer without one.
  static std::string error_code(WebSocket& window, const std::string& method, const protocol::Json& params) {
    static std::int64_t next = 1'000'000;
    const auto id = next++;
    window.send(1, protocol::request_text(id, method, params));
    while (const auto message = window.receive()) {
      if (message->opcode != 1) continue;
      const auto json = protocol::parse_json(message->payload);
      if (!json || !json->contains("id") || json->at("id") != id) continue;
      return json->contains("error") ? json->at("error").at("data").at("code").get<std::string>() : "";
    }
    throw std::runtime_error(method + ": the window ended");
  }
  static void send_keys(WebSocket& window, std::uint32_t channel, const std::string& keys) {
    window.send(2, protocol::encode_frame({protocol::FrameKind::data, false, channel, 0}, keys));
  }
  static bool has_file(const std::string& path) {
    return api("GET", "/workspaces/" + workspace() + "/file?path=" + path, owner()).status == 200;
  }

 private:
  static inline Person editor_, viewer_;
};

}  // namespace berth::test
