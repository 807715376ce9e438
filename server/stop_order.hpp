// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace berth::server {

/// Somebody wants a running workspace stopped, whichever server looks after it.
struct StopOrder {
  std::string workspace;
  std::string reason;    // for the person
  bool ordered = false;  // by an administrator, once; else it may not run as things are
  bool runs = false;     // or is between two states
};

}  // namespace berth::server
