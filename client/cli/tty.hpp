// SPDX-License-Identifier: GPL-3.0-or-later
// This machine's terminal and its signals.
#pragma once

#include <QObject>
#include <QSize>
#include <QSocketNotifier>
#include <initializer_list>
#include <memory>
#include <string>

namespace berth::cli {

/// Both standard input and standard output are a terminal.
bool has_terminal();
/// Columns × rows of standard output's terminal; 80 × 24 where it does not say.
QSize terminal_size();
/// A line from standard input; from a terminal without showing it, after `prompt`. At most `most` bytes.
std::string read_secret(const std::string& prompt, std::size_t most);
/// "yes" to a question on the terminal; false without one.
bool agreed(const std::string& question);

/// Keys come as they are typed, as long as it lives.
class RawTerminal {
 public:
  RawTerminal();
  ~RawTerminal();
  RawTerminal(const RawTerminal&) = delete;

 private:
  struct State;
  std::unique_ptr<State> before_;
};

/// Signals as events. One of these at a time.
class Signals : public QObject {
  Q_OBJECT

 public:
  explicit Signals(std::initializer_list<int> signals, QObject* parent = nullptr);
  ~Signals() override;

 Q_SIGNALS:
  void caught(int signal);

 private:
  std::vector<int> signals_;
  std::unique_ptr<QSocketNotifier> notifier_;
};

}  // namespace berth::cli
