// SPDX-License-Identifier: GPL-3.0-or-later
// A session bus and a real keyring of the test's own, unlocked; its secrets lie encrypted in a folder of the
// test's.
#pragma once

#include <string>

#include "child.hpp"

namespace berth::test {

class SecretService {
 public:
  /// Before anything speaks D-Bus: sets DBUS_SESSION_BUS_ADDRESS, XDG_DATA_HOME and XDG_RUNTIME_DIR below
  /// `folder`.
  explicit SecretService(std::string folder);

 private:
  Child bus_;
  Child keyring_;  // ends first
};

}  // namespace berth::test
