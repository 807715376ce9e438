// SPDX-License-Identifier: GPL-3.0-or-later
// A program that a test starts beside itself: it dies with the test, and its output says when it is ready.
#pragma once

#include <sys/types.h>
#include <string>

namespace berth::test {

class Child {
 public:
  /// Nothing is started.
  Child() = default;
  /// `arguments`: the program and its arguments, nullptr last; `input` is all that it can read. Its output is
  /// dropped, but for the lines that it writes to file descriptor 3.
  Child(const char* const* arguments, const std::string& input);
  ~Child() { end(); }
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;

  /// Waits up to 15 s for the next line on file descriptor 3; empty when none came. The next one may only be
  /// written once this one was read.
  std::string line();
  /// SIGTERM, and waits.
  void end();
  /// SIGKILL, and waits.
  void kill();
  bool started() const { return process_ > 0; }

 private:
  pid_t process_ = -1;
  int lines_ = -1;
};

}  // namespace berth::test
