// SPDX-License-Identifier: GPL-3.0-or-later
// Which requests the audit log tells of, and what; writing it. No secret comes in here: a line has the
// route's name, ids of its path, and what a handler put into its AuditNote.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "protocol/net/task.hpp"
#include "server/administration_store.hpp"
#include "server/clock.hpp"
#include "server/principal.hpp"

namespace berth::server {

/// What a handler adds to its line; empty fields are made from the request.
struct AuditNote {
  std::string actor, actor_email;  // who was signed in by the request
  std::string workspace;           // one that the request made
  std::string target;
  std::map<std::string, std::string> data;
  bool done = false;  // what was asked for, although the answer asks for another step
};

/// A request as the log sees it.
struct AuditedRequest {
  std::string_view route;   // name of its struct, "SignIn"
  std::string_view method;  // GET …
  std::string_view path;    // with its parameters' names, "/api/v1/workspaces/{id}/stop"
  protocol::rest::Access access{};
  std::string id, other;  // `{id}`, and the other parameter of the path
  std::string address;
  const Principal& principal;  // an empty account where nobody was signed in
  const AuditNote& note;
};

/// The line, but for its id and time; none for what is not told: reading, renewing a sign-in, and refusals
/// that say nothing about anybody. `failed`: nothing when it was done.
std::optional<AuditRecord> audit_record(const AuditedRequest& request, const Error* failed);

class AuditLog {
 public:
  AuditLog(AuditStore& store, boost::asio::thread_pool& pool, Clock clock);
  /// Writes how many of the last minute were left out.
  ~AuditLog();

  /// Durable when it returns; what the store does not take is in the server's log instead. Of refused
  /// requests from one address no more than some a minute are written: anybody can send those. How many were
  /// left out is a line of its own ("LeftOut"), with the first that is written after that minute.
  net::Task<void> write(AuditRecord record);

 private:
  bool too_many(const AuditRecord& record);
  /// Lines for what was left out, once its minute is over, or at the end.
  std::vector<AuditRecord> left_out(bool at_the_end);
  void append(const AuditRecord& record);

  AuditStore& store_;
  boost::asio::thread_pool& pool_;
  Clock clock_;
  std::mutex mutex_;  // guards what follows
  std::int64_t minute_ = 0;
  std::unordered_map<std::string, int> refused_;  // by address, this minute
};

}  // namespace berth::server
