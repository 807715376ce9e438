// SPDX-License-Identifier: GPL-3.0-or-later
// A network of the test's own in place of the machine's: this process in a fresh network namespace as "the
// host", and beside it another machine with two private addresses.
#pragma once

#include <string>

#include "protocol/net/file_descriptor.hpp"

namespace berth::server::local {

class PrivateNetwork {
 public:
  static constexpr const char* own = "10.211.1.1";         // of "the host"
  static constexpr const char* neighbour = "10.211.1.2";   // of the other machine
  static constexpr const char* neighbour2 = "10.211.2.2";  // its other address, in another network

  /// Moves this process there for good, so it comes before everything else, and before root is given up.
  /// Throws where the kernel refuses.
  PrivateNetwork();

  /// Who connects to this port of the other machine reads "reached ADDRESS" and the end.
  int port() const { return port_; }

 private:
  net::FileDescriptor alive_;  // the other machine is there until this is closed
  int port_ = 0;
};

/// What one reads who connects from here, "" when that fails.
std::string read_from(const std::string& address, int port);

}  // namespace berth::server::local
