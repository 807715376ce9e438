// SPDX-License-Identifier: GPL-3.0-or-later
// One terminal of the workspace: output that resumes at the exact byte after a drop, keys that arrive exactly
// once, and credits that follow what the view drains. It knows nothing of escape sequences.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <deque>
#include <string>

#include "client/core/adaptive_window.hpp"
#include "client/core/channel_sink.hpp"
#include "protocol/flow_window.hpp"
#include "protocol/messages.hpp"

namespace berth::client {

class WorkspaceConnection;

class Terminal : public QObject, private ChannelSink {
  Q_OBJECT

 public:
  Terminal(WorkspaceConnection* connection, protocol::TerminalInfo info, QObject* parent = nullptr);
  ~Terminal() override;

  QString id() const { return QString::fromStdString(info_.terminal); }
  const protocol::TerminalInfo& info() const { return info_; }
  void setInfo(const protocol::TerminalInfo& info);

  /// Begins to receive; from then on every new connection attaches again by itself.
  void attach();
  /// Bytes from the keyboard; kept until the runner has them. False when too much waits (the keys are
  /// dropped, the view should sound the bell).
  bool send(std::string_view keys);
  void resize(int columns, int rows);
  void rename(const QString& title);

  /// Output for the view, at most `limit` bytes; report with drained() once it was shown.
  QByteArray take(qsizetype limit);
  bool hasOutput() const { return outputSize_ > 0; }
  void drained(qsizetype bytes);

  bool isAttached() const { return channel_ != 0; }
  /// Output that is received or granted but not shown, bytes: the bound of what Ctrl-C must wait for.
  std::uint64_t outstanding() const { return receive_.limit() - shown_; }
  const AdaptiveWindow& adaptiveWindow() const { return adaptive_; }
  std::uint64_t unacknowledgedKeys() const { return static_cast<std::uint64_t>(keys_.size()); }

 Q_SIGNALS:
  void outputReady();
  /// Bytes are missing: reset the screen before the next output, which repaints it.
  void screenLost();
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
  void requestAttach();
  void attached(const protocol::TerminalAttach::Result& answer);
  void pumpKeys();
  void forgetKeysBelow(std::uint64_t offset);

  WorkspaceConnection* connection_;
  protocol::TerminalInfo info_;
  std::string session_;  // in which the input offsets count
  std::uint32_t channel_ = 0;
  bool wanted_ = false;
  bool attaching_ = false;

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
