// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/splice.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancel_after.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <vector>

#include "protocol/net/as_values.hpp"
#include "protocol/net/expecting_loop.hpp"
#include "server/frame_boundary.hpp"

namespace berth::server {

namespace asio = boost::asio;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t buffer_size = 16u << 10;
constexpr std::size_t spare_buffers = 8;  // kept a thread
constexpr int buffers_per_turn = 2;       // then other connections of the thread have their turn
constexpr auto half_closed_grace = 10s;   // for the other direction, after one has ended
constexpr auto close_frame_deadline = 1s;

using Buffer = std::array<char, buffer_size>;

/// A buffer from the thread's few spare ones, so that idle connections hold none and busy ones allocate none.
class LentBuffer {
 public:
  LentBuffer() {
    if (spare().empty()) {
      buffer_ = std::make_unique_for_overwrite<Buffer>();
    } else {
      buffer_ = std::move(spare().back());
      spare().pop_back();
    }
  }
  LentBuffer(const LentBuffer&) = delete;
  LentBuffer& operator=(const LentBuffer&) = delete;
  ~LentBuffer() {
    if (spare().size() < spare_buffers) spare().push_back(std::move(buffer_));
  }
  char* data() { return buffer_->data(); }

 private:
  static std::vector<std::unique_ptr<Buffer>>& spare() {
    thread_local std::vector<std::unique_ptr<Buffer>> buffers;
    return buffers;
  }
  std::unique_ptr<Buffer> buffer_;
};

void prepare(StreamSocket& socket) {
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.native_non_blocking(true, ignored);
  // Neither means anything to a Unix socket, which says so.
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  const auto set = [&socket](int option, int seconds) {
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, option, &seconds, sizeof seconds);
  };
  set(TCP_KEEPIDLE, 60);
  set(TCP_KEEPINTVL, 15);
  set(TCP_KEEPCNT, 4);
}

}  // namespace

class Splice::Joint : public LiveConnection, public std::enable_shared_from_this<Joint> {
 public:
  Joint(StreamSocket client, StreamSocket runner, bool websocket, SpliceCounters& counters)
      : client_(std::move(client)),
        runner_(std::move(runner)),
        until_(client_.get_executor(), asio::steady_timer::time_point::max()),
        websocket_(websocket),
        counters_(counters) {
    ++counters_.opened;
    ++counters_.active;
    prepare(client_);
    prepare(runner_);
  }
  ~Joint() override { --counters_.active; }

  void end(AccessEnd end) override {
    asio::post(client_.get_executor(), [self = shared_from_this(), end = std::move(end)]() mutable {
      if (!self->end_) self->end_ = std::move(end);
      self->until_.expires_at(asio::steady_timer::time_point::min());
    });
  }

  net::Task<void> run(std::string from_client, std::string from_runner) {
    using namespace asio::experimental::awaitable_operators;
    try {
      co_await ((up(std::move(from_client)) && down(std::move(from_runner))) || deadline());
    } catch (const boost::system::system_error&) {
      // A direction was cancelled between two waits.
    }
    const auto cancelled =
        (co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none;
    if (cancelled && !end_)
      end_ = AccessEnd{close_going_away, "The server is stopping; come back in a moment."};
    co_await asio::this_coro::reset_cancellation_state();
    if (end_ && websocket_) co_await say_why();
    close();
  }

  void close() {
    error_code ignored;
    client_.close(ignored);
    runner_.close(ignored);
  }

 private:
  net::Task<void> up(std::string first) {
    if (co_await copy(client_, runner_, nullptr, counters_.bytes_from_client, std::move(first)))
      half_closed(runner_);
  }

  net::Task<void> down(std::string first) {
    if (co_await copy(runner_, client_, websocket_ ? &boundary_ : nullptr, counters_.bytes_to_client,
                      std::move(first)))
      half_closed(client_);
  }

  /// Until `from` ends or either fails; false when it was cancelled instead. Waits for readiness without a
  /// buffer: an idle direction holds no memory.
  net::Task<bool> copy(StreamSocket& from, StreamSocket& to, FrameBoundary* boundary,
                       std::atomic<std::uint64_t>& bytes, std::string first) {
    if (!first.empty()) {
      bytes += first.size();
      if (const auto error = co_await pass_on(to, first, boundary); error)
        co_return error != asio::error::operation_aborted;
      first = {};
    }
    for (;;) {
      const auto [failed] = co_await from.async_wait(asio::socket_base::wait_read, net::as_values);
      if (failed) co_return failed != asio::error::operation_aborted;
      LentBuffer buffer;
      for (int turn = 0; turn < buffers_per_turn; ++turn) {
        error_code error;
        const auto size = from.read_some(asio::buffer(buffer.data(), buffer_size), error);
        if (error == asio::error::would_block) break;
        if (error) co_return true;
        bytes += size;
        error = co_await pass_on(to, {buffer.data(), size}, boundary);
        if (error) co_return error != asio::error::operation_aborted;
        if (&from == &runner_)
          net::answer_came();
        else if (websocket_ && size <= net::keystroke_size)
          net::expect_answer();
        if (size < buffer_size) break;  // drained, most likely: the next wait finds out
      }
    }
  }

  /// Writes at once what the socket takes and waits for the rest only.
  net::Task<error_code> pass_on(StreamSocket& to, std::string_view bytes, FrameBoundary* boundary) {
    error_code error;
    auto sent = to.write_some(asio::buffer(bytes), error);
    if (error == asio::error::would_block) {
      error = {};
      sent = 0;
    }
    if (!error && sent < bytes.size()) {
      const auto [failed, more] =
          co_await asio::async_write(to, asio::buffer(bytes.substr(sent)), net::as_values);
      error = failed;
      sent += more;
    }
    if (boundary != nullptr) boundary->on_bytes(bytes.substr(0, sent));
    co_return error;
  }

  void half_closed(StreamSocket& to) {
    error_code ignored;
    to.shutdown(asio::socket_base::shutdown_send, ignored);
    if (until_.expiry() > std::chrono::steady_clock::now() + half_closed_grace)
      until_.expires_after(half_closed_grace);
  }

  /// Ends when the splice must; the || above then cancels both directions.
  net::Task<void> deadline() {
    while (until_.expiry() > std::chrono::steady_clock::now()) co_await until_.async_wait(net::as_values);
  }

  net::Task<void> say_why() {
    if (!boundary_.at_boundary()) co_return;
    const auto frame = close_frame(end_->code, end_->reason);
    const auto [failed, size] = co_await asio::async_write(
        client_, asio::buffer(frame), asio::cancel_after(close_frame_deadline, net::as_values));
    if (failed) co_return;
    error_code ignored;
    client_.shutdown(asio::socket_base::shutdown_send, ignored);
    // A reset would overtake the frame: wait for the client to end, but not for long.
    runner_.close(ignored);
    LentBuffer buffer;
    const auto until = std::chrono::steady_clock::now() + close_frame_deadline;
    for (auto left = until - std::chrono::steady_clock::now(); left.count() > 0;
         left = until - std::chrono::steady_clock::now()) {
      const auto [ended, dropped] = co_await client_.async_read_some(
          asio::buffer(buffer.data(), buffer_size), asio::cancel_after(left, net::as_values));
      if (ended) co_return;
    }
  }

  StreamSocket client_;
  StreamSocket runner_;
  asio::steady_timer until_;
  const bool websocket_;
  SpliceCounters& counters_;
  FrameBoundary boundary_;
  std::optional<AccessEnd> end_;
};

Splice::Splice(StreamSocket client, StreamSocket runner, bool websocket, SpliceCounters& counters)
    : joint_(std::make_shared<Joint>(std::move(client), std::move(runner), websocket, counters)) {}

Splice::~Splice() { joint_->close(); }

std::weak_ptr<LiveConnection> Splice::handle() const { return joint_; }

net::Task<void> Splice::run(std::string from_client, std::string from_runner) {
  co_await joint_->run(std::move(from_client), std::move(from_runner));
}

}  // namespace berth::server
