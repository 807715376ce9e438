// SPDX-License-Identifier: GPL-3.0-or-later
// A session bus of the test's own.
#pragma once

#include <string>

#include "child.hpp"

namespace berth::test {

class SessionBus {
 public:
  /// Before anything speaks D-Bus: sets DBUS_SESSION_BUS_ADDRESS, XDG_DATA_HOME and XDG_RUNTIME_DIR below
  /// `folder`.
  explicit SessionBus(const std::string& folder);

 private:
  Child bus_;
};

}  // namespace berth::test
