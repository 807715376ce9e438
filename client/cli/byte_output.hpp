// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes to a file descriptor of this program, without the event loop ever waiting for whoever reads them.
#pragma once

#include <QByteArray>
#include <QObject>
#include <QSocketNotifier>
#include <deque>

namespace berth::cli {

class ByteOutput : public QObject {
  Q_OBJECT

 public:
  explicit ByteOutput(int descriptor, QObject* parent = nullptr);

  void write(QByteArray bytes);
  qsizetype waiting() const { return waiting_; }
  /// Nobody reads any more, or it can't be written.
  bool isBroken() const { return broken_; }

 Q_SIGNALS:
  void written(qsizetype bytes);
  void broken();

 private:
  void pump();

  int descriptor_;
  QSocketNotifier notifier_;
  std::deque<QByteArray> pieces_;
  qsizetype first_ = 0;  // bytes of the first piece that are written
  qsizetype waiting_ = 0;
  bool broken_ = false;
};

}  // namespace berth::cli
