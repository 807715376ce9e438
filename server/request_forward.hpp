// SPDX-License-Identifier: GPL-3.0-or-later
// Where several servers share the work: requests about a workspace that another server looks after go there,
// and its answer comes back, both as bytes that nobody here reads. Connections to a workspace's runner need
// none of this: any server dials it.
#pragma once

#include <optional>
#include <string>

#include "server/http_session.hpp"
#include "server/server_keys.hpp"
#include "server/splice.hpp"

namespace berth::server {

/// The workspace that only the server which looks after it can answer for; "" for any other request, and for
/// what can't be a workspace's id: anybody may send that.
std::string divided_workspace(std::string_view method, std::string_view target);

/// Whether the body has to be read to know that: a new workspace may be made from another one.
bool body_names_workspace(std::string_view method, std::string_view target);

/// The workspace that it is made from; "" for none.
std::string divided_workspace_in_body(const std::string& body);

struct ForwardPlace {
  std::optional<StreamSocket> socket;  // to the other server; none: the request is answered here
  std::string replica;                 // of that server
};

/// Finds out who answers for the workspace, waiting for up to 12 s while it changes hands. Takes it over
/// where nobody has it: only for who is signed in. `forwarded`: the request came from another server already
/// and goes no further. unavailable; not_found is for the routes to say.
net::Task<Result<ForwardPlace>> find_place(Application& application, std::string workspace, bool forwarded);

/// Passes the request on, and the answer back; the connection ends with it, or when that server is taken for
/// dead. `body`: what was read of the body, all of it; nothing: it follows on the connection. `place` has a
/// socket.
net::Task<void> forward_request(Application& application, HttpConnection connection,
                                boost::beast::http::request_header<> request, std::optional<std::string> body,
                                ForwardPlace place);

/// Asks who listens at an address (GET /healthz) whether it is the server that is meant, before it is sent
/// anybody's credentials: an address may be somebody else's by now, or a wrong one. "<replica>.<nonce>".
inline constexpr const char* replica_header = "Berth-Replica";
/// The answer, which only servers with these keys know; "" from any other replica than the one that is meant.
std::string replica_proof(const ServerKeys& keys, std::string_view own_replica, std::string_view question);

/// Set on what one server passes to another.
inline constexpr const char* forwarded_header = "Berth-Forwarded";
/// And whose request it is: an address, and a proof that a server with these keys says so of this request.
inline constexpr const char* client_header = "Berth-Client-Address";
std::string client_header_value(const ServerKeys& keys, const boost::beast::http::request_header<>& request,
                                const std::string& address);
/// The address; "" where none is told, or anybody else says so.
std::string forwarded_client(const ServerKeys& keys, const boost::beast::http::request_header<>& request);

}  // namespace berth::server
