// SPDX-License-Identifier: GPL-3.0-or-later
// A terminal's output as the lines that a person reads: without colours and other sequences, a line that was
// written over as it ended. Shells with integration also tell their directory (OSC 7) and when a command
// begins (OSC 133;C).
#pragma once

#include <QByteArray>
#include <QString>
#include <functional>

namespace berth::client {

class TerminalLines {
 public:
  struct Sink {
    std::function<void(const QString& line)> line;
    std::function<void(const QString& absolute)> directory;
    std::function<void()> command;
  };
  explicit TerminalLines(Sink sink) : sink_(std::move(sink)) {}

  /// Pieces may be cut anywhere. Of a line no more than 4 KiB are kept, of a sequence 1 KiB.
  void feed(const QByteArray& bytes);
  void reset();

 private:
  enum class State { text, escape, skip_one, csi, string, string_escape };
  void onText(char byte);
  void endString();

  Sink sink_;
  State state_ = State::text;
  bool is_osc_ = false;
  bool returned_ = false;  // a carriage return, and what follows writes over the line
  QByteArray line_;
  QByteArray string_;
};

}  // namespace berth::client
