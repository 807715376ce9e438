// SPDX-License-Identifier: GPL-3.0-or-later
#include "session_bus.hpp"

#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>

namespace berth::test {

SessionBus::SessionBus(const std::string& folder) {
  for (const auto& [name, path] :
       {std::pair("XDG_DATA_HOME", folder + "/data"), std::pair("XDG_RUNTIME_DIR", folder + "/runtime")}) {
    mkdir(path.c_str(), 0700);
    setenv(name, path.c_str(), 1);
  }
  const char* const bus[] = {"dbus-daemon", "--session",         "--nofork",
                             "--nopidfile", "--print-address=3", nullptr};
  bus_ = Child(bus, "");
  const auto address = bus_.line();
  if (address.empty()) {
    std::fprintf(stderr, "dbus-daemon did not start.\n");
    std::exit(2);
  }
  setenv("DBUS_SESSION_BUS_ADDRESS", address.c_str(), 1);
}

}  // namespace berth::test
