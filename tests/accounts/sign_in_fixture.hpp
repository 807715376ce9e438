// SPDX-License-Identifier: GPL-3.0-or-later
// Programs to sign in with (openid/), and a browser without a screen: cookies as a real one keeps and sends
// them, and redirects one by one, so that a test may meddle with each.
#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <optional>

#include "protocol/net/file_descriptor.hpp"
#include "tests/integration/server/berthd_process.hpp"

namespace berth::server::testing {

/// A program of openid/; ended with the object.
class NodeProgram {
 public:
  explicit NodeProgram(const std::string& file, std::vector<std::string> arguments = {});
  ~NodeProgram();
  NodeProgram(const NodeProgram&) = delete;
  /// The ports that it printed.
  std::uint16_t port(std::size_t which = 0) const { return ports_.at(which); }
  std::string origin() const { return "http://localhost:" + std::to_string(port()); }
  /// A request to its control port; what it answers.
  protocol::Json control(const std::string& target, const protocol::Json& body = nullptr,
                         std::size_t which = 0) const;

 private:
  pid_t pid_ = -1;
  net::FileDescriptor output_;  // open to the end: whoever writes to nobody is killed by it
  std::vector<std::uint16_t> ports_;
};

class Browser {
 public:
  /// A navigation by the person, or from another site, with which strict cookies are not sent.
  Reply go(const std::string& url, bool from_elsewhere = false);
  /// What a page of this origin asks for.
  Reply ask(const std::string& method, const std::string& url, const protocol::Json& body = nullptr,
            const std::string& origin = {});
  /// Follows redirects from `reply` until one leads to `stop` (the begin of an address) or there is none;
  /// gives where that leads.
  std::string follow(std::string location, const std::function<bool(const std::string&)>& stop);

  std::string cookie(const std::string& name) const;
  void forget_cookies() { cookies_.clear(); }
  void set_cookie(const std::string& name, const std::string& value);
  std::string login;  // who clicks at the provider

 private:
  struct Cookie {
    std::string value, path = "/";
    bool strict = false;
  };
  Reply send(const std::string& method, const std::string& url, Fields fields, const std::string& body,
             bool from_elsewhere);
  void keep(const Reply& reply);
  std::map<std::string, Cookie> cookies_;  // of localhost: browsers don't tell ports apart
};

/// The value of a query's parameter, decoded; "" when absent.
std::string parameter(const std::string& url, const std::string& name);

/// A file of options for berthd: `tables` are [[identity_providers]].
std::filesystem::path write_options(const DataPlace& place, const std::string& tables);
std::string provider_table(const std::string& id, const std::string& issuer, const std::string& more = {});

/// Until `condition` or 20 s; true when it came.
bool in_time(const std::function<bool()>& condition);

/// A mail's text, decoded, and the first address of this server in it.
std::string mail_text(const std::string& message);
std::string link_in(const std::string& text);
/// Mails to this address so far; waits for `count` of them.
std::vector<protocol::Json> mails_to(const NodeProgram& sink, const std::string& address, std::size_t count);

}  // namespace berth::server::testing
