// SPDX-License-Identifier: GPL-3.0-or-later
#include "display.hpp"

#include <cstdio>
#include <cstdlib>

namespace berth::test {

Display::Display() {
  const char* const server[] = {"Xvfb",      "-displayfd", "3",    "-screen", "0",    "1600x1000x24",
                                "-nolisten", "tcp",        "-dpi", "96",      nullptr};
  server_ = Child(server, "");
  const auto number = server_.line();
  if (number.empty()) {
    std::fprintf(stderr, "Xvfb did not start.\n");
    std::exit(2);
  }
  setenv("DISPLAY", (":" + number).c_str(), 1);
  setenv("QT_QPA_PLATFORM", "xcb", 1);
  const char* const manager[] = {"openbox", nullptr};
  manager_ = Child(manager, "");
}

}  // namespace berth::test
