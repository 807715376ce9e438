// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/gateway.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include "protocol/codec.hpp"
#include "protocol/version.hpp"
#include "server/access_watch.hpp"
#include "server/application.hpp"
#include "server/audit_log.hpp"
#include "server/runner_dial.hpp"
#include "server/sharing.hpp"
#include "server/splice.hpp"

namespace berth::server {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using namespace std::chrono_literals;

namespace {

constexpr auto answer_deadline = 10s;
constexpr std::size_t websocket_key_size = 24;  // base64 of 16 bytes

Result<void> check_websocket(const http::request_header<>& request) {
  const auto wrong = [](const char* message) { return failure(ErrorCode::invalid_argument, message); };
  if (request.method() != http::verb::get ||
      !http::token_list(request[http::field::connection]).exists("upgrade") ||
      !boost::beast::iequals(request[http::field::upgrade], "websocket"))
    return wrong("This address takes WebSocket connections only.");
  if (request[http::field::sec_websocket_version] != "13") return wrong("WebSocket version 13 is needed.");
  const auto key = request[http::field::sec_websocket_key];
  if (key.size() != websocket_key_size || !key.ends_with("==") ||
      key.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") != key.npos)
    return wrong("Sec-WebSocket-Key is not 16 bytes in base64.");
  if (!http::token_list(request[http::field::sec_websocket_protocol]).exists(protocol::subprotocol))
    return wrong(
        "The WebSocket subprotocol berth.v1 is needed; another version of Berth may run on this server.");
  return {};
}

std::string error_answer(const Error& error) {
  const auto status = static_cast<http::status>(http_status(error.code));
  const auto body = protocol::to_text(protocol::encode(
      protocol::rest::Error{{std::string(to_string(error.code)), error.message, error.data}}));
  return "HTTP/1.1 " + std::to_string(static_cast<unsigned>(status)) + " " +
         std::string(http::obsolete_reason(status)) +
         "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nCache-Control: no-store\r\nConnection: close\r\n" +
         (error.code == ErrorCode::invalid_argument ? "Sec-WebSocket-Version: 13\r\n" : "") + "\r\n" + body;
}

std::string upgrade_answer(const RunnerConnection& runner) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
         "Upgrade\r\nSec-WebSocket-Accept: " +
         runner.accept + "\r\nSec-WebSocket-Protocol: " + std::string(protocol::subprotocol) + "\r\n\r\n";
}

net::Task<bool> answer(HttpConnection& connection, std::string text) {
  connection.stream.expires_after(answer_deadline);
  const auto [error, size] =
      co_await asio::async_write(connection.stream, asio::buffer(text), asio::as_tuple(asio::use_awaitable));
  connection.stream.expires_never();
  co_return !error;
}

}  // namespace

/// Who was let in, to what; and the watch that began before the last check.
struct Gateway::Admission {
  Principal principal;
  RunnerTarget target;
  std::unique_ptr<AccessWatch> watch;
};

net::Task<Result<Gateway::Admission>> Gateway::admit(const http::request_header<>& request,
                                                     const std::string& workspace) {
  auto credentials = read_credentials(request[http::field::authorization], request[http::field::cookie],
                                      application_.origins->https());
  auto principal = co_await application_.accounts->authenticate(credentials);
  if (!principal) co_return std::unexpected(std::move(principal.error()));
  if (principal->scopes && !permits(*principal->scopes, protocol::rest::Scope::connect))
    co_return std::unexpected(scope_refusal(protocol::rest::Scope::connect));
  if (principal->by_cookie &&
      !application_.origins->is_own(request[http::field::origin], request[http::field::host]))
    co_return failure(ErrorCode::permission_denied, "Connections from other sites are refused.",
                      "origin " + std::string(request[http::field::origin]));
  if (auto valid = check_websocket(request); !valid) co_return std::unexpected(std::move(valid.error()));

  auto watch = std::make_unique<AccessWatch>(
      application_.events,
      SessionEvents::Scope{principal->sign_in, principal->account, workspace, principal->stands_until});
  // Asked again: a sign-out between the first answer and the watch would go unnoticed for ever.
  if (auto again = co_await application_.accounts->authenticate(std::move(credentials)); !again)
    co_return std::unexpected(std::move(again.error()));
  auto admitted =
      co_await application_.sharing->admit(std::move(*principal), workspace, protocol::Role::viewer);
  if (!admitted) co_return std::unexpected(std::move(admitted.error()));
  principal = std::move(*admitted);
  watch->watch(
      {principal->sign_in, principal->account, workspace, principal->stands_until, {}, principal->in->role});
  auto target = co_await application_.workspaces->runner_target(*principal, workspace);
  if (!target) co_return std::unexpected(std::move(target.error()));
  co_return Admission{std::move(*principal), std::move(*target), std::move(watch)};
}

net::Task<void> Gateway::handle_upgrade(HttpConnection connection, http::request_header<> request,
                                        std::string workspace) {
  auto admission = co_await admit(request, workspace);
  // What is done in a window is the runner's; that an administrator looks through somebody's eyes is told.
  if (admission && application_.audit && !admission->principal.impersonator.empty()) {
    const AuditNote note;
    auto record = audit_record({.route = "OpenWindow",
                                .method = "POST",
                                .path = "/api/v1/workspaces/{id}/connect",
                                .access = protocol::rest::Access::account,
                                .id = workspace,
                                .other = {},
                                .address = client_address(application_, connection, request),
                                .principal = admission->principal,
                                .note = note},
                               nullptr);
    if (record) co_await application_.audit->write(std::move(*record));
  }
  auto runner = Result<RunnerConnection>(std::unexpect);
  if (admission) {
    runner = co_await dial_runner(admission->target.address,
                                  {"/connect",
                                   "websocket",
                                   {.workspace = workspace,
                                    .user = admission->principal.account,
                                    .user_name = admission->principal.name,
                                    .role = admission->target.role,
                                    .capabilities = {"session"},
                                    .nonce = {}},
                                   {{"Sec-WebSocket-Key", request[http::field::sec_websocket_key]},
                                    {"Sec-WebSocket-Version", "13"},
                                    {"Sec-WebSocket-Protocol", std::string(protocol::subprotocol)}}},
                                  application_.keys.connect.secret_key);
  } else {
    runner = std::unexpected(std::move(admission.error()));
  }
  if (!runner) {
    const auto& error = runner.error();
    if (!error.detail.empty())
      spdlog::info("connect to {} refused: {} ({})", workspace, error.message, error.detail);
    co_await answer(connection, error_answer(error));
    co_return;
  }
  request.clear();
  if (!co_await answer(connection, upgrade_answer(*runner))) co_return;

  std::string early(static_cast<const char*>(connection.buffer.data().data()), connection.buffer.size());
  connection.buffer = {};
  Splice splice(StreamSocket(connection.stream.release_socket()), std::move(runner->socket), true,
                application_.traffic.gateway);
  admission->watch->guard(splice.handle());
  co_await splice.run(std::move(early), std::move(runner->early));
}

std::unique_ptr<UpgradeHandler> make_gateway(Application& application) {
  return std::make_unique<Gateway>(application);
}

}  // namespace berth::server
