// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/cli/byte_output.hpp"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace berth::cli {

// The descriptor stays as it was given: others (a shell, a pipe's other users) share its flags. So no more is
// written at a time than a pipe that is ready takes whole.
ByteOutput::ByteOutput(int descriptor, QObject* parent)
    : QObject(parent), descriptor_(descriptor), notifier_(descriptor, QSocketNotifier::Write) {
  notifier_.setEnabled(false);
  connect(&notifier_, &QSocketNotifier::activated, this, &ByteOutput::pump);
}

void ByteOutput::write(QByteArray bytes) {
  if (bytes.isEmpty() || broken_) return;
  waiting_ += bytes.size();
  pieces_.push_back(std::move(bytes));
  notifier_.setEnabled(true);
}

void ByteOutput::pump() {
  qsizetype done = 0;
  while (!pieces_.empty()) {
    pollfd ready{descriptor_, POLLOUT, 0};
    if (::poll(&ready, 1, 0) != 1) break;
    const auto& piece = pieces_.front();
    const auto size = std::min<qsizetype>(piece.size() - first_, PIPE_BUF);
    const auto written = ::write(descriptor_, piece.constData() + first_, static_cast<std::size_t>(size));
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) break;
    if (written < 0) {
      broken_ = true;
      pieces_.clear();
      waiting_ = 0;
      notifier_.setEnabled(false);
      return Q_EMIT broken();
    }
    done += written;
    first_ += written;
    if (first_ == piece.size()) {
      pieces_.pop_front();
      first_ = 0;
    }
  }
  waiting_ -= done;
  if (pieces_.empty()) notifier_.setEnabled(false);
  if (done > 0) Q_EMIT written(done);
}

}  // namespace berth::cli
