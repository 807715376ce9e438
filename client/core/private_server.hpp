// SPDX-License-Identifier: GPL-3.0-or-later
// The process of a berthd that serves this program alone. It ends by itself, in order, once the pipe to its
// standard input is closed: by us, or by the kernel when this program is gone, however it went.
#pragma once

#include <QObject>
#include <QStringList>
#include <memory>

#include "protocol/error.hpp"
#include "protocol/net/file_descriptor.hpp"

class QSocketNotifier;

namespace berth::client {

class PrivateServer : public QObject {
  Q_OBJECT

 public:
  explicit PrivateServer(QObject* parent = nullptr);
  /// Lets go of it.
  ~PrivateServer() override;

  /// Starts it, in a session of its own: Ctrl+C in a terminal is not for it. What it logs is appended to
  /// `log`, which only its owner reads. Once.
  Result<void> start(const QString& program, const QStringList& arguments, const QString& log);
  bool runs() const { return process_ > 0; }
  /// Closes its input; `ended` may still follow.
  void letGo();
  /// What it logged since start(): the last sentence for a person that it ended with, "" where there is none.
  QString lastWords() const;

 Q_SIGNALS:
  /// One line that it printed.
  void line(const QString& text);
  void ended();

 private:
  void readLines();
  void reap();

  net::FileDescriptor input_;
  net::FileDescriptor output_;
  net::FileDescriptor handle_;  // becomes readable when the process ends
  std::unique_ptr<QSocketNotifier> lines_;
  std::unique_ptr<QSocketNotifier> end_;
  QByteArray text_;
  QString log_;
  qint64 log_begins_ = 0;
  int process_ = -1;
};

}  // namespace berth::client
