// SPDX-License-Identifier: GPL-3.0-or-later
// Whose request it is that another server passes on: told by a server, never by a client.
#include <boost/beast/http/message.hpp>

#include "harness.hpp"
#include "server/request_forward.hpp"

namespace berth::server {
namespace {

namespace http = boost::beast::http;

class ForwardedClient : public ::testing::Test {
 protected:
  ServerKeys keys = derive_server_keys({1});
  static http::request_header<> request(const std::string& target, const std::string& told) {
    http::request_header<> header;
    header.method(http::verb::put);
    header.target(target);
    if (!told.empty()) header.set(client_header, told);
    return header;
  }
  std::string told(const std::string& address, const std::string& target = "/api/v1/workspaces/w") const {
    return client_header_value(keys, request(target, {}), address);
  }
};

TEST_F(ForwardedClient, IsBelievedOfAServerWithTheSameKeys) {
  EXPECT_EQ(forwarded_client(keys, request("/api/v1/workspaces/w", told("192.0.2.7"))), "192.0.2.7");
  EXPECT_EQ(forwarded_client(keys, request("/api/v1/workspaces/w", told("2001:db8::1"))), "2001:db8::1");
}

TEST_F(ForwardedClient, IsNobodyElsesToSay) {
  const std::string target = "/api/v1/workspaces/w";
  EXPECT_EQ(forwarded_client(keys, request(target, {})), "");
  EXPECT_EQ(forwarded_client(keys, request(target, "192.0.2.7")), "");
  EXPECT_EQ(forwarded_client(keys, request(target, "192.0.2.7 ")), "");
  EXPECT_EQ(forwarded_client(keys, request(target, "192.0.2.7 guess")), "");
  auto other = told("192.0.2.7");
  EXPECT_EQ(forwarded_client(keys, request(target, "192.0.2.8" + other.substr(other.find(' ')))), "");
  EXPECT_EQ(forwarded_client(keys, request("/api/v1/workspaces/x", other)), "") << "of another request";
  EXPECT_EQ(forwarded_client(derive_server_keys({2}), request(target, other)), "");
}

}  // namespace
}  // namespace berth::server
