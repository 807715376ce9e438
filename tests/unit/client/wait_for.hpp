// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the event loop until something is true, with a deadline; never sleeps past it.
#pragma once

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QEventLoop>

namespace berth::test {

template <class Condition>
bool wait_for(Condition condition, int milliseconds = 60'000) {
  QDeadlineTimer deadline(milliseconds);
  while (!condition()) {
    if (deadline.hasExpired()) return false;
    QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 20);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
  }
  return true;
}

}  // namespace berth::test
