// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/listener.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/as_tuple.hpp>

#include "protocol/net/as_values.hpp"
#include "protocol/net/expecting_loop.hpp"
#include "server/application.hpp"
#include "server/http_session.hpp"

namespace berth::server {
namespace {

using boost::asio::ip::tcp;

/// What leaves a session's task ended that session only.
void log_session_end(std::exception_ptr error) {
  try {
    std::rethrow_exception(error);
  } catch (const boost::system::system_error& end) {
    spdlog::debug("session: {}", end.what());
  } catch (const std::exception& end) {
    spdlog::error("session: {}", end.what());
  }
}

}  // namespace

IoThread::IoThread() : work_(context_.get_executor()), sessions_(context_.get_executor(), log_session_end) {}

void IoThread::run_in_background() {
  thread_ = std::thread([this] { net::run_expecting(context_); });
}

void IoThread::join() {
  work_.reset();
  context_.stop();
  if (thread_.joinable()) thread_.join();
}

Result<std::unique_ptr<Listener>> Listener::open(const Endpoint& endpoint, bool preview,
                                                 std::vector<std::unique_ptr<IoThread>>& threads) {
  boost::system::error_code error;
  const auto address =
      boost::asio::ip::make_address(endpoint.host == "localhost" ? "127.0.0.1" : endpoint.host, error);
  const auto fail = [&](const char* what) {
    return failure(ErrorCode::unavailable,
                   "Can't listen on " + endpoint.host + ":" + std::to_string(endpoint.port) + ": " +
                       (error == boost::asio::error::address_in_use ? "another program has this port"
                                                                    : error.message()) +
                       ".",
                   what);
  };
  if (error) return fail("address");
  const tcp::endpoint where(address, endpoint.port);
  tcp::acceptor acceptor(threads.front()->context());
  if (acceptor.open(where.protocol(), error); error) return fail("open");
  if (acceptor.set_option(tcp::acceptor::reuse_address(true), error); error) return fail("option");
  if (acceptor.bind(where, error); error) return fail("bind");
  if (acceptor.listen(1024, error); error) return fail("listen");
  return std::unique_ptr<Listener>(new Listener(std::move(acceptor), preview, threads));
}

std::uint16_t Listener::port() const { return acceptor_.local_endpoint().port(); }

void Listener::close() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
}

net::Task<void> Listener::accept(Application& application) {
  boost::asio::steady_timer pause(acceptor_.get_executor());
  while (acceptor_.is_open()) {
    auto& thread = *threads_[next_++ % threads_.size()];
    auto [error, socket] = co_await acceptor_.async_accept(thread.context(), net::as_values);
    if (error == boost::asio::error::operation_aborted || error == boost::asio::error::bad_descriptor)
      co_return;
    if (error) {
      // Out of descriptors or memory: those who are here go on, newcomers wait in the kernel's queue.
      spdlog::warn("accept: {}", error.message());
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(boost::asio::use_awaitable);
      continue;
    }
    boost::system::error_code gone;
    const auto peer = socket.remote_endpoint(gone);
    if (gone) continue;
    HttpConnection connection{boost::beast::tcp_stream(std::move(socket)),
                              boost::beast::flat_buffer(64u << 10), peer.address(), preview_};
    boost::asio::post(thread.context(),
                      [&thread, &application, connection = std::move(connection)]() mutable {
                        thread.sessions().spawn(serve_connection(application, std::move(connection)));
                      });
  }
}

}  // namespace berth::server
