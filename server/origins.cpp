// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/origins.hpp"
#include "server/header_text.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

namespace berth::server {
namespace {

/// The host without its port: "[::1]:7070" → "[::1]".
std::string_view name_of(std::string_view host) {
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    return end == host.npos ? std::string_view{} : host.substr(0, end + 1);
  }
  return host.substr(0, host.rfind(':'));
}

bool is_address(std::string_view name) {
  if (name.starts_with('[')) name = name.substr(1, name.size() - 2);
  boost::system::error_code error;
  boost::asio::ip::make_address(name, error);
  return !error;
}

}  // namespace

Origins::Origins(std::string public_url, std::vector<std::string> cors) : cors_(std::move(cors)) {
  public_origin_ = ascii_lower(public_url);
  while (public_origin_.ends_with('/')) public_origin_.pop_back();
  https_ = public_origin_.starts_with("https://");
  if (const auto slashes = public_origin_.find("://"); slashes != public_origin_.npos)
    public_host_ = public_origin_.substr(slashes + 3);
  for (auto& origin : cors_) origin = ascii_lower(origin);
}

bool Origins::answers_for(std::string_view host) const {
  const std::string wanted = ascii_lower(host);
  if (wanted.empty()) return false;
  if (!public_host_.empty() && wanted == public_host_) return true;
  const auto name = name_of(wanted);
  return name == "localhost" || is_address(name);
}

bool Origins::is_own(std::string_view origin, std::string_view host) const {
  if (origin.empty() || !answers_for(host)) return false;
  return ascii_lower(origin) == ascii_lower(own_origin(host));
}

bool Origins::cors_allows(std::string_view origin) const {
  return std::ranges::find(cors_, ascii_lower(origin)) != cors_.end();
}

std::string Origins::own_origin(std::string_view host) const {
  const std::string wanted = ascii_lower(host);
  if (!public_host_.empty() && wanted == public_host_) return public_origin_;
  return "http://" + wanted;
}

}  // namespace berth::server
