// SPDX-License-Identifier: GPL-3.0-or-later
// Where several servers share the work: requests about a workspace that another server looks after go there,
// and its answer comes back, both as bytes that nobody here reads. Connections to a workspace's runner need
// none of this: any server dials it.
#pragma once

#include <optional>
#include <string>

#include "server/http_session.hpp"
#include "server/splice.hpp"

namespace berth::server {

/// The workspace that only the server which looks after it can answer for; "" for any other request, and for
/// what can't be a workspace's id: anybody may send that.
std::string divided_workspace(std::string_view method, std::string_view target);

/// As that, of a new workspace made from another one: its body names that.
std::string divided_workspace_in_body(std::string_view method, std::string_view target,
                                      const std::string& body);

struct ForwardPlace {
  std::optional<StreamSocket> socket;  // to the other server; none: the request is answered here
};

/// Finds out who answers for the workspace, waiting for up to 12 s while it changes hands. Takes it over
/// where nobody has it. `forwarded`: the request came from another server already and goes no further.
/// unavailable; not_found is for the routes to say.
net::Task<Result<ForwardPlace>> find_place(Application& application, std::string workspace, bool forwarded);

/// Passes the request on, and the answer back; the connection ends with it. `body`: what was read of the
/// body, all of it; nothing: it follows on the connection.
net::Task<void> forward_request(Application& application, HttpConnection connection,
                                boost::beast::http::request_header<> request, std::optional<std::string> body,
                                StreamSocket place);

/// Set on what one server passes to another.
inline constexpr const char* forwarded_header = "Berth-Forwarded";

}  // namespace berth::server
