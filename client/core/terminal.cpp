// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/terminal.hpp"

#include "client/core/request.hpp"

namespace berth::client {
namespace {

constexpr std::size_t most_keys = 8u << 20;       // bytes that wait at most: a large paste while offline
constexpr std::size_t largest_frame = 64u << 10;  // bytes of keys a frame
constexpr std::int64_t least_busy = 2'000'000;    // ns of draining before the rate is measured

}  // namespace

Terminal::Terminal(WorkspaceConnection* connection, protocol::TerminalInfo info, QObject* parent)
    : QObject(parent), connection_(connection), info_(std::move(info)) {
  connect(connection, &WorkspaceConnection::established, this, [this] {
    attaching_ = false;
    if (wanted_) requestAttach();
  });
}

Terminal::~Terminal() {
  if (channel_) {
    connection_->releaseChannel(channel_);
    if (connection_->online())
      request<protocol::TerminalDetach>(connection_, {info_.terminal}, connection_,
                                        [](Result<protocol::Empty>) {});
  }
}

void Terminal::setInfo(const protocol::TerminalInfo& info) {
  info_ = info;
  Q_EMIT infoChanged();
}

void Terminal::attach() {
  wanted_ = true;
  if (connection_->online()) requestAttach();
}

void Terminal::requestAttach() {
  if (attaching_ || channel_) return;
  attaching_ = true;
  // What waits unshown uses up credit already.
  const auto window =
      std::max(adaptive_.window(), static_cast<std::uint64_t>(outputSize_) + AdaptiveWindow::smallest);
  protocol::TerminalAttach::Params params{
      info_.terminal, window - static_cast<std::uint64_t>(outputSize_), {}};
  if (receive_.received() > 0) params.output_offset = receive_.received();
  request<protocol::TerminalAttach>(
      connection_, params, this,
      [this, credit = params.credit](Result<protocol::TerminalAttach::Result> answer) {
        attaching_ = false;
        if (!answer) {
          if (answer.error().code == ErrorCode::not_found) {
            wanted_ = false;
            return Q_EMIT gone();
          }
          if (answer.error().code != ErrorCode::unavailable)
            Q_EMIT trouble(QString::fromStdString(answer.error().message));
          return;
        }
        if (answer->lost || answer->output_offset != receive_.received()) {
          output_.clear();
          outputSize_ = 0;
          shown_ = answer->output_offset;
          Q_EMIT screenLost();
        }
        receive_ = protocol::ReceiveWindow(credit, answer->output_offset);
        carried_ = static_cast<std::uint64_t>(outputSize_);
        receive_.resize(adaptive_.window());
        attached(*answer);
      });
}

void Terminal::attached(const protocol::TerminalAttach::Result& answer) {
  channel_ = answer.channel;
  connection_->claimChannel(channel_, this);
  inputWindow_ =
      std::max(inputWindow_, answer.input_limit - std::min(answer.input_limit, answer.input_offset));
  const auto& session = connection_->hello()->session;
  if (session != session_) {
    // Another session counts its input from its own start. What was sent in the old one is not sent again, as
    // it may have arrived; what was never sent goes now.
    const auto sent = send_.sent() - std::min(send_.sent(), keysBegin_);
    keys_.erase(0, static_cast<std::size_t>(std::min<std::uint64_t>(sent, keys_.size())));
    keysBegin_ = answer.input_offset;
    session_ = session;
  } else {
    forgetKeysBelow(answer.input_offset);
  }
  send_ = protocol::SendWindow(keysBegin_, answer.input_limit);
  setInfo(answer.terminal);
  pumpKeys();
}

bool Terminal::send(std::string_view keys) {
  if (keys.empty()) return true;
  if (keys_.size() + keys.size() > most_keys) return false;
  keys_.append(keys);
  pumpKeys();
  return true;
}

void Terminal::pumpKeys() {
  while (channel_ && connection_->online()) {
    const auto start = static_cast<std::size_t>(send_.sent() - keysBegin_);
    const auto bytes =
        std::min({keys_.size() - start, static_cast<std::size_t>(send_.available()), largest_frame});
    if (bytes == 0) return;
    connection_->sendFrame({protocol::FrameKind::data, false, channel_, send_.sent()},
                           std::string_view(keys_).substr(start, bytes));
    send_.on_sent(bytes);
  }
}

void Terminal::forgetKeysBelow(std::uint64_t offset) {
  if (offset <= keysBegin_) return;
  const auto bytes = std::min<std::uint64_t>(offset - keysBegin_, keys_.size());
  keys_.erase(0, static_cast<std::size_t>(bytes));
  keysBegin_ += bytes;
}

void Terminal::onCredit(std::uint64_t limit) {
  send_.on_credit(limit);
  // The runner grants what it has consumed plus its window, so all below has arrived.
  if (limit > inputWindow_) forgetKeysBelow(std::min(limit - inputWindow_, send_.sent()));
  pumpKeys();
}

void Terminal::onData(std::uint64_t offset, QByteArray payload) {
  if (!receive_.on_data(offset, static_cast<std::uint64_t>(payload.size()))) {
    connection_->sendFrame({protocol::FrameKind::abort, false, channel_, 0});
    connection_->releaseChannel(channel_);
    channel_ = 0;
    Q_EMIT trouble(tr("The terminal's output arrived out of order; it is being attached again."));
    return requestAttach();
  }
  if (payload.isEmpty()) return;
  if (outputSize_ == 0) {
    busySince_.start();
    busyBytes_ = 0;
  }
  outputSize_ += payload.size();
  output_.push_back(std::move(payload));
  Q_EMIT outputReady();
}

QByteArray Terminal::take(qsizetype limit) {
  if (output_.empty()) return {};
  auto& front = output_.front();
  QByteArray out;
  if (front.size() <= limit) {
    out = std::move(front);
    output_.pop_front();
  } else {
    out = front.left(limit);
    front.remove(0, limit);
  }
  outputSize_ -= out.size();
  return out;
}

void Terminal::drained(qsizetype bytes) {
  shown_ += static_cast<std::uint64_t>(bytes);
  busyBytes_ += bytes;
  if (const auto elapsed = busySince_.isValid() ? busySince_.nsecsElapsed() : 0;
      elapsed >= least_busy || outputSize_ == 0) {
    adaptive_.on_drained(static_cast<std::uint64_t>(busyBytes_), elapsed);
    busySince_.start();
    busyBytes_ = 0;
  }
  receive_.resize(adaptive_.window());
  const auto older = std::min(carried_, static_cast<std::uint64_t>(bytes));
  carried_ -= older;
  const auto limit = receive_.on_consumed(static_cast<std::uint64_t>(bytes) - older);
  if (limit && channel_) connection_->sendFrame({protocol::FrameKind::credit, false, channel_, *limit});
}

void Terminal::onEnd(std::uint64_t) { Q_EMIT ended(); }

void Terminal::onAbort() {
  channel_ = 0;
  if (connection_->online()) requestAttach();
}

void Terminal::onLost() { channel_ = 0; }

void Terminal::resize(int columns, int rows) {
  if (columns < 1 || rows < 1 || !connection_->online()) return;
  request<protocol::TerminalResize>(connection_, {info_.terminal, columns, rows}, this,
                                    [](Result<protocol::Empty>) {});
}

void Terminal::rename(const QString& title) {
  request<protocol::TerminalRename>(connection_, {info_.terminal, title.toStdString()}, this,
                                    [this](Result<protocol::Empty> answer) {
                                      if (!answer)
                                        Q_EMIT trouble(QString::fromStdString(answer.error().message));
                                    });
}

}  // namespace berth::client
