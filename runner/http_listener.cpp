// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/http_listener.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <charconv>
#include <cstring>

#include "protocol/codec.hpp"
#include "runner/loopback_dial.hpp"
#include "runner/socket_deadline.hpp"
#include "runner/websocket_connection.hpp"
#include "runner/workspace.hpp"

namespace berth::runner {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;
using net::Task;

constexpr std::chrono::seconds request_patience{10};
constexpr std::size_t longest_header = 16u << 10;
constexpr std::size_t splice_buffer = 16u << 10;

Task<void> refuse(StreamSocket& socket, const Error& error, http::status status) {
  http::response<http::string_body> response(status, 11);
  response.set(http::field::content_type, "application/json");
  response.keep_alive(false);
  response.body() = protocol::to_text(
      {{"error", {{"code", std::string(to_string(error.code))}, {"message", error.message}}}});
  response.prepare_payload();
  error_code ignored;
  co_await http::async_write(socket, response, asio::redirect_error(asio::use_awaitable, ignored));
  socket.shutdown(asio::socket_base::shutdown_both, ignored);
}

Task<void> refuse(StreamSocket& socket, const Error& error) {
  co_await refuse(socket, error, http::int_to_status(static_cast<unsigned>(http_status(error.code))));
}

std::optional<std::uint16_t> port_of_target(std::string_view target) {
  constexpr std::string_view prefix = "/tunnel?port=";
  if (!target.starts_with(prefix)) return std::nullopt;
  target.remove_prefix(prefix.size());
  std::uint16_t port = 0;
  const auto [end, status] = std::from_chars(target.data(), target.data() + target.size(), port);
  if (status != std::errc() || end != target.data() + target.size() || port == 0) return std::nullopt;
  return port;
}

/// One direction of a tunnel; ends by passing the end of the stream on.
Task<void> copy_bytes(std::shared_ptr<StreamSocket> from, std::shared_ptr<StreamSocket> to) {
  std::string buffer(splice_buffer, '\0');
  error_code error;
  while (!error) {
    const auto size = co_await from->async_read_some(asio::buffer(buffer),
                                                     asio::redirect_error(asio::use_awaitable, error));
    if (error) break;
    co_await asio::async_write(*to, asio::buffer(buffer.data(), size),
                               asio::redirect_error(asio::use_awaitable, error));
  }
  error_code ignored;
  to->shutdown(asio::socket_base::shutdown_send, ignored);
  if (error != asio::error::eof) {  // broken, not ended: nothing more comes of the other direction
    from->close(ignored);
    to->close(ignored);
  }
}

Task<void> serve_tunnel(Workspace& workspace, StreamSocket socket, std::uint16_t port, std::string early,
                        std::string proof) {
  auto target = co_await dial_loopback(workspace, port);
  if (!target) {
    co_await refuse(socket, target.error(), http::status::bad_gateway);
    co_return;
  }
  http::response<http::empty_body> response(http::status::switching_protocols, 11);
  response.set(http::field::connection, "Upgrade");
  response.set(http::field::upgrade, "berth-tunnel");
  response.set("Berth-Runner-Proof", proof);
  error_code error;
  co_await http::async_write(socket, response, asio::redirect_error(asio::use_awaitable, error));
  auto near = std::make_shared<StreamSocket>(std::move(socket));
  auto far = std::make_shared<StreamSocket>(std::move(*target));
  if (!error && !early.empty())
    co_await asio::async_write(*far, asio::buffer(early), asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return;
  workspace.tasks.spawn(copy_bytes(near, far));
  workspace.tasks.spawn(copy_bytes(far, near));
}

Task<void> serve(Workspace& workspace, ConnectionGate& gate, StreamSocket socket) {
  boost::beast::flat_buffer buffer;
  http::request_parser<http::empty_body> parser;
  parser.header_limit(longest_header);
  parser.body_limit(0);
  SocketDeadline deadline(socket, request_patience);
  error_code error;
  co_await http::async_read_header(socket, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
  if (error == http::error::end_of_stream || (error && !socket.is_open())) co_return;
  if (error) {
    co_await refuse(socket,
                    Error{ErrorCode::invalid_argument, "This is no HTTP request that the runner takes."});
    co_return;
  }
  const auto request = parser.release();
  const std::string_view target = request.target();
  const auto port = port_of_target(target);
  if (request.method() != http::verb::get || (target != "/connect" && !port)) {
    co_await refuse(socket, Error{ErrorCode::not_found, "The runner serves /connect and /tunnel?port=N."});
    co_return;
  }
  const std::string capability = port ? "tunnel:" + std::to_string(*port) : "session";
  auto claims = gate.admit(request[http::field::authorization], capability, std::time(nullptr));
  if (!claims) {
    workspace.log("Refused a connection: " + claims.error().message + " " + claims.error().detail);
    co_await refuse(socket, claims.error());
    co_return;
  }
  const auto proof = gate.proof(*claims);
  const std::string early(static_cast<const char*>(buffer.data().data()), buffer.size());
  if (port && boost::beast::iequals(request[http::field::upgrade], "berth-tunnel")) {
    deadline.met();
    co_await serve_tunnel(workspace, std::move(socket), *port, early, proof);
    co_return;
  }
  if (port || !boost::beast::websocket::is_upgrade(request) || !early.empty()) {
    co_await refuse(socket, Error{ErrorCode::invalid_argument, "An upgrade is needed here."});
    co_return;
  }
  deadline.met();
  accept_websocket(std::move(socket), request, proof,
                   [&workspace, claims = std::move(*claims)](std::shared_ptr<Connection> connection) {
                     if (auto made = workspace.sessions.connect(workspace, claims, connection); !made)
                       connection->close(made.error().message);
                   });
}

}  // namespace

HttpListener::HttpListener(asio::io_context& io, net::FileDescriptor listening, Workspace& workspace,
                           ConnectionGate& gate)
    : socket_(io.get_executor(), listening.release()), pause_(io), workspace_(workspace), gate_(gate) {
  socket_.non_blocking(true);
}

void HttpListener::run() { wait(); }

void HttpListener::close() {
  error_code ignored;
  socket_.close(ignored);
  pause_.cancel();
}

void HttpListener::wait() {
  socket_.async_wait(asio::posix::descriptor_base::wait_read, [this](error_code error) {
    if (error) return;
    accept_all();
  });
}

void HttpListener::accept_all() {
  for (;;) {
    if (workspace_.tasks.size() > most_connections) break;
    const int fd = ::accept4(socket_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
    if (fd < 0 && errno == EAGAIN) return wait();
    if (fd < 0) break;
    sockaddr_storage local{};
    socklen_t length = sizeof local;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&local), &length);
    if (local.ss_family != AF_UNIX) {
      const int on = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    }
    StreamSocket socket(
        workspace_.io.get_executor(),
        asio::generic::stream_protocol(local.ss_family, local.ss_family == AF_UNIX ? 0 : IPPROTO_TCP), fd);
    workspace_.tasks.spawn(serve(workspace_, gate_, std::move(socket)));
  }
  // Out of descriptors or over the limit: try again when some have ended.
  pause_.expires_after(std::chrono::milliseconds(100));
  pause_.async_wait([this](error_code error) {
    if (!error) wait();
  });
}

Result<net::FileDescriptor> listen_tcp(const std::string& address) {
  const auto wrong = [&] {
    return failure(ErrorCode::invalid_argument, "listen_tcp: not an address and a port: " + address);
  };
  const auto colon = address.rfind(':');
  if (colon == address.npos) return wrong();
  std::uint16_t port = 0;
  const auto [end, status] =
      std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
  if (status != std::errc() || end != address.data() + address.size()) return wrong();
  std::string host = address.substr(0, colon);
  sockaddr_in ip4{};
  sockaddr_in6 ip6{};
  const sockaddr* name = nullptr;
  socklen_t length = 0;
  if (::inet_pton(AF_INET, host.c_str(), &ip4.sin_addr) == 1) {
    ip4.sin_family = AF_INET;
    ip4.sin_port = htons(port);
    name = reinterpret_cast<const sockaddr*>(&ip4);
    length = sizeof ip4;
  } else {
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (::inet_pton(AF_INET6, host.c_str(), &ip6.sin6_addr) != 1) return wrong();
    ip6.sin6_family = AF_INET6;
    ip6.sin6_port = htons(port);
    name = reinterpret_cast<const sockaddr*>(&ip6);
    length = sizeof ip6;
  }
  net::FileDescriptor fd(::socket(name->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  if (fd) ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (!fd || ::bind(fd.get(), name, length) != 0 || ::listen(fd.get(), 128) != 0)
    return failure(ErrorCode::unavailable, "Can't listen on " + address + ".", std::strerror(errno));
  return fd;
}

}  // namespace berth::runner
