// SPDX-License-Identifier: GPL-3.0-or-later
// An X server and a window manager of the test's own.
#pragma once

#include "child.hpp"

namespace berth::test {

class Display {
 public:
  /// Starts Xvfb on a free number and openbox on it; sets DISPLAY and Qt's platform.
  Display();

 private:
  Child server_;
  Child manager_;  // ends first
};

}  // namespace berth::test
