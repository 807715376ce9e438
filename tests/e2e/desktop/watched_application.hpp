// SPDX-License-Identifier: GPL-3.0-or-later
// How long the GUI thread slept while it handled an event: time that passed, less its own work, less what the
// machine made it wait for a processor. A handler that waits for the network sleeps; a busy machine does not
// make one seem to.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <QApplication>
#include <array>
#include <chrono>
#include <cstdlib>
#include <string>

#include "client/desktop/application.hpp"

namespace berth::test {

class WatchedApplication : public QApplication {
 public:
  using QApplication::QApplication;

  bool notify(QObject* receiver, QEvent* event) override {
    if (depth_ > 0) return QApplication::notify(receiver, event);
    const std::string told = std::string(receiver->metaObject()->className()) + ", event " +
                             std::to_string(static_cast<int>(event->type()));
    const auto wall = std::chrono::steady_clock::now();
    const auto busy = busyOrWaiting();
    ++depth_;
    const bool handled = QApplication::notify(receiver, event);
    --depth_;
    const auto slept = std::chrono::steady_clock::now() - wall - (busyOrWaiting() - busy);
    if (slept > longest_) {
      longest_ = slept;
      longest_in_ = told;
    }
    return handled;
  }

  std::chrono::milliseconds longestSleep() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(longest_);
  }
  const std::string& longestIn() const { return longest_in_; }
  void beginAnew() { longest_ = {}; }

 private:
  /// Of this thread so far: on a processor, and ready to be on one.
  std::chrono::nanoseconds busyOrWaiting() const {
    std::array<char, 128> text{};
    const auto size = ::pread(statistics_, text.data(), text.size() - 1, 0);
    if (size <= 0) return {};
    char* rest = nullptr;
    const auto busy = std::strtoll(text.data(), &rest, 10);
    return std::chrono::nanoseconds(busy + std::strtoll(rest, nullptr, 10));
  }

  int statistics_ = ::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  int depth_ = 0;
  std::chrono::nanoseconds longest_{};
  std::string longest_in_;
};

}  // namespace berth::test
