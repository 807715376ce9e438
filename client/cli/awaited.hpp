// SPDX-License-Identifier: GPL-3.0-or-later
// A command reads from top to bottom: it waits for one answer after the other in an event loop.
#pragma once

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QEventLoop>
#include <QObject>
#include <QTimer>
#include <optional>

#include "client/core/reply.hpp"

namespace berth::cli {

/// `begin(context, done)` is a call of client/core; its answer. `cancelled` when the program is to end first.
template <class T, class Begin>
Result<T> awaited(Begin begin) {
  QObject context;
  QEventLoop loop;
  std::optional<Result<T>> answer;
  begin(&context, client::Reply<T>([&](Result<T> given) {
    answer = std::move(given);
    loop.quit();
  }));
  if (!answer) loop.exec();
  if (!answer) return failure(ErrorCode::cancelled, "Interrupted.");
  return std::move(*answer);
}

/// Until `condition` holds, looked at after each event; false after `milliseconds`.
template <class Condition>
bool wait_until(Condition condition, int milliseconds) {
  const QDeadlineTimer until(milliseconds);
  QTimer wake;  // for the deadline, and for what no event tells
  wake.start(50);
  while (!condition()) {
    if (until.hasExpired()) return false;
    QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
  }
  return true;
}

}  // namespace berth::cli
