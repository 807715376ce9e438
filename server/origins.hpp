// SPDX-License-Identifier: GPL-3.0-or-later
// Which hosts this server answers for, and which origins may change something through a browser.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace berth::server {

class Origins {
 public:
  /// `public_url` as configured ("https://ide.example.org"), or "" to answer for loopback names and IP
  /// literals only: then no DNS name can be rebound to this server. `cors` are further origins that may call
  /// with a bearer token.
  Origins(std::string public_url, std::vector<std::string> cors);

  bool https() const { return https_; }

  /// `host` is a Host header's value. A host that is not ours gets 421.
  bool answers_for(std::string_view host) const;

  /// True when `origin` (an Origin header's value) is this server's own, as seen through `host`.
  bool is_own(std::string_view origin, std::string_view host) const;

  bool cors_allows(std::string_view origin) const;

  /// "http://HOST" or the public URL: for links and redirects.
  std::string own_origin(std::string_view host) const;

 private:
  std::string public_origin_;
  std::string public_host_;
  std::vector<std::string> cors_;
  bool https_ = false;
};

}  // namespace berth::server
