// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/terminal.hpp"

#include "client/core/request.hpp"

namespace berth::client {
namespace {

constexpr std::size_t most_keys = 8u << 20;       // bytes that wait at most: a large paste while offline
constexpr std::size_t largest_frame = 64u << 10;  // bytes of keys a frame
constexpr std::int64_t least_busy = 2'000'000;    // ns of draining before the rate is measured
constexpr int keys_wait = 100;                    // ms until it is asked again whether a full input took keys

}  // namespace

Terminal::Terminal(WorkspaceConnection* connection, protocol::TerminalInfo info, QObject* parent)
    : QObject(parent), connection_(connection), info_(std::move(info)) {
  connect(connection, &WorkspaceConnection::established, this, [this] {
    attaching_ = false;
    told_ = {};
    if (wanted_) requestAttach();
  });
  arrivalPause_.setSingleShot(true);
  arrivalPause_.setInterval(keys_wait);
  connect(&arrivalPause_, &QTimer::timeout, this, &Terminal::askWhetherKeysArrived);
}

Terminal::~Terminal() {
  screen_.reset();
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

bool Terminal::mayType() const {
  return !connection_->hello() || connection_->hello()->role != protocol::Role::viewer;
}

bool Terminal::leads() const {
  return info_.leader && connection_->hello() && *info_.leader == connection_->hello()->session;
}

bool Terminal::decidesSize() const {
  if (!mayType()) return false;
  if (info_.leader) return leads();
  return !info_.viewers || info_.viewers->size() <= 1;
}

bool Terminal::answersQuestions() const {
  if (!mayType()) return false;
  return !info_.viewers || info_.viewers->empty() || !connection_->hello() ||
         info_.viewers->front() == connection_->hello()->session;
}

void Terminal::attach(bool fromStart) {
  wanted_ = true;
  fromStart_ = fromStart;
  if (connection_->online()) requestAttach();
}

void Terminal::repaint() {
  screenWanted_ = true;
  if (!channel_ || attaching_) return;
  connection_->releaseChannel(channel_);
  channel_ = 0;
  dropScreen();
  // The runner replaces the old channel. Detaching would give up the lead and the place among the viewers.
  requestAttach();
}

/// How much may come at once on a connection that nothing is known of yet: what the view can take says
/// nothing of a slow link, on which keys' echoes come behind it.
std::uint64_t Terminal::openingWindow() const { return std::min(adaptive_.window(), AdaptiveWindow::first); }

void Terminal::requestAttach() {
  if (attaching_ || channel_) return;
  attaching_ = true;
  // What waits unshown uses up credit already.
  const auto waiting = screenWanted_ ? 0 : static_cast<std::uint64_t>(outputSize_);
  const auto window = std::max(openingWindow(), waiting + AdaptiveWindow::smallest);
  protocol::TerminalAttach::Params params{.terminal = info_.terminal,
                                          .credit = window - waiting,
                                          .output_offset = {},
                                          .columns = {},
                                          .rows = {},
                                          .scrollback = {},
                                          .deflate = true};
  if (!screenWanted_) {
    params.output_offset = receive_.received();
  } else if (fromStart_) {
    params.output_offset = 0;
  }
  if (!size_.isEmpty()) {
    params.columns = size_.width();
    params.rows = size_.height();
  }
  told_ = size_;
  request<protocol::TerminalAttach>(
      connection_, params, this,
      [this, credit = params.credit, anew = screenWanted_](Result<protocol::TerminalAttach::Result> answer) {
        attaching_ = false;
        if (answer) return attached(*answer, credit, anew);
        if (answer.error().code == ErrorCode::not_found) {
          wanted_ = false;
          return Q_EMIT gone();
        }
        if (answer.error().code != ErrorCode::unavailable)
          Q_EMIT trouble(QString::fromStdString(answer.error().message));
      });
}

/// `anew`: nothing was asked to be gone on with.
void Terminal::attached(const protocol::TerminalAttach::Result& answer, std::uint64_t credit, bool anew) {
  const bool fresh = fromStart_ && !answer.screen && answer.output_offset == 0;
  const bool goesOn = !anew && !answer.screen && !answer.lost && answer.output_offset == receive_.received();
  const bool again = screenWanted_ && !anew;  // wished for while the answer was under way
  if (!goesOn) {
    output_.clear();
    outputSize_ = 0;
    shown_ = answer.output_offset;
    dropScreen();
    if (!fresh) Q_EMIT screenLost();
  }
  screenWanted_ = again;
  fromStart_ = false;
  receive_ = protocol::ReceiveWindow(credit, answer.output_offset);
  carried_ = static_cast<std::uint64_t>(outputSize_);
  receive_.resize(adaptive_.window(roundTrip()));
  channel_ = answer.channel;
  connection_->claimChannel(channel_, this);
  screenSize_ = {answer.terminal.columns, answer.terminal.rows};
  if (answer.screen) beginScreen(*answer.screen, credit);
  takeInputState(answer);
  setInfo(answer.terminal);
  pumpKeys();
  tellSize();
  askWhetherKeysArrived();
  if (again) repaint();
}

void Terminal::takeInputState(const protocol::TerminalAttach::Result& answer) {
  inputWindow_ =
      std::max(inputWindow_, answer.input_limit - std::min(answer.input_limit, answer.input_offset));
  const auto& session = connection_->hello()->session;
  if (session != session_) {
    // Another session counts its input from its own start. What was sent in the old one is not sent again, as
    // it may have arrived; what was never sent goes now.
    const auto sent = send_.sent() - std::min(send_.sent(), keysBegin_);
    keys_.erase(0, static_cast<std::size_t>(std::min<std::uint64_t>(sent, keys_.size())));
    keysBegin_ = answer.input_offset;
    arrivalNeeds_ = keysBegin_ + keys_.size();
    session_ = session;
  } else {
    forgetKeysBelow(answer.input_offset);
  }
  send_ = protocol::SendWindow(keysBegin_, answer.input_limit);
}

void Terminal::beginScreen(std::uint32_t channel, std::uint64_t credit) {
  screen_ = std::make_unique<TerminalScreenChannel>(
      connection_, channel, credit,
      TerminalScreenChannel::Events{[this](qsizetype before) { noteOutput(before); },
                                    [this] {
                                      if (screen_->isShown()) finishScreen();
                                    },
                                    [this] {
                                      // Half a picture is none: the next attach asks for another.
                                      screenWanted_ = true;
                                      QMetaObject::invokeMethod(this, &Terminal::repaint,
                                                                Qt::QueuedConnection);
                                    }});
}

void Terminal::finishScreen() {
  dropScreen();
  Q_EMIT screenPainted();
  if (outputSize_ > 0) noteOutput(0);
}

void Terminal::dropScreen() {
  if (!screen_) return;
  screen_->close();
  // It may be the one that calls.
  QMetaObject::invokeMethod(
      this, [owned = std::shared_ptr<TerminalScreenChannel>(screen_.release())] {}, Qt::QueuedConnection);
}

bool Terminal::send(std::string_view keys) {
  if (keys.empty()) return true;
  if (!mayType() || keys_.size() + keys.size() > most_keys) return false;
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
  const auto before = outputSize_;
  outputSize_ += payload.size();
  output_.push_back(std::move(payload));
  if (!screen_) noteOutput(before);
}

/// Something to show came, while `before` bytes waited.
void Terminal::noteOutput(qsizetype before) {
  if (before == 0) {
    busySince_.start();
    busyBytes_ = 0;
  }
  Q_EMIT outputReady();
}

QByteArray Terminal::take(qsizetype limit) {
  if (screen_) {
    auto out = screen_->take(limit);
    Q_EMIT taken(out, true);
    return out;
  }
  auto out = take_front(output_, limit);
  outputSize_ -= out.size();
  Q_EMIT taken(out, false);
  return out;
}

void Terminal::drained(qsizetype bytes) {
  busyBytes_ += bytes;
  if (const auto elapsed = busySince_.isValid() ? busySince_.nsecsElapsed() : 0;
      elapsed >= least_busy || pending() == 0) {
    adaptive_.on_drained(static_cast<std::uint64_t>(busyBytes_), elapsed);
    busySince_.start();
    busyBytes_ = 0;
  }
  if (screen_) {
    screen_->drained(bytes, openingWindow());
    if (screen_->isShown()) finishScreen();
    return;
  }
  shown_ += static_cast<std::uint64_t>(bytes);
  receive_.resize(adaptive_.window(roundTrip()));
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

void Terminal::onLost() {
  channel_ = 0;
  // Of a screen that has not come whole nothing can be gone on with.
  if (screen_ && !screen_->isComplete()) screenWanted_ = true;
}

void Terminal::resize(int columns, int rows) {
  if (columns < 1 || rows < 1) return;
  size_ = {columns, rows};
  tellSize();
}

void Terminal::tellSize() {
  if (size_.isEmpty() || size_ == told_ || !channel_ || !mayType()) return;
  told_ = size_;
  request<protocol::TerminalResize>(connection_, {info_.terminal, size_.width(), size_.height()}, this,
                                    [](Result<protocol::Empty>) {});
}

void Terminal::lead(bool lead) {
  request<protocol::TerminalLead>(connection_, {info_.terminal, lead}, this,
                                  [this](Result<protocol::Empty> answer) {
                                    if (!answer)
                                      Q_EMIT trouble(QString::fromStdString(answer.error().message));
                                  });
}

void Terminal::rename(const QString& title) {
  request<protocol::TerminalRename>(connection_, {info_.terminal, title.toStdString()}, this,
                                    [this](Result<protocol::Empty> answer) {
                                      if (!answer)
                                        Q_EMIT trouble(QString::fromStdString(answer.error().message));
                                    });
}

void Terminal::whenKeysArrived(QObject* context, std::function<void()> done) {
  arrivalContext_ = context;
  arrivalDone_ = std::move(done);
  arrivalNeeds_ = keysBegin_ + keys_.size();
  askWhetherKeysArrived();
}

void Terminal::askWhetherKeysArrived() {
  arrivalPause_.stop();
  if (!arrivalDone_ || !channel_ || !connection_->online()) return;
  // A connection's frames and requests are taken in order, so the answer comes after the keys before it. It
  // is what mosh calls the echo acknowledgement.
  const auto told = send_.sent();
  request<protocol::SessionPing>(connection_, {}, this, [this, told](Result<protocol::Empty> answer) {
    if (!answer || !arrivalDone_) return;
    if (told < arrivalNeeds_) return arrivalPause_.start();  // the program reads nothing
    const auto done = std::exchange(arrivalDone_, nullptr);
    if (arrivalContext_) done();
  });
}

}  // namespace berth::client
