// SPDX-License-Identifier: GPL-3.0-or-later
// One terminal of the workspace: output that resumes at the exact byte after a drop or begins with a picture
// of the screen, keys that arrive exactly once, and credits that follow what the view drains. It knows
// nothing of escape sequences.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QSize>
#include <QTimer>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "client/core/adaptive_window.hpp"
#include "client/core/channel_sink.hpp"
#include "client/core/terminal_screen_channel.hpp"
#include "client/core/workspace_connection.hpp"
#include "protocol/flow_window.hpp"
#include "protocol/messages.hpp"

namespace berth::client {

class Terminal : public QObject, private ChannelSink {
  Q_OBJECT

 public:
  Terminal(WorkspaceConnection* connection, protocol::TerminalInfo info, QObject* parent = nullptr);
  ~Terminal() override;

  QString id() const { return QString::fromStdString(info_.terminal); }
  const protocol::TerminalInfo& info() const { return info_; }
  void setInfo(const protocol::TerminalInfo& info);

  /// Begins to receive; from then on every new connection attaches again by itself. `fromStart`: this window
  /// has just opened it and takes all its bytes; otherwise it begins with the screen as it is now.
  void attach(bool fromStart = false);
  /// Throws away what the view has and paints the screen anew from the runner's model.
  void repaint();
  /// Bytes from the keyboard; kept until the runner has them. False when too much waits (the keys are
  /// dropped, the view should sound the bell) or when this person only watches.
  bool send(std::string_view keys);
  /// How large this window would show it; the runner makes of all windows' sizes the terminal's.
  void resize(int columns, int rows);
  /// This window's size is the terminal's, or no longer is.
  void lead(bool lead);
  void rename(const QString& title);
  /// False for a viewer, who only watches.
  bool mayType() const;
  /// No other window has a say in its size: what resize() told will be it.
  bool decidesSize() const;
  bool leads() const;
  /// Of several windows one answers the questions of programs: the first of the viewers, which the runner
  /// orders: the leader's where that is attached, else the one that came first.
  bool answersQuestions() const;
  double roundTrip() const { return connection_->roundTrip(); }  // ms, smoothed; negative before the first
  /// Calls `done` once, when the runner has all keys given to send() so far, over drops if need be; an
  /// earlier wish is forgotten. Predictions are judged by it.
  void whenKeysArrived(QObject* context, std::function<void()> done);

  /// Output for the view, at most `limit` bytes; report with drained() once it was shown.
  QByteArray take(qsizetype limit);
  bool hasOutput() const { return pending() > 0; }
  void drained(qsizetype bytes);

  bool isAttached() const { return channel_ != 0; }
  /// The bytes that come now paint what was there before; nothing in them is a question or an event.
  bool isPainting() const { return screen_ != nullptr; }
  /// While isPainting(): the size that the picture was made for, columns × rows. Another one may have been
  /// told since, and holds from screenPainted() on.
  QSize paintedSize() const { return screenSize_; }
  /// Offset of the next byte of output to be received, and of the next one to be shown.
  std::uint64_t received() const { return receive_.received(); }
  std::uint64_t shown() const { return shown_; }
  /// Output that is received or granted but not shown, bytes: the bound of what Ctrl-C must wait for.
  std::uint64_t outstanding() const { return receive_.limit() - shown_; }
  const AdaptiveWindow& adaptiveWindow() const { return adaptive_; }
  std::uint64_t unacknowledgedKeys() const { return static_cast<std::uint64_t>(keys_.size()); }

 Q_SIGNALS:
  void outputReady();
  /// The view took these bytes; `picture`: they paint what was there before.
  void taken(const QByteArray& bytes, bool picture);
  /// What the view has is void: reset it before the next output, which repaints it.
  void screenLost();
  /// The picture of the screen was shown whole; what follows is new.
  void screenPainted();
  void infoChanged();
  /// The program ended and all its output was received.
  void ended();
  /// The runner no longer has it (the workspace was restarted, or another window closed it).
  void gone();
  void trouble(const QString& problem);

 private:
  void onData(std::uint64_t offset, QByteArray payload) override;
  void onCredit(std::uint64_t limit) override;
  void onEnd(std::uint64_t length) override;
  void onAbort() override;
  void onLost() override;
  std::uint64_t openingWindow() const;
  void requestAttach();
  void attached(const protocol::TerminalAttach::Result& answer, std::uint64_t credit, bool anew);
  void takeInputState(const protocol::TerminalAttach::Result& answer);
  void beginScreen(std::uint32_t channel, std::uint64_t credit);
  void finishScreen();
  void dropScreen();
  void noteOutput(qsizetype before);
  qsizetype pending() const { return screen_ ? screen_->size() : outputSize_; }
  void tellSize();
  void askWhetherKeysArrived();
  void pumpKeys();
  void forgetKeysBelow(std::uint64_t offset);

  WorkspaceConnection* connection_;
  protocol::TerminalInfo info_;
  std::string session_;  // in which the input offsets count
  std::uint32_t channel_ = 0;
  bool wanted_ = false;
  bool attaching_ = false;
  bool fromStart_ = false;
  bool screenWanted_ = true;  // nothing of the view's can be gone on with
  QSize size_;                // that this window wants, in cells; empty before it is known
  QSize told_;                // that the runner was told on this connection
  std::unique_ptr<TerminalScreenChannel> screen_;  // while the screen is painted
  QSize screenSize_;                               // that it was made for
  QPointer<QObject> arrivalContext_;
  std::function<void()> arrivalDone_;
  std::uint64_t arrivalNeeds_ = 0;  // stream offset of keys that it waits for
  QTimer arrivalPause_;             // runs before it asks again

  std::deque<QByteArray> output_;
  qsizetype outputSize_ = 0;
  std::uint64_t shown_ = 0;  // stream offset below which the view has all
  AdaptiveWindow adaptive_;
  protocol::ReceiveWindow receive_{AdaptiveWindow::first};
  std::uint64_t carried_ = 0;  // bytes that wait since before this attach; they are not of this window
  QElapsedTimer busySince_;    // runs while output waits
  qsizetype busyBytes_ = 0;

  std::string keys_;             // from keysBegin_ on: sent but not known to have arrived, then unsent
  std::uint64_t keysBegin_ = 0;  // stream offset of keys_' first byte
  protocol::SendWindow send_;
  std::uint64_t inputWindow_ = 0;
};

}  // namespace berth::client
