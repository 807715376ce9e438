// SPDX-License-Identifier: GPL-3.0-or-later
// Who may connect and how a session behaves: tokens, greeting, limits, malformed input, resuming.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner_client.hpp"

namespace berth::test {
namespace {

using namespace protocol;

std::map<std::string, std::string> upgrade_headers(const std::string& token) {
  return {{"Upgrade", "websocket"},
          {"Connection", "Upgrade"},
          {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
          {"Sec-WebSocket-Version", "13"},
          {"Sec-WebSocket-Protocol", "berth.v1"},
          {"Authorization", "Berth " + token}};
}

TEST(RunnerSession, answers_the_upgrade_with_its_proof_and_the_client_s_own_accept_key) {
  const RunnerProcess runner;
  const auto claims = runner.claims(Role::owner, "session", 30);
  const auto answer = http_get(runner.socket_path(), "/connect",
                               upgrade_headers(sign_connect_token(claims, runner.server_keys().secret_key)));
  EXPECT_EQ(answer.status, 101);
  EXPECT_EQ(answer.header("Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(answer.header("Sec-WebSocket-Protocol"), "berth.v1");
  EXPECT_TRUE(verify_runner_proof(answer.header("Berth-Runner-Proof"), runner.workspace(), claims.nonce,
                                  runner.runner_keys().public_key));
}

TEST(RunnerSession, refuses_forged_expired_foreign_and_missing_tokens) {
  const RunnerProcess runner;
  const auto status = [&](const std::string& token) {
    return http_get(runner.socket_path(), "/connect", upgrade_headers(token)).status;
  };
  const auto sign = [&](const ConnectClaims& claims) {
    return sign_connect_token(claims, runner.server_keys().secret_key);
  };
  EXPECT_EQ(
      status(sign_connect_token(runner.claims(Role::owner, "session", 30), generate_key_pair().secret_key)),
      401);
  EXPECT_EQ(status(sign(runner.claims(Role::owner, "session", -5))), 401);
  EXPECT_EQ(status(sign(runner.claims(Role::owner, "session", 3600))), 401);
  EXPECT_EQ(status(sign(runner.claims(Role::owner, "tunnel:80", 30))), 403);
  auto foreign = runner.claims(Role::owner, "session", 30);
  foreign.workspace = "zzzzzzzz22";
  EXPECT_EQ(status(sign(foreign)), 401);
  auto changed = sign(runner.claims(Role::viewer, "session", 30));
  changed[4] = changed[4] == 'A' ? 'B' : 'A';
  EXPECT_EQ(status(changed), 401);
  EXPECT_EQ(http_get(runner.socket_path(), "/connect", {}).status, 401);
  EXPECT_EQ(http_get(runner.socket_path(), "/etc/passwd", {}).status, 404);
}

TEST(RunnerSession, takes_each_token_once) {
  const RunnerProcess runner;
  const auto token = runner.token(Role::owner);
  EXPECT_EQ(http_get(runner.socket_path(), "/connect", upgrade_headers(token)).status, 101);
  EXPECT_EQ(http_get(runner.socket_path(), "/connect", upgrade_headers(token)).status, 401);
}

TEST(RunnerSession, hello_tells_version_role_and_limits) {
  const RunnerProcess runner;
  const RunnerClient client(runner, Role::editor);
  EXPECT_EQ(client.hello().role, Role::editor);
  EXPECT_EQ(client.hello().workspace, runner.workspace());
  EXPECT_EQ(client.hello().limits.text_frame, max_text_frame);
  EXPECT_FALSE(client.hello().resumed);
}

TEST(RunnerSession, wants_hello_first) {
  const RunnerProcess runner;
  auto client = RunnerClient::without_hello(runner, Role::owner);
  const auto answer = client.call<TerminalList>({});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::invalid_argument);
  EXPECT_TRUE(client.call<SessionPing>({}));
}

TEST(RunnerSession, malformed_messages_are_answered_and_the_session_lives) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  client.send_text("{not json");
  EXPECT_EQ(client.wait_for_anonymous_error().code, ErrorCode::invalid_argument);
  client.send_text("[1,2,3]");
  EXPECT_EQ(client.wait_for_anonymous_error().code, ErrorCode::invalid_argument);
  client.send_text(std::string(100000, '['));
  EXPECT_EQ(client.wait_for_anonymous_error().code, ErrorCode::invalid_argument);
  client.send_binary("short");
  EXPECT_EQ(client.wait_for_anonymous_error().code, ErrorCode::invalid_argument);
  client.send_binary(std::string(16, '\x09'));
  EXPECT_EQ(client.wait_for_anonymous_error().code, ErrorCode::invalid_argument);
  EXPECT_TRUE(client.call<SessionPing>({}));
}

TEST(RunnerSession, oversized_messages_are_refused_and_the_session_lives) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  client.send_text(std::string(max_text_frame + 1, ' '));
  EXPECT_EQ(client.wait_for_anonymous_error().code, ErrorCode::too_large);
  client.send_binary(std::string(max_binary_payload + frame_header_size + 1, '\x01'));
  EXPECT_EQ(client.wait_for_anonymous_error().code, ErrorCode::too_large);
  EXPECT_TRUE(client.call<SessionPing>({}));
}

TEST(RunnerSession, wrong_types_name_the_field) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  const auto error_of = [&](const char* method, Json params) {
    const auto answer = client.wait_for_reply(client.send_request(method, std::move(params)));
    return answer ? std::string("no error") : answer.error().message;
  };
  EXPECT_THAT(error_of("terminal/open", {{"columns", "wide"}, {"rows", 24}}),
              testing::HasSubstr("terminal/open.columns"));
  EXPECT_THAT(error_of("file/list", Json::object()), testing::HasSubstr("file/list.path"));
  EXPECT_THAT(
      error_of("document/edit",
               {{"document", "d"}, {"base_version", 1}, {"operation_id", "x"}, {"operation", {{"a", 1}}}}),
      testing::HasSubstr("document/edit.operation"));
  EXPECT_THAT(error_of("no/such", Json::object()), testing::HasSubstr("no/such"));
}

TEST(RunnerSession, only_the_server_s_link_may_use_control) {
  const RunnerProcess runner;
  RunnerClient client(runner, Role::owner);
  const auto refused = client.call<ControlActivity>({});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::permission_denied);
  RunnerClient server(runner, Role::server);
  const auto activity = server.must<ControlActivity>({});
  EXPECT_EQ(activity.sessions, 1u);
  server.must<ControlNotice>({NoticeKind::idle_warning, "soon", 120});
  const auto notice = client.wait_for<SessionNotice>(
      [](const auto& params) { return params.kind == NoticeKind::idle_warning; });
  ASSERT_TRUE(notice);
  EXPECT_EQ(notice->seconds_left, 120);
}

TEST(RunnerSession, a_resumed_connection_hears_no_answers_to_requests_of_the_one_before) {
  const RunnerProcess runner;
  // Something that takes a while to copy: its answer comes after the resume.
  for (int i = 0; i < 300; ++i) runner.write_file("many/" + std::to_string(i), "x");
  RunnerClient client(runner);
  const auto session = client.hello().session;
  const auto asked = client.send_request("file/copy", {{"from", "many"}, {"to", "copy"}});
  client.must<SessionPing>({});  // it has come there
  client.drop();
  RunnerClient again(runner, Role::owner, session);
  ASSERT_TRUE(again.hello().resumed);
  // Its requests are counted from 1 as well: an answer to the first one's would be taken for one of its own.
  const auto copied = [&] {
    std::error_code missing;
    const std::filesystem::directory_iterator copies(runner.home() / "copy", missing);
    return missing ? 0 : std::distance(begin(copies), end(copies));
  };
  ASSERT_TRUE(again.wait([&] { return copied() == 300; }));
  EXPECT_FALSE(again.wait([&] { return again.take_reply(asked).has_value(); }, 300ms));
}

TEST(RunnerSession, resumes_only_for_the_same_account) {
  const RunnerProcess runner;
  std::string session;
  {
    RunnerClient client(runner);
    session = client.hello().session;
    client.drop();
  }
  EXPECT_TRUE(RunnerClient(runner, Role::owner, session).hello().resumed);
  EXPECT_FALSE(RunnerClient(runner, Role::server, session).hello().resumed);
  EXPECT_FALSE(RunnerClient(runner, Role::owner, "no-such-session").hello().resumed);
}

TEST(RunnerSession, sigterm_ends_it_cleanly) {
  RunnerProcess runner;
  RunnerClient client(runner);
  TestTerminal terminal(client);
  EXPECT_TRUE(terminal.see("$ "));
  EXPECT_EQ(runner.stop(), 0);
}

}  // namespace
}  // namespace berth::test
