// SPDX-License-Identifier: GPL-3.0-or-later
// The gateway: from a client's authorised upgrade to its workspace's runner. Authorises, dials anew, splices;
// holds no session state and parses no frame.
#pragma once

#include <memory>
#include <string>

#include "server/http_session.hpp"

namespace berth::server {

struct Application;

class Gateway : public UpgradeHandler {
 public:
  explicit Gateway(Application& application) : application_(application) {}
  net::Task<void> handle_upgrade(HttpConnection connection, boost::beast::http::request_header<> request,
                                 std::string workspace) override;

 private:
  struct Admission;
  net::Task<Result<Admission>> admit(const boost::beast::http::request_header<>& request,
                                     const std::string& workspace);

  Application& application_;
};

}  // namespace berth::server
