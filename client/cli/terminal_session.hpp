// SPDX-License-Identifier: GPL-3.0-or-later
// A terminal of the workspace in the terminal that berthctl runs in: keys there, output here, over drops,
// until its program ends or the person detaches.
#pragma once

#include <QElapsedTimer>
#include <QEventLoop>
#include <QObject>
#include <QSocketNotifier>
#include <QTimer>
#include <memory>
#include <optional>

#include "client/cli/byte_output.hpp"
#include "client/cli/escape_keys.hpp"
#include "client/cli/tty.hpp"
#include "client/core/terminals.hpp"

namespace berth::cli {

class Context;
class WorkspaceLink;

class TerminalSession : public QObject {
  Q_OBJECT

 public:
  TerminalSession(Context* context, WorkspaceLink* link, std::optional<char> escape);
  ~TerminalSession() override;

  /// A new one; the exit code of its program, or what berthctl ends with (0 when detached).
  int run(client::Terminals::Start start);
  /// One that is there.
  int attach(const std::string& id);

 private:
  int show(client::Terminal* terminal, bool from_start);
  void typed();
  void output();
  void lostOrBack();
  void finish(int code);
  void ended();
  void tell(const QByteArray& line);

  Context* context_;
  WorkspaceLink* link_;
  client::Terminals* terminals_;
  client::Terminal* terminal_ = nullptr;
  EscapeKeys escape_;
  char escape_key_ = '~';
  std::unique_ptr<RawTerminal> raw_;
  std::unique_ptr<QSocketNotifier> keys_;
  ByteOutput out_;
  QEventLoop loop_;
  QTimer drop_;  // before a drop is worth a word
  bool told_ = false;
  std::optional<int> code_;
  std::optional<Error> problem_;
  bool detached_ = false;
};

}  // namespace berth::cli
