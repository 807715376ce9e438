// SPDX-License-Identifier: GPL-3.0-or-later
// Whom an address stands for, where somebody is counted by it.
#pragma once

#include <string>

namespace berth::server {

/// The address; of IPv6 its network of 64 bits, all of which one person has. An IPv4 address that is written
/// as one of IPv6 is that IPv4 address. What is no address stays as it is.
std::string network_of(const std::string& address);

}  // namespace berth::server
