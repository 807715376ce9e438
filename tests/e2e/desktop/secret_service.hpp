// SPDX-License-Identifier: GPL-3.0-or-later
// A real keyring of the test's own, unlocked; its secrets lie encrypted in a folder of the test's.
#pragma once

#include "child.hpp"

namespace berth::test {

class SecretService {
 public:
  /// On the bus of this process (SessionBus).
  SecretService();

 private:
  Child keyring_;
};

}  // namespace berth::test
