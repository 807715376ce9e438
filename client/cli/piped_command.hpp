// SPDX-License-Identifier: GPL-3.0-or-later
// A command in the workspace with this program's pipes: bytes of its standard output and error apart and
// unchanged, its input to the end, its exit status. Over two terminals of the workspace (exec_script.hpp).
#pragma once

#include <QEventLoop>
#include <QObject>
#include <QSocketNotifier>
#include <QTimer>
#include <memory>
#include <optional>

#include "client/cli/byte_output.hpp"
#include "client/cli/exec_script.hpp"
#include "client/core/terminals.hpp"

namespace berth::cli {

class WorkspaceLink;

class PipedCommand : public QObject {
  Q_OBJECT

 public:
  struct Choice {
    std::vector<std::string> command;
    std::map<std::string, std::string> environment;
    std::string directory;  // below home; "" is the project
    bool input = true;      // standard input is passed on; else it is empty
  };
  PipedCommand(WorkspaceLink* link, Choice choice);
  ~PipedCommand() override;

  /// The command's exit status (128 + n where a signal ended it).
  Result<int> run();

 private:
  /// One of the two terminals, and where its bytes go.
  struct Stream {
    explicit Stream(int descriptor) : out(descriptor) {}
    ByteOutput out;
    client::Terminal* terminal = nullptr;
    std::string begin;  // what came before it was ready
    bool ready = false;
    bool ended = false;
  };

  void open(Stream& stream, const std::string& script, const QString& title);
  void attach(Stream& stream, client::Terminal* terminal);
  void receive(Stream& stream);
  void readied(Stream& stream);
  void endedOf(Stream& stream);
  void read();
  void interrupt(int signal);
  void fail(ErrorCode code, const std::string& message);
  void settle();

  WorkspaceLink* link_;
  Choice choice_;
  std::string name_;
  ExecScripts scripts_;
  client::Terminals* terminals_;
  Stream errors_, output_;
  std::unique_ptr<QSocketNotifier> input_;
  QEventLoop loop_;
  std::optional<Result<int>> end_;
  int interrupts_ = 0;
};

}  // namespace berth::cli
