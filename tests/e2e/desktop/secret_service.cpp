// SPDX-License-Identifier: GPL-3.0-or-later
#include "secret_service.hpp"

namespace berth::test {

SecretService::SecretService() {
  const char* const keyring[] = {"gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets",
                                 nullptr};
  keyring_ = Child(keyring, "a password of the keyring's");
}

}  // namespace berth::test
