// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/client_network.hpp"

#include <boost/asio/ip/network_v6.hpp>

namespace berth::server {

std::string network_of(const std::string& address) {
  namespace ip = boost::asio::ip;
  constexpr unsigned short prefix = 64;
  boost::system::error_code unknown;
  const auto parsed = ip::make_address(address, unknown);
  if (unknown || !parsed.is_v6() || parsed.is_loopback()) return address;
  const auto of_six = parsed.to_v6();
  if (of_six.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, of_six).to_string();
  return ip::network_v6(of_six, prefix).canonical().to_string();
}

}  // namespace berth::server
