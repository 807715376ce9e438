// SPDX-License-Identifier: GPL-3.0-or-later
// An X server and a window manager of the test's own.
#pragma once

#include <sys/types.h>
#include <string>

namespace berth::test {

class Display {
 public:
  /// Starts Xvfb on a free number and openbox on it; sets DISPLAY and Qt's platform.
  Display();
  ~Display();
  Display(const Display&) = delete;
  Display& operator=(const Display&) = delete;

 private:
  pid_t server_ = -1;
  pid_t manager_ = -1;
};

}  // namespace berth::test
