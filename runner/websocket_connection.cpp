// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/websocket_connection.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>

#include "protocol/version.hpp"
#include "runner/draining_socket.hpp"

namespace berth::runner {
namespace {

namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

constexpr std::size_t first_buffer = 4096;
constexpr std::size_t kept_buffer = 64u << 10;  // a larger one is given back after its message
constexpr std::size_t low_water = 64u << 10;    // unsent bytes below which senders are asked again
constexpr std::chrono::seconds handshake_patience{10};
constexpr std::chrono::seconds close_patience{3};

class WebSocketConnection : public Connection, public std::enable_shared_from_this<WebSocketConnection> {
 public:
  explicit WebSocketConnection(StreamSocket socket)
      : stream_(DrainingSocket(std::move(socket))),
        deadline_(stream_.get_executor()),
        incoming_(first_buffer, '\0') {
    stream_.auto_fragment(false);
    stream_.read_message_max(
        0);  // limits are kept here, so that the session survives a message that is too long
    stream_.set_option(websocket::stream_base::timeout{websocket::stream_base::none(),
                                                       websocket::stream_base::none(), false});
  }

  void accept(const UpgradeRequest& request, const std::string& proof,
              std::function<void(std::shared_ptr<Connection>)> on_open) {
    stream_.set_option(websocket::stream_base::decorator([proof](websocket::response_type& response) {
      response.set("Berth-Runner-Proof", proof);
      response.set("Sec-WebSocket-Protocol", protocol::subprotocol);
      response.erase(beast::http::field::server);
    }));
    drop_after(handshake_patience);
    stream_.async_accept(request,
                         [self = shared_from_this(), on_open = std::move(on_open)](error_code error) {
                           self->deadline_.cancel();
                           if (error) return;
                           on_open(self);
                           self->read_some();
                         });
  }

  void send_text(std::string text) override { enqueue({true, std::move(text)}); }
  void send_frame(const protocol::FrameHeader& header, std::string_view payload) override {
    enqueue({false, protocol::encode_frame(header, payload)});
  }
  std::size_t unsent() const override { return unsent_; }
  void set_events(std::shared_ptr<ConnectionEvents> events) override { events_ = std::move(events); }

  void close(std::string reason) override {
    if (closing_) return;
    closing_ = true;
    drop_after(close_patience);
    const auto code = reason.empty() ? websocket::close_code::normal : websocket::close_code::going_away;
    if (reason.size() > 120) reason.resize(120);
    stream_.async_close(websocket::close_reason(code, reason),
                        [self = shared_from_this()](error_code) { self->drop(); });
  }

 private:
  struct Outgoing {
    bool text;
    std::string bytes;
  };

  void drop_after(std::chrono::seconds patience) {
    deadline_.expires_after(patience);
    deadline_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->drop();
    });
  }

  void drop() {
    error_code ignored;
    beast::get_lowest_layer(stream_).close(ignored);
    deadline_.cancel();
    if (const auto events = std::exchange(events_, nullptr)) events->on_closed();
  }

  void read_some() {
    if (filled_ == incoming_.size()) incoming_.resize(incoming_.size() * 2);
    stream_.async_read_some(asio::buffer(incoming_.data() + filled_, incoming_.size() - filled_),
                            [self = shared_from_this()](error_code error, std::size_t bytes) {
                              if (error) return self->on_read_failed();
                              self->on_bytes(bytes);
                              if (self->events_ || self->closing_)
                                self->read_some();
                              else
                                self->drop();
                            });
  }

  void on_read_failed() {
    // Whatever the error is: a peer that goes may be gone before its close frame is answered.
    const auto code = stream_.reason().code;
    const bool goodbye = code == websocket::close_code::normal || code == websocket::close_code::going_away;
    if (const auto events = events_; goodbye && !closing_ && events) events->on_goodbye();
    drop();
  }

  void on_bytes(std::size_t bytes) {
    filled_ += bytes;
    const bool text = stream_.got_text();
    const std::size_t limit =
        text ? protocol::max_text_frame : protocol::max_binary_payload + protocol::frame_header_size;
    if (filled_ > limit || skipping_) {
      skipping_ = true;
      filled_ = 0;
    }
    if (!stream_.is_message_done()) return;
    const auto size = std::exchange(filled_, 0);
    const auto events = events_;  // may be exchanged while it handles the message
    if (std::exchange(skipping_, false)) {
      if (events) events->on_oversized(text);
    } else if (events) {
      const std::string_view message(incoming_.data(), size);
      if (text)
        events->on_text(message);
      else
        events->on_binary(message);
    }
    if (incoming_.size() > kept_buffer) incoming_ = std::string(first_buffer, '\0');
  }

  void enqueue(Outgoing message) {
    if (closing_ || !events_) return;
    unsent_ += message.bytes.size();
    queue_.push_back(std::move(message));
    if (!writing_) write_next();
  }

  void write_next() {
    writing_ = true;
    stream_.binary(!queue_.front().text);
    stream_.async_write(asio::buffer(queue_.front().bytes),
                        [self = shared_from_this()](error_code error, std::size_t) {
                          self->unsent_ -= self->queue_.front().bytes.size();
                          self->queue_.pop_front();
                          self->writing_ = false;
                          if (error) return self->drop();
                          if (!self->queue_.empty()) self->write_next();
                          if (const auto events = self->events_; events && self->unsent_ < low_water)
                            events->on_writable();
                        });
  }

  websocket::stream<DrainingSocket, false> stream_;
  asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                             asio::io_context::executor_type>
      deadline_;
  std::shared_ptr<ConnectionEvents> events_;
  std::string incoming_;
  std::size_t filled_ = 0;
  bool skipping_ = false;
  std::deque<Outgoing> queue_;
  std::size_t unsent_ = 0;
  bool writing_ = false;
  bool closing_ = false;
};

}  // namespace

void accept_websocket(StreamSocket socket, const UpgradeRequest& request, const std::string& proof,
                      std::function<void(std::shared_ptr<Connection>)> on_open) {
  std::make_shared<WebSocketConnection>(std::move(socket))->accept(request, proof, std::move(on_open));
}

}  // namespace berth::runner
